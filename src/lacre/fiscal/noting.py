"""An invoice as the note that is asked for: what its document type, items and customer say, put together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.errors import FieldInvalid
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.note import (
    Address,
    Amounts,
    ConsumptionTaxes,
    Iss,
    IssKind,
    Note,
    Person,
    Provider,
    Service,
    SimplesNacional,
    TotalRates,
    TotalSimples,
    TotalTaxes,
    Withheld,
)
from lacre.kit.json import Json

LONGEST_DESCRIPTION = 2000
Choice = TypeVar("Choice", bound=StrEnum)
_YES = frozenset({"true", "1", "yes", "sim"})


def note_of(invoice: Invoice, *, number: int, at: datetime) -> Note:
    """Raises `FieldInvalid` of what items say that cannot be meant."""
    said = _Said.of(invoice)
    return Note(
        environment=invoice.company.environment,
        provider=_provider(invoice.company, said),
        series=invoice.series,
        number=number,
        issued_at=at,
        competence_on=invoice.issue_on,
        service=_service(invoice, said),
        amounts=Amounts(service=invoice.amount, deduction=said.amount("deduction")),
        customer=_customer(invoice.customer),
        iss=_iss(said),
        total_taxes=_total_taxes(invoice.company, said),
        consumption=_consumption(said),
    )


class _Said:
    """Parameters and taxes by name: an item's, else its document type's; all items must say the same."""

    def __init__(self, ours: Mapping[str, Json], lines: Sequence[Line]) -> None:
        self._ours, self._lines = ours, lines

    @classmethod
    def of(cls, invoice: Invoice) -> _Said:
        return cls(invoice.schema.parameters, invoice.lines)

    def __call__(self, name: str) -> str:
        """Empty when nobody said it."""
        found = {_text(_within(line.settings, name)) for line in self._lines} - {""}
        if len(found) > 1:
            raise FieldInvalid(name, "differs between the items: one note has one service")
        return found.pop() if found else _text(self._ours.get(name))

    def digits(self, name: str) -> str:
        return re.sub(r"\D", "", self(name))

    def yes(self, name: str) -> bool:
        return self(name).lower() in _YES

    def rate(self, name: str) -> Decimal | None:
        """Percents."""
        said = self(name).rstrip("%").replace(",", ".")
        return _decimal(said, name, most=Decimal(100)) if said else None

    def amount(self, name: str) -> Decimal:
        said = self(name)
        return _decimal(said, name, most=Decimal(10**13)) if said else Decimal("0.00")


def _within(settings: Mapping[str, Json], name: str) -> Json:
    for group in ("parameters", "taxes"):
        held = settings.get(group)
        if isinstance(held, Mapping) and held.get(name) is not None:
            return held[name]
    return None


def _text(said: Json) -> str:
    if isinstance(said, bool):
        return "true" if said else "false"
    return str(said).strip() if isinstance(said, str | int | float) else ""


def _decimal(said: str, name: str, *, most: Decimal) -> Decimal:
    try:
        number = Decimal(said)
    except InvalidOperation:
        raise FieldInvalid(name, "is not a number") from None
    if not number.is_finite() or not 0 <= number <= most or number != number.quantize(Decimal("0.01")):
        raise FieldInvalid(name, "is not a number with at most two decimals")
    return number.quantize(Decimal("0.01"))


def _provider(company: Company, said: _Said) -> Provider:
    return Provider(
        tax_id=company.registry_code,
        name=company.legal_name or company.name,
        city_code=company.address.city_code or said.digits("city_code"),
        municipal_registration=said("municipal_registration"),
        simples=_one_of(SimplesNacional, company.simples, "simples"),
        simples_regime=company.simples_regime,
        special_regime=company.special_regime,
        phone=company.phone.digits if company.phone else "",
        email=company.email,
    )


def _customer(customer: Customer) -> Person:
    return Person(
        tax_id=customer.registry_code,
        name=customer.name,
        address=_address(customer),
        phone=customer.phone.digits if customer.phone else "",
        email=customer.email,
    )


def _address(customer: Customer) -> Address | None:
    """The layout wants all of it or nothing, and cities by their codes."""
    one = customer.address
    whole = (one.street, one.number, one.neighborhood, one.city_code, one.zipcode)
    if one.country.upper() != "BR" or not all(whole):
        return None
    return Address(
        street=one.street,
        number=one.number,
        neighborhood=one.neighborhood,
        city_code=one.city_code,
        postal_code=one.zipcode,
        complement=one.additional_details,
    )


def _service(invoice: Invoice, said: _Said) -> Service:
    described = "\n".join(line.description or line.name for line in invoice.lines)
    where = said.digits("rendered_at") or invoice.company.address.city_code or said.digits("city_code")
    return Service(
        national_code=said.digits("service_code"),
        description=described[:LONGEST_DESCRIPTION],
        city_code=where,
        municipal_code=said.digits("municipal_service_code"),
        nbs=said.digits("nbs"),
    )


def _iss(said: _Said) -> Iss:
    """The rate that clients say is told only where their document type says that it is wanted."""
    return Iss(
        kind=_one_of(IssKind, said("iss_kind") or IssKind.TAXABLE.value, "iss_kind"),
        withheld=Withheld.BY_CUSTOMER if said.yes("iss_withheld") else Withheld.NO,
        rate=said.rate("iss") if said.yes("state_iss_rate") else None,
        immunity=said("immunity"),
        result_country=said("result_country"),
    )


def _total_taxes(company: Company, said: _Said) -> TotalTaxes | None:
    """Only of an MEI nothing need be said."""
    simples = said.rate("simples_rate")
    if simples is not None:
        return TotalSimples(rate=simples)
    rates = [said.rate(f"total_{level}") for level in ("federal", "state", "municipal")]
    if company.simples == SimplesNacional.MEI and all(rate is None for rate in rates):
        return None
    federal, state, municipal = (rate or Decimal("0.00") for rate in rates)
    return TotalRates(federal=federal, state=state, municipal=municipal)


def _consumption(said: _Said) -> ConsumptionTaxes | None:
    if not said("ibs_cbs_classification"):
        return None
    return ConsumptionTaxes(
        operation_code=said.digits("ibs_cbs_operation"),
        situation=said.digits("ibs_cbs_situation"),
        classification=said.digits("ibs_cbs_classification"),
        final_consumer=said.yes("final_consumer"),
    )


def _one_of(kind: type[Choice], value: str, field: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        raise FieldInvalid(field, f"cannot be {value[:20]!r}") from None
