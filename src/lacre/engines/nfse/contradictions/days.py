"""Which days a note may be of, as the Sefin counts them: in Brasília."""

from __future__ import annotations

from lacre.engines.nfse.contradictions.rule import Rule
from lacre.engines.nfse.form import BRASILIA
from lacre.fiscal.note import Note


def _is_to_come(note: Note) -> bool:
    return note.competence_on > note.issued_at.astimezone(BRASILIA).date()


RULES: tuple[Rule, ...] = (
    Rule(
        published="E0015",
        field="competence_on",
        text="A note is not of a day after the one that it is issued on.",
        broken=_is_to_come,
    ),
)
