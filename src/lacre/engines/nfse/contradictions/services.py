"""Works and events: which services have them, and where they are."""

from __future__ import annotations

from lacre.engines.nfse.contradictions.rule import Rule, known_by_one
from lacre.fiscal.note import Note
from lacre.fiscal.particulars import Site

WITH_WORKS = frozenset(
    "070201 070202 070401 070501 070502 070601 070602 070701 070801 071701 071901".split()  # noqa: SIM905
)
MAY_HAVE_WORKS = WITH_WORKS | {"141403", "141404", "990101"}
"""The second list has grown since the first was published: whether they must, the Sefin says."""
OCCASIONS, NO_ISS = "12", "990101"


def _site_differs(site: Site | None, note: Note) -> bool:
    """A city and a region are said abroad, and only there; in Brazil they are the service's own."""
    if site is None:
        return False
    if note.service.country:
        return not (site.city and site.region)
    return bool(site.city or site.region)


def _works_known_amiss(note: Note) -> bool:
    works = note.works
    return works is not None and not known_by_one(works.code, works.cib, works.site)


def _occasion_known_amiss(note: Note) -> bool:
    occasion = note.occasion
    return occasion is not None and not known_by_one(occasion.code, occasion.site)


RULES: tuple[Rule, ...] = (
    Rule(
        published="E0370",
        field="works",
        code="required",
        text="This service is done on works: say which, by code, cib or site.",
        broken=lambda note: note.service.national_code in WITH_WORKS and note.works is None,
    ),
    Rule(
        published="E0372",
        field="works",
        text="This service knows no works: leave them out, or correct its code.",
        broken=lambda note: note.works is not None and note.service.national_code not in MAY_HAVE_WORKS,
    ),
    Rule(field="works", text="Say one of code, cib and site.", broken=_works_known_amiss),
    Rule(
        published="E0384",
        field="works.site",
        text="Works abroad have a city and a region; those in Brazil are where the service is rendered.",
        broken=lambda note: note.works is not None and _site_differs(note.works.site, note),
    ),
    Rule(
        published="E0390",
        field="occasion",
        code="required",
        text="Services of item 12 are for an event: say which.",
        broken=lambda note: note.service.national_code.startswith(OCCASIONS) and note.occasion is None,
    ),
    Rule(
        published="E0392",
        field="occasion",
        text="Only services of item 12 are for an event: leave it out, or correct the code.",
        broken=lambda note: (
            note.occasion is not None
            and not note.service.national_code.startswith(OCCASIONS)
            and note.service.national_code != NO_ISS
        ),
    ),
    Rule(field="occasion", text="Say one of code and site.", broken=_occasion_known_amiss),
    Rule(
        field="occasion.ends_on",
        text="An event ends on the day that it begins, or later.",
        broken=lambda note: note.occasion is not None and note.occasion.ends_on < note.occasion.starts_on,
    ),
    Rule(
        published="E0402",
        field="occasion.site",
        text="An event abroad has a city and a region; one in Brazil is where the service is rendered.",
        broken=lambda note: note.occasion is not None and _site_differs(note.occasion.site, note),
    ),
)
