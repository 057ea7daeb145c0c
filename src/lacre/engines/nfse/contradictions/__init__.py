"""What a note must not say together, or not without something else, by the published rules (ANEXO I).

Refused here, before a number is taken; the Sefin would refuse each of them by its code.
"""

from __future__ import annotations

from collections.abc import Iterator

from lacre.engines.nfse.contradictions import abroad, amounts, days, services, taxes
from lacre.engines.nfse.contradictions.documents import of_documents
from lacre.engines.nfse.contradictions.rule import Rule
from lacre.engines.nfse.wording import problem
from lacre.fiscal.note import Note
from lacre.fiscal.ports import Problem

RULES: tuple[Rule, ...] = (*days.RULES, *services.RULES, *amounts.RULES, *taxes.RULES, *abroad.RULES)


def contradictions(note: Note) -> Iterator[Problem]:
    for rule in RULES:
        if rule.broken(note):
            yield problem(rule.field, rule.text, code=rule.code, published=rule.published)
    yield from of_documents(note)
