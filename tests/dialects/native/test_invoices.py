"""Invoices that say more than most: works, events, deductions, taxes withheld, customers abroad."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lacre.fiscal.note import FederalTaxes
from lacre.fiscal.particulars import (
    Benefit,
    DeductedDocument,
    ForeignTrade,
    Occasion,
    Site,
    Suspension,
    Works,
)
from lacre.fiscal.persons import Address, ForeignAddress, ForeignTaxId, Person
from tests.support.native_desk import AN_INVOICE, Desk

PLACE = {
    "street": "Rua A", "number": "7", "neighborhood": "Sé", "city_code": "3550308",
    "postal_code": "01310-100",
}  # fmt: skip
ABROAD = {
    "street": "Main St", "number": "1", "neighborhood": "Downtown", "country": "US", "postal_code": "10001",
    "city": "New York", "region": "NY",
}  # fmt: skip
TRADE = {"mode": "1", "link": "0", "currency": "220", "amount": "230.00"}
SERVICE = {"description": "Consultoria", "amount": "345.50", "service_code": "170101"}
SITE = {"street": "Rua A", "number": "7", "neighborhood": "Sé", "postal_code": "01310-100"}


def test_works_and_an_event_are_said(desk: Desk) -> None:
    note = desk.noted(
        works={"site": SITE, "property_registration": "1.2"},
        occasion={"name": "Feira", "starts_on": "2026-11-20", "ends_on": "2026-11-29", "code": "77"},
    )

    site = Site(street="Rua A", number="7", neighborhood="Sé", postal_code="01310100")
    assert note.works == Works(site=site, property_registration="1.2")
    assert note.occasion == Occasion(
        name="Feira", starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 29), code="77"
    )


def test_documents_are_deducted(desk: Desk) -> None:
    note = desk.noted(
        deduction_documents=[
            {
                "other_number": "7", "kind": "99", "description": "Tinta", "issued_on": "2026-11-01",
                "deductible": "10.00", "deducted": "5.50",
                "supplier": {"name": "Loja", "tax_id": "11.444.777/0001-61", "address": PLACE},
            }
        ]
    )  # fmt: skip

    supplier = Person(
        tax_id="11444777000161",
        name="Loja",
        address=Address(
            street="Rua A", number="7", neighborhood="Sé", city_code="3550308", postal_code="01310100"
        ),
    )
    assert note.amounts.documents == (
        DeductedDocument(
            other_number="7", kind="99", description="Tinta", issued_on=date(2026, 11, 1),
            deductible=Decimal("10.00"), deducted=Decimal("5.50"), supplier=supplier,
        ),
    )  # fmt: skip


def test_iss_is_suspended_or_let_off(desk: Desk) -> None:
    note = desk.noted(
        suspension={"kind": "1", "process": "50012345620268160000"},
        benefit={"number": "35503080400001", "rate": "50"},
    )

    assert note.iss.suspension == Suspension(kind="1", process="50012345620268160000")
    assert note.iss.benefit == Benefit(number="35503080400001", rate=Decimal(50))


def test_federal_taxes_are_withheld(desk: Desk) -> None:
    note = desk.noted(
        federal={
            "cst": "01", "base": "345.50", "pis_rate": "0.65", "cofins_rate": "3.00", "withheld_kind": "3",
            "withheld_social_security": "38.01", "withheld_income_tax": "5.18", "withheld_csll": "3.46",
        },
    )  # fmt: skip

    assert note.federal == FederalTaxes(
        cst="01", base=Decimal("345.50"), pis_rate=Decimal("0.65"), cofins_rate=Decimal("3.00"),
        pis=Decimal("2.25"), cofins=Decimal("10.37"), withheld_kind="3",
        withheld_social_security=Decimal("38.01"), withheld_income_tax=Decimal("5.18"),
        withheld_csll=Decimal("3.46"),
    )  # fmt: skip


def test_a_customer_abroad_has_a_foreign_number_or_a_reason_for_none(desk: Desk) -> None:
    known = {"name": "ACME Inc.", "foreign_id": "12-3", "address": ABROAD}
    exempt = {"name": "Umbrella Inc.", "no_foreign_id": "1", "address": ABROAD}

    first = desk.noted(customer=known, trade=TRADE).customer
    second = desk.noted(customer=exempt, trade=TRADE).customer

    assert (first and first.tax_id, second and second.tax_id) == (
        ForeignTaxId(number="12-3"),
        ForeignTaxId(why_not="1"),
    )
    assert first is not None
    assert first.address == ForeignAddress(
        street="Main St", number="1", neighborhood="Downtown", country="US", postal_code="10001",
        city="New York", region="NY",
    )  # fmt: skip


def test_what_goes_abroad_is_told_as_trade(desk: Desk) -> None:
    note = desk.noted(trade=TRADE | {"goods": "3", "export_registration": "9"})

    assert note.trade == ForeignTrade(
        mode="1", link="0", currency="220", amount=Decimal("230.00"), goods="3", export_registration="9"
    )


def test_a_customer_abroad_who_was_named_before_is_known(desk: Desk) -> None:
    acme = {"name": "ACME Inc.", "foreign_id": "12-3", "address": ABROAD}

    first, again = desk.invoice(customer=acme), desk.invoice(customer=acme)
    other = desk.invoice(customer=acme | {"foreign_id": "12-4"})

    assert first["customer"]["id"] == again["customer"]["id"] != other["customer"]["id"]
    assert first["customer"]["tax_id"] == "12-3"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"customer": {"name": "Carolina"}}, "#/customer"),
        ({"customer": {"name": "X", "tax_id": "52998224725", "foreign_id": "1"}}, "#/customer"),
        ({"works": {"cno": "1"}}, "#/works/cno"),
        ({"suspension": {"kind": "3", "process": "1"}}, "#/suspension/kind"),
        ({"federal": {"base": "1.234"}}, "#/federal/base"),
        ({"lines": [SERVICE | {"parameters": {"discont": "5.00"}}]}, "#/lines/0/parameters/discont"),
    ],
)
def test_what_cannot_be_meant_is_pointed_at(desk: Desk, said: dict[str, object], pointer: str) -> None:
    desk.open_shop()

    assert pointer in desk.pointers("POST", "invoices", AN_INVOICE | said)
