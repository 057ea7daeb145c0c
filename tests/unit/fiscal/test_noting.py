"""What a note says of an invoice: its items', else its document type's, and no two things at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lacre.fiscal.errors import FieldInvalid
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import Note, TotalRates, TotalSimples, Withheld
from lacre.fiscal.noting import note_of
from lacre.fiscal.persons import Address, Person
from lacre.fiscal.sampling import sample_invoice
from lacre.kit.ids import AccountId
from tests.support.kept import NOW


def invoice_with(*settings: dict[str, Any], **parameters: str) -> Invoice:
    invoice = sample_invoice(AccountId("a"), NOW)
    line = invoice.lines[0]
    invoice.lines = [replace(line, settings=one) for one in settings] or [line]
    invoice.schema = replace(invoice.schema, parameters=parameters)
    return invoice


def note(invoice: Invoice) -> Note:
    return note_of(invoice, number=7, at=NOW)


def test_a_service_code_is_said_with_or_without_its_dots() -> None:
    said = note(invoice_with({"parameters": {"service_code": "17.01.01"}}))

    assert (said.service.national_code, said.number, said.series) == ("170101", 7, "1")


def test_what_an_item_does_not_say_its_document_type_does() -> None:
    said = note(
        invoice_with({"taxes": {"iss": "3.1"}}, service_code="170101", municipal_registration="12211")
    )

    assert said.service.national_code == "170101"
    assert said.provider.municipal_registration == "12211"


def test_items_that_contradict_each_other_are_refused() -> None:
    differing = invoice_with({"parameters": {"nbs": "1"}}, {"parameters": {"nbs": "2"}})

    with pytest.raises(FieldInvalid) as refused:
        note(differing)

    assert refused.value.field == "nbs"


def test_a_rate_is_told_only_where_it_is_wanted() -> None:
    taxes = {"taxes": {"iss": "3,1"}}

    assert note(invoice_with(taxes)).iss.rate is None
    assert note(invoice_with(taxes, state_iss_rate="true")).iss.rate == Decimal("3.10")


@pytest.mark.parametrize("rate", ["muito", "-1", "101", "1.234", "NaN"])
def test_a_rate_is_percents(rate: str) -> None:
    with pytest.raises(FieldInvalid):
        note(invoice_with({"taxes": {"iss": rate}}, state_iss_rate="true"))


def test_withholding_and_total_taxes_are_said() -> None:
    said = note(invoice_with({"taxes": {"iss_withheld": True, "total_federal": "13.45"}}))

    assert said.iss.withheld is Withheld.BY_CUSTOMER
    assert said.total_taxes == TotalRates(
        federal=Decimal("13.45"), state=Decimal("0.00"), municipal=Decimal("0.00")
    )


def test_only_of_an_mei_no_total_of_taxes_is_said() -> None:
    invoice = invoice_with({})
    invoice.company = replace(invoice.company, simples="2")

    assert note(invoice).total_taxes is None
    assert note(invoice_with({"taxes": {"simples_rate": "6"}})).total_taxes == TotalSimples(
        rate=Decimal("6.00")
    )


def test_an_address_is_said_whole_or_not_at_all() -> None:
    invoice = invoice_with({})
    whole = replace(
        invoice.customer.address, street="Rua A", number="1", neighborhood="Sé", city_code="3550308",
        zipcode="01310100",
    )  # fmt: skip

    assert _address(invoice) is None
    invoice.customer = replace(invoice.customer, address=whole)
    assert _address(invoice) is not None
    invoice.customer = replace(invoice.customer, address=replace(whole, street=""))
    assert _address(invoice) is None


def _address(invoice: Invoice) -> Address | None:
    customer = note(invoice).customer
    assert isinstance(customer, Person)
    return customer.address if isinstance(customer.address, Address) else None
