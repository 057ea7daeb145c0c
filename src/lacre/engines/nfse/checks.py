"""What is wrong with a note, told in our words before the schema tells it in its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from lacre.engines.nfse.contradictions import contradictions
from lacre.engines.nfse.form import line, paragraphs
from lacre.engines.nfse.letters import KEY
from lacre.engines.nfse.wording import problem
from lacre.fiscal.note import Amounts, Cancellation, FederalTaxes, Iss, IssKind, Note, Withheld
from lacre.fiscal.persons import Address, ForeignAddress, Person, SimplesNacional
from lacre.fiscal.ports import Problem
from lacre.kit.countries import is_country
from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf

_CODES: Mapping[str, frozenset[str]] = {
    "provider.simples_regime": frozenset("123"),
    "provider.special_regime": frozenset("01234569"),
    "customer.tax_id.why_not": frozenset("012"),
    "intermediary.tax_id.why_not": frozenset("012"),
    "iss.immunity": frozenset("012345"),
    "federal.cst": frozenset(
        f"{code:02}" for code in (*range(10), 49, *range(50, 57), *range(60, 68), *range(70, 76), 98, 99)
    ),
    "federal.withheld_kind": frozenset("0123456789"),
    "trade.mode": frozenset("01234"),
    "trade.link": frozenset("01234569"),
    "trade.provider_support": frozenset(f"{code:02}" for code in range(9)),
    "trade.customer_support": frozenset(f"{code:02}" for code in range(27)),
    "trade.goods": frozenset("0123"),
    "iss.suspension.kind": frozenset("12"),
    "replaces.reason": frozenset({"01", "02", "03", "04", "05", "99"}),
}
"""The layout's tables of codes, by where they are said; nothing said is judged elsewhere."""
_DEDUCTIONS = frozenset({*"123456789", "99"})
_REASON_LENGTH = problem("text", "Give the reason in 15 to 255 letters.")
_CITY, _CEP = "Write the IBGE code of the city: seven digits.", "Write the CEP: eight digits."
_KEY = problem("key", "Write the note's key: 50 signs.")
_BENEFIT = "Write the benefit's number: 14 digits."
_NATIONAL_CODE = "Write the national service code (cTribNac): six digits."
_PARTS_OF_ADDRESS: Mapping[str, str] = {
    "street": "Give the street.",
    "number": "Give the number in the street, or S/N.",
    "neighborhood": "Give the neighborhood.",
}
_WITHHOLDING: Mapping[Withheld, tuple[str, str]] = {
    Withheld.BY_CUSTOMER: ("customer", "The customer withholds ISS, and must be named."),
    Withheld.BY_INTERMEDIARY: ("intermediary", "The intermediary withholds ISS, and must be named."),
}
_LONGEST_DESCRIPTION = 2000
_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 15
_OWN_SERIES = range(1, 50_000)


def problems_of(note: Note) -> tuple[Problem, ...]:
    found = (
        *_of_provider(note),
        *_of_numbering(note),
        *_of_persons(note),
        *_of_service(note),
        *_of_amounts(note.amounts),
        *_of_taxes(note),
        *_of_export(note),
        *_of_codes(note),
        *_of_sites(note),
        *_of_documents(note.amounts),
    )
    # what is no number cannot be compared
    return found if any(one.code == "invalid" for one in found) else (*found, *contradictions(note))


def cancellation_problems(asked: Cancellation) -> tuple[Problem, ...]:
    return (
        *(() if re.fullmatch(KEY, asked.key) else (_KEY,)),
        *_of_tax_id("author_tax_id", asked.author_tax_id),
        *(() if 15 <= len(line(asked.text)) <= 255 else (_REASON_LENGTH,)),
    )


def _of_provider(note: Note) -> Iterator[Problem]:
    provider = note.provider
    yield from _of_tax_id("provider.tax_id", provider.tax_id)
    yield from _digits("provider.city_code", provider.city_code, 7, _CITY)
    me_epp = provider.simples is SimplesNacional.ME_EPP
    if me_epp and not provider.simples_regime:
        yield problem(
            "provider.simples_regime", "An ME/EPP says how it reckons taxes: 1 to 3.", code="required"
        )
    if not me_epp and provider.simples_regime:
        yield problem("provider.simples_regime", "Only an ME/EPP says how it reckons taxes.")


