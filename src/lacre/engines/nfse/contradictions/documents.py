"""Documents that are deducted, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lacre.engines.nfse.contradictions.abroad import no_reason
from lacre.engines.nfse.contradictions.rule import known_by_one
from lacre.engines.nfse.wording import problem
from lacre.fiscal.note import Note
from lacre.fiscal.particulars import DeductedDocument
from lacre.fiscal.persons import Address, ForeignAddress, ForeignTaxId
from lacre.fiscal.ports import Problem

Says: TypeAlias = Callable[[DeductedDocument, Note], bool]


@dataclass(frozen=True, kw_only=True)
class DocumentRule:
    """`field` is within the document."""

    published: str = ""
    field: str = ""
    text: str
    broken: Says


def of_documents(note: Note) -> Iterator[Problem]:
    for place, document in enumerate(note.amounts.documents):
        for rule in RULES:
            if rule.broken(document, note):
                where = ".".join(filter(None, ("amounts.documents", str(place), rule.field)))
                yield problem(where, rule.text, code="contradictory", published=rule.published)


def _keyed(one: DeductedDocument) -> bool:
    return bool(one.nfse_key or one.nfe_key)


def _known_amiss(one: DeductedDocument, _note: Note) -> bool:
    by_number = (one.municipal_note, one.paper_note, one.fiscal_number, one.other_number)
    return not known_by_one(one.nfse_key, one.nfe_key, *by_number)


def _supplier_nowhere(one: DeductedDocument, _note: Note) -> bool:
    supplier = one.supplier
    if supplier is None:
        return False
    expected = ForeignAddress if isinstance(supplier.tax_id, ForeignTaxId) else Address
    return not isinstance(supplier.address, expected)


RULES: tuple[DocumentRule, ...] = (
    DocumentRule(
        text="Say one of nfse_key, nfe_key, municipal_note, paper_note, fiscal_number and other_number.",
        broken=_known_amiss,
    ),
    DocumentRule(
        published="E0468",
        field="description",
        text="Describe a deduction of kind 99.",
        broken=lambda one, _: one.kind == "99" and not one.description.strip(),
    ),
    DocumentRule(
        published="E0470",
        field="description",
        text="Only a deduction of kind 99 is described.",
        broken=lambda one, _: one.kind != "99" and bool(one.description),
    ),
    DocumentRule(
        published="E0472",
        field="issued_on",
        text="A document is not issued after the day that the note is of.",
        broken=lambda one, note: one.issued_on > note.competence_on,
    ),
    DocumentRule(
        published="E0474",
        field="deducted",
        text="No more is deducted than is deductible.",
        broken=lambda one, _: one.deducted > one.deductible,
    ),
    DocumentRule(
        published="E0477",
        field="supplier",
        text="Name the supplier: only the keys of an NFS-e and of an NF-e say who it was.",
        broken=lambda one, _: one.supplier is None and not _keyed(one),
    ),
    DocumentRule(
        published="E0490",
        field="supplier.tax_id",
        text="Say the supplier's foreign number, or why there is none: 1 exempt, 2 not required.",
        broken=lambda one, _: no_reason(one.supplier),
    ),
    DocumentRule(
        published="E0492",
        field="supplier.address",
        text="Give the supplier's whole address.",
        broken=_supplier_nowhere,
    ),
)
