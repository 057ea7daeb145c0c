"""Deductions, suspensions and benefits: who has them, and what they exclude."""

from __future__ import annotations

from lacre.engines.nfse.contradictions.issuer import is_mei, is_special, is_taxable, withholds
from lacre.engines.nfse.contradictions.rule import Rule
from lacre.fiscal.note import Amounts, Note
from lacre.fiscal.persons import SimplesNacional

_DEDUCTED_IN_SIMPLES = ("0601", "0602", "0702", "0705")
_MOST_DOCUMENTS = 1000


def _deducts(note: Note) -> bool:
    amounts = note.amounts
    return bool(amounts.deduction or amounts.deduction_rate is not None or amounts.documents)


def _deducts_twice(note: Note) -> bool:
    amounts = note.amounts
    said = (amounts.deduction, amounts.deduction_rate is not None, amounts.documents)
    return sum(bool(one) for one in said) > 1


def _deducts_in_simples(note: Note) -> bool:
    provider, service = note.provider, note.service.national_code
    by_simples = provider.simples is SimplesNacional.ME_EPP and provider.simples_regime == "1"
    return by_simples and _deducts(note) and not service.startswith(_DEDUCTED_IN_SIMPLES)


def _rate_is_none(amounts: Amounts) -> bool:
    rate = amounts.deduction_rate
    return rate is not None and not 0 < rate <= 100


def _benefits_twice(note: Note) -> bool:
    benefit = note.iss.benefit
    return benefit is not None and benefit.amount is not None and benefit.rate is not None


RULES: tuple[Rule, ...] = (
    Rule(
        field="amounts.deduction",
        text="Say a deduction as an amount, as a rate, or by documents.",
        broken=_deducts_twice,
    ),
    Rule(
        published="E0435",
        field="amounts.deduction",
        text="Without taxable ISS nothing is deducted.",
        broken=lambda note: _deducts(note) and not is_taxable(note),
    ),
    Rule(
        published="E0436",
        field="amounts.deduction",
        text="An MEI deducts nothing.",
        broken=lambda note: _deducts(note) and is_mei(note),
    ),
    Rule(
        published="E0437",
        field="amounts.deduction",
        text="While ISS is suspended nothing is deducted.",
        broken=lambda note: _deducts(note) and note.iss.suspension is not None,
    ),
    Rule(
        published="E0438",
        field="amounts.deduction",
        text="Who has a special regime deducts nothing.",
        broken=lambda note: _deducts(note) and is_special(note),
    ),
    Rule(
        published="E0442",
        field="amounts.deduction",
        text="An ME/EPP that pays ISS in Simples deducts only from services 06.01, 06.02, 07.02 and 07.05.",
        broken=_deducts_in_simples,
    ),
    Rule(
        published="E0453",
        field="amounts.deduction_rate",
        text="A deduction is more than 0 and at most 100 percent.",
        broken=lambda note: _rate_is_none(note.amounts),
    ),
    Rule(
        field="amounts.documents",
        text="A note deducts a thousand documents at most.",
        broken=lambda note: len(note.amounts.documents) > _MOST_DOCUMENTS,
    ),
    Rule(
        published="E0585",
        field="iss.suspension",
        text="Only taxable ISS can be suspended.",
        broken=lambda note: note.iss.suspension is not None and not is_taxable(note),
    ),
    Rule(
        published="E0589",
        field="iss.withheld",
        text="While ISS is suspended nobody withholds it.",
        broken=lambda note: note.iss.suspension is not None and withholds(note),
    ),
    Rule(
        published="E0606",
        field="iss.rate",
        text="While ISS is suspended its rate is not said.",
        broken=lambda note: note.iss.suspension is not None and note.iss.rate is not None,
    ),
    Rule(field="iss.benefit", text="Say a benefit's amount or its rate.", broken=_benefits_twice),
    Rule(
        published="E0533",
        field="iss.benefit",
        text="Only taxable ISS has a benefit.",
        broken=lambda note: note.iss.benefit is not None and not is_taxable(note),
    ),
    Rule(
        published="E0534",
        field="iss.benefit",
        text="An MEI has no municipal benefit.",
        broken=lambda note: note.iss.benefit is not None and is_mei(note),
    ),
    Rule(
        published="E0535",
        field="iss.benefit",
        text="Who has a special regime has no municipal benefit.",
        broken=lambda note: note.iss.benefit is not None and is_special(note),
    ),
    Rule(
        published="E0538",
        field="iss.benefit",
        text="While ISS is suspended there is no municipal benefit.",
        broken=lambda note: note.iss.benefit is not None and note.iss.suspension is not None,
    ),
)
