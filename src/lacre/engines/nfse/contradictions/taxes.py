"""Taxes that are withheld, and those of the union: who says them, and what goes with them."""

from __future__ import annotations

from decimal import Decimal

from lacre.engines.nfse.contradictions.issuer import is_mei, is_special, is_taxable, withholds
from lacre.engines.nfse.contradictions.rule import Rule
from lacre.fiscal.note import Note, Withheld
from lacre.fiscal.persons import Address, Person
from lacre.kit.tax_ids import is_cnpj


def _without_base(note: Note) -> bool:
    return note.federal is not None and note.federal.cst in ("00", "08", "09")


def _with_base(note: Note) -> bool:
    return note.federal is not None and bool(note.federal.cst) and not _without_base(note)


def _base_amiss(note: Note) -> bool:
    return _without_base(note) and note.federal is not None and note.federal.base is not None


def _pis_amiss(note: Note) -> bool:
    federal = note.federal
    if federal is None or not _with_base(note):
        return False
    return federal.base is None or federal.pis_rate is None or federal.cofins_rate is None


def _more_than_the_service(note: Note) -> bool:
    federal, service = note.federal, note.amounts.service
    if federal is None:
        return False
    kept = (federal.withheld_social_security, federal.withheld_income_tax, federal.withheld_csll)
    return sum((one for one in kept if one is not None), Decimal(0)) > service


def _withholds_from_nowhere(note: Note, by: Withheld, person: Person | None) -> bool:
    """Who is not named at all is asked for elsewhere."""
    return note.iss.withheld is by and person is not None and not isinstance(person.address, Address)


_NOWHERE = "Who withholds ISS has an address in Brazil: give all of it."
RULES: tuple[Rule, ...] = (
    Rule(
        published="E0237",
        field="customer.address",
        code="required",
        text=_NOWHERE,
        broken=lambda note: _withholds_from_nowhere(note, Withheld.BY_CUSTOMER, note.customer),
    ),
    Rule(
        published="E0293",
        field="intermediary.address",
        code="required",
        text=_NOWHERE,
        broken=lambda note: _withholds_from_nowhere(note, Withheld.BY_INTERMEDIARY, note.intermediary),
    ),
    Rule(
        published="E0580",
        field="iss.withheld",
        text="Only taxable ISS can be withheld.",
        broken=lambda note: withholds(note) and not is_taxable(note),
    ),
    Rule(
        published="E0583",
        field="iss.withheld",
        text="Nobody withholds an MEI's ISS.",
        broken=lambda note: withholds(note) and is_mei(note),
    ),
    Rule(
        published="E0588",
        field="iss.withheld",
        text="Nobody withholds the ISS of who has a special regime.",
        broken=lambda note: withholds(note) and is_special(note),
    ),
    Rule(
        published="E0675",
        field="federal",
        text="A person (CPF) says no federal taxes.",
        broken=lambda note: note.federal is not None and not is_cnpj(note.provider.tax_id),
    ),
    Rule(
        published="E0676",
        field="federal",
        text="An MEI says no federal taxes.",
        broken=lambda note: note.federal is not None and is_mei(note),
    ),
    Rule(
        published="E0678",
        field="federal",
        code="required",
        text="With this CST say base, pis_rate and cofins_rate.",
        broken=_pis_amiss,
    ),
    Rule(
        published="E0682",
        field="federal.base",
        text="CST 00, 08 and 09 have no base.",
        broken=_base_amiss,
    ),
    Rule(
        published="E0698",
        field="federal.withheld_kind",
        code="required",
        text="With this CST say who keeps PIS, COFINS and CSLL: 0 nobody, 1 to 9 as the layout has it.",
        broken=lambda note: _with_base(note) and note.federal is not None and not note.federal.withheld_kind,
    ),
    Rule(
        published="E0428",
        field="federal",
        text="No more is withheld than the service costs.",
        broken=_more_than_the_service,
    ),
)