def _of_numbering(note: Note) -> Iterator[Problem]:
    if not (note.series.isdigit() and int(note.series) in _OWN_SERIES and len(note.series) <= 5):
        yield problem("series", "Choose a series from 1 to 49999, in digits.")
    if not 0 < note.number < 10**15:
        yield problem("number", "The number has one to fifteen digits.")
    if note.issued_at.tzinfo is None:
        yield problem("issued_at", "The time of issue needs its offset.")


def _of_persons(note: Note) -> Iterator[Problem]:
    for name, person in (("customer", note.customer), ("intermediary", note.intermediary)):
        if person is not None:
            yield from _of_person(name, person)
    needed, text = _WITHHOLDING.get(note.iss.withheld, ("", ""))
    if needed and getattr(note, needed) is None:
        yield problem(needed, text, code="required")


def _of_person(name: str, person: Person) -> Iterator[Problem]:
    if isinstance(person.tax_id, str):
        yield from _of_tax_id(f"{name}.tax_id", person.tax_id)
    if not person.name.strip():
        yield problem(f"{name}.name", "Give a name.", code="required")
    if person.phone and not re.fullmatch(r"[0-9]{6,20}", person.phone):
        yield problem(f"{name}.phone", "Write 6 to 20 digits, area code first.")
    yield from _of_address(f"{name}.address", person.address)


def _of_address(name: str, address: Address | ForeignAddress | None) -> Iterator[Problem]:
    match address:
        case Address():
            yield from _digits(f"{name}.city_code", address.city_code, 7, _CITY)
            yield from _digits(f"{name}.postal_code", address.postal_code, 8, _CEP)
        case ForeignAddress(country="BR"):
            yield problem(f"{name}.country", "Brazil is not abroad.")
        case ForeignAddress():
            yield from _of_country(f"{name}.country", address.country)
    if address is not None:
        for part, text in _PARTS_OF_ADDRESS.items():
            if not getattr(address, part).strip():
                yield problem(f"{name}.{part}", text, code="required")


def _of_country(name: str, said: str) -> Iterator[Problem]:
    if said and not is_country(said):
        yield problem(name, "Write the two letters of a country (ISO 3166-1), such as US.")


def _of_tax_id(name: str, tax_id: str) -> Iterator[Problem]:
    clean = clean_tax_id(tax_id)
    if not is_cpf(clean) and not is_cnpj(clean):
        yield problem(name, "Neither a CPF nor a CNPJ: check its digits.")


def _of_service(note: Note) -> Iterator[Problem]:
    service = note.service
    yield from _digits("service.national_code", service.national_code, 6, _NATIONAL_CODE)
    if not service.description.strip():
        yield problem("service.description", "Describe the service.", code="required")
    if len(paragraphs(service.description)) > _LONGEST_DESCRIPTION:
        yield problem("service.description", "All lines together are described in 2000 characters at most.")
    if bool(service.city_code) == bool(service.country):
        yield problem("service.city_code", "Say where it was rendered: a city's code, or a country abroad.")
    yield from _of_country("service.country", service.country)


def _of_amounts(amounts: Amounts) -> Iterator[Problem]:
    parts = ("service", "discount", "conditional_discount", "deduction")
    wrong = [problem for part in parts for problem in _of_money(f"amounts.{part}", getattr(amounts, part))]
    wrong += _of_percent("amounts.deduction_rate", amounts.deduction_rate)
    for place, one in enumerate(amounts.documents):
        wrong += _of_money(f"amounts.documents.{place}.deductible", one.deductible)
        wrong += _of_money(f"amounts.documents.{place}.deducted", one.deducted)
    yield from wrong or _of_sums(amounts)


def _of_sums(amounts: Amounts) -> Iterator[Problem]:
    if not amounts.service:
        yield problem("amounts.service", "A note is of more than nothing.")
    elif amounts.discount + amounts.deducted > amounts.service:
        yield problem("amounts.discount", "Discount and deduction are more than the service.")
    elif amounts.discount >= amounts.service or amounts.conditional_discount >= amounts.service:
        yield problem("amounts.discount", "A discount is less than the service.")


