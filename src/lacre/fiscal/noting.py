"""An invoice as the note that is asked for: what its document type, items and customer say, put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from pydantic import TypeAdapter

from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import (
    Amounts,
    ConsumptionTaxes,
    FederalTaxes,
    Iss,
    IssKind,
    Note,
    Service,
    Substitution,
    TotalRates,
    TotalSimples,
    TotalTaxes,
    Withheld,
)
from lacre.fiscal.particulars import Benefit, DeductedDocument, ForeignTrade, Occasion, Suspension, Works
from lacre.fiscal.party import BRAZIL
from lacre.fiscal.persons import Address, ForeignAddress, ForeignTaxId, Person, Provider, SimplesNacional
from lacre.fiscal.said import Said, one_of

_CENT = Decimal("0.01")
_PERSON, _WORKS, _OCCASION = TypeAdapter(Person), TypeAdapter(Works), TypeAdapter(Occasion)
_FOREIGN_TRADE, _FEDERAL_TAXES = TypeAdapter(ForeignTrade), TypeAdapter(FederalTaxes)
_SUSPENSION, _BENEFIT = TypeAdapter(Suspension), TypeAdapter(Benefit)
_DEDUCTED_DOCUMENT = TypeAdapter(DeductedDocument)


def note_of(invoice: Invoice, *, number: int, at: datetime) -> Note:
    """Raises `FieldInvalid` of what items say that cannot be meant."""
    said = Said.of(invoice)
    return Note(
        environment=invoice.company.environment,
        provider=_provider(invoice.company, said),
        series=invoice.series,
        number=number,
        issued_at=at,
        competence_on=invoice.issue_on,
        service=_service(invoice, said),
        amounts=_amounts(invoice, said),
        customer=_customer(invoice.customer),
        intermediary=said.group("intermediary", _PERSON),
        iss=_iss(said),
        federal=_federal(said),
        total_taxes=_total_taxes(invoice.company, said),
        consumption=_consumption(said),
        trade=said.group("trade", _FOREIGN_TRADE),
        works=said.group("works", _WORKS),
        occasion=said.group("occasion", _OCCASION),
        replaces=_substitution(invoice),
    )


def _substitution(invoice: Invoice) -> Substitution | None:
    one = invoice.replaces
    return Substitution(key=one.key, reason=one.reason, text=one.text) if one else None


def _provider(company: Company, said: Said) -> Provider:
    return Provider(
        tax_id=company.registry_code,
        name=company.legal_name or company.name,
        city_code=company.address.city_code or said.digits("city_code"),
        municipal_registration=said("municipal_registration"),
        simples=one_of(SimplesNacional, company.simples, "simples"),
        simples_regime=company.simples_regime,
        special_regime=company.special_regime,
        phone=company.phone.digits if company.phone else "",
        email=company.email,
    )


def _customer(customer: Customer) -> Person:
    foreign = ForeignTaxId(number=customer.foreign_id, why_not=customer.no_foreign_id or "0")
    return Person(
        tax_id=customer.registry_code or foreign,
        name=customer.name,
        address=_address(customer),
        phone=customer.phone.digits if customer.phone else "",
        email=customer.email,
    )


def _address(customer: Customer) -> Address | ForeignAddress | None:
    """The layout wants all of it or nothing, cities by code, and none abroad of who is registered here."""
    one = customer.address
    if one.country.upper() != BRAZIL:
        return None if customer.registry_code else _address_abroad(customer)
    if not all((one.street, one.number, one.neighborhood, one.city_code, one.zipcode)):
        return None
    return Address(
        street=one.street,
        number=one.number,
        neighborhood=one.neighborhood,
        city_code=one.city_code,
        postal_code=one.zipcode,
        complement=one.additional_details,
    )


def _address_abroad(customer: Customer) -> ForeignAddress | None:
    one = customer.address
    if not all((one.street, one.number, one.neighborhood, one.zipcode, one.city, one.state)):
        return None
    return ForeignAddress(
        street=one.street,
        number=one.number,
        neighborhood=one.neighborhood,
        country=one.country.upper(),
        postal_code=one.zipcode,
        city=one.city,
        region=one.state,
        complement=one.additional_details,
    )


def _service(invoice: Invoice, said: Said) -> Service:
    described = "\n".join(line.description or line.name for line in invoice.lines)
    where = said.digits("rendered_at") or invoice.company.address.city_code or said.digits("city_code")
    country = said("rendered_in").upper()
    return Service(
        national_code=said.digits("service_code"),
        description=described,
        city_code="" if country else where,
        country=country,
        municipal_code=said.digits("municipal_service_code"),
        nbs=said.digits("nbs"),
        internal_code=said("internal_code"),
        notes=said("notes"),
    )


def _amounts(invoice: Invoice, said: Said) -> Amounts:
    return Amounts(
        service=invoice.amount,
        discount=said.amount("discount"),
        conditional_discount=said.amount("conditional_discount"),
        deduction=said.amount("deduction"),
        deduction_rate=said.rate("deduction_rate"),
        documents=said.groups("deduction_documents", _DEDUCTED_DOCUMENT),
    )


def _iss(said: Said) -> Iss:
    """The rate that clients say is told only where their document type says that it is wanted."""
    return Iss(
        kind=said.one_of(IssKind, "iss_kind", IssKind.TAXABLE),
        withheld=_withheld(said),
        rate=said.rate("iss") if said.yes("state_iss_rate") else None,
        immunity=said("immunity"),
        result_country=said("result_country").upper(),
        suspension=said.group("suspension", _SUSPENSION),
        benefit=said.group("benefit", _BENEFIT),
    )


def _withheld(said: Said) -> Withheld:
    if said("iss_withheld").lower() == "intermediary":
        return Withheld.BY_INTERMEDIARY
    return Withheld.BY_CUSTOMER if said.yes("iss_withheld") else Withheld.NO


def _federal(said: Said) -> FederalTaxes | None:
    """What is base times rate need not be said."""
    found = said.group("federal", _FEDERAL_TAXES)
    if found is None or found.base is None:
        return found
    return replace(
        found,
        pis=_share(found.base, found.pis_rate) if found.pis is None else found.pis,
        cofins=_share(found.base, found.cofins_rate) if found.cofins is None else found.cofins,
    )


def _share(base: Decimal, rate: Decimal | None) -> Decimal | None:
    return None if rate is None else (base * rate / 100).quantize(_CENT, ROUND_HALF_UP)


def _total_taxes(company: Company, said: Said) -> TotalTaxes | None:
    """Only of an MEI nothing need be said."""
    simples = said.rate("simples_rate")
    if simples is not None:
        return TotalSimples(rate=simples)
    rates = [said.rate(f"total_{level}") for level in ("federal", "state", "municipal")]
    if company.simples == SimplesNacional.MEI and all(rate is None for rate in rates):
        return None
    federal, state, municipal = (rate or Decimal("0.00") for rate in rates)
    return TotalRates(federal=federal, state=state, municipal=municipal)


def _consumption(said: Said) -> ConsumptionTaxes | None:
    if not said("ibs_cbs_classification"):
        return None
    return ConsumptionTaxes(
        operation_code=said.digits("ibs_cbs_operation"),
        situation=said.digits("ibs_cbs_situation"),
        classification=said.digits("ibs_cbs_classification"),
        final_consumer=said.yes("final_consumer"),
    )