def _of_money(name: str, amount: Decimal) -> Iterator[Problem]:
    if not amount.is_finite() or amount < 0 or amount >= _MOST:
        yield problem(name, "An amount is 0 to 999999999999999.99.")
    elif amount != amount.quantize(_CENT):
        yield problem(name, "An amount has two decimals at most.")


def _of_taxes(note: Note) -> Iterator[Problem]:
    rate = note.iss.rate
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 5 and rate == rate.quantize(_CENT)):
        yield problem("iss.rate", "ISS is 0 to 5 percent, with two decimals.")
    if (note.iss.kind is IssKind.IMMUNE) != bool(note.iss.immunity):
        yield problem("iss.immunity", "What is immune says why, and nothing else does.")
    yield from _of_iss(note.iss)
    if note.federal is not None:
        yield from _of_federal(note.federal)


def _of_federal(federal: FederalTaxes) -> Iterator[Problem]:
    for part in ("base", "pis", "cofins", "withheld_social_security", "withheld_income_tax", "withheld_csll"):
        yield from _of_some_money(f"federal.{part}", getattr(federal, part))
    for part in ("pis_rate", "cofins_rate"):
        yield from _of_percent(f"federal.{part}", getattr(federal, part))


def _of_some_money(name: str, amount: Decimal | None) -> Iterator[Problem]:
    if amount is not None:
        yield from _of_money(name, amount)


def _of_percent(name: str, rate: Decimal | None) -> Iterator[Problem]:
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 100 and rate == rate.quantize(_CENT)):
        yield problem(name, "A rate is 0 to 100 percent, with two decimals.")


def _of_iss(iss: Iss) -> Iterator[Problem]:
    yield from _of_country("iss.result_country", iss.result_country)
    if iss.suspension is not None and not re.fullmatch(r"[0-9]{1,30}", iss.suspension.process):
        yield problem("iss.suspension.process", "Write the process' number: 1 to 30 digits.")
    if iss.benefit is not None:
        yield from _digits("iss.benefit.number", iss.benefit.number, 14, _BENEFIT)
        yield from _of_percent("iss.benefit.rate", iss.benefit.rate)
        yield from _of_some_money("iss.benefit.amount", iss.benefit.amount)


def _of_sites(note: Note) -> Iterator[Problem]:
    """A CEP, of one in Brazil."""
    for name, has_one in (("works", note.works), ("occasion", note.occasion)):
        site = has_one.site if has_one else None
        if site is not None and not note.service.country and not site.city:
            yield from _digits(f"{name}.site.postal_code", site.postal_code, 8, _CEP)


def _of_documents(amounts: Amounts) -> Iterator[Problem]:
    for place, one in enumerate(amounts.documents):
        where = f"amounts.documents.{place}"
        if one.kind not in _DEDUCTIONS:
            yield _choose(f"{where}.kind", _DEDUCTIONS)
        if one.supplier is not None:
            yield from _of_person(f"{where}.supplier", one.supplier)


def _of_export(note: Note) -> Iterator[Problem]:
    abroad = note.customer is not None and isinstance(note.customer.address, ForeignAddress)
    exported = abroad or bool(note.service.country) or note.iss.kind is IssKind.EXPORT
    if exported and note.trade is None:
        yield problem("trade", "What goes abroad needs the group of foreign trade.", code="required")


def _of_codes(note: Note) -> Iterator[Problem]:
    for path, known in _CODES.items():
        said: object = note
        for step in path.split("."):
            said = getattr(said, step, None)
        if said and said not in known:
            yield _choose(path, known)


def _choose(path: str, known: frozenset[str]) -> Problem:
    return problem(path, "Choose one of {0}.", fill=", ".join(sorted(known)))


def _digits(name: str, value: str, count: int, text: str) -> Iterator[Problem]:
    if not re.fullmatch(rf"[0-9]{{{count}}}", value):
        yield problem(name, text)
