"""What a note says of an invoice: its items', else its document type's, and no two things at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lacre.fiscal.errors import FieldInvalid
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import Note, TotalRates, TotalSimples, Withheld
from lacre.fiscal.noting import note_of
from lacre.fiscal.particulars import DeductedDocument, Site, Works
from lacre.fiscal.persons import Address, ForeignAddress, ForeignTaxId, Person
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


def test_the_description_is_that_of_all_lines_however_long() -> None:
    invoice = invoice_with({}, {})
    invoice.lines = [
        replace(line, description=text)
        for line, text in zip(invoice.lines, ("x" * 2_000, "Frete"), strict=True)
    ]

    assert note(invoice).service.description.endswith("x\nFrete")


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


# ── what only some say ───────────────────────────────────────────────────────

SITE = {"street": "Rua A", "number": 7, "neighborhood": "Sé", "postal_code": "01310100"}


def with_details(**details: Any) -> Invoice:  # noqa: ANN401 - JSON
    invoice = invoice_with({})
    invoice.details = details
    return invoice


def test_groups_are_said_by_an_item_or_by_the_whole_invoice() -> None:
    by_item = note(invoice_with({"parameters": {"works": {"site": SITE}}}))
    by_invoice = note(with_details(works={"code": "12"}))

    assert by_item.works == Works(
        site=Site(street="Rua A", number="7", neighborhood="Sé", postal_code="01310100")
    )
    assert by_invoice.works == Works(code="12")


def test_what_forms_say_as_text_becomes_days_and_money() -> None:
    said = note(
        with_details(
            deduction_documents=[
                {
                    "nfe_key": "1" * 44,
                    "kind": 2,
                    "issued_on": "2026-11-01",
                    "deductible": "10.5",
                    "deducted": 1,
                }
            ],
        )
    )

    assert said.amounts.documents == (
        DeductedDocument(
            nfe_key="1" * 44, kind="2", issued_on=date(2026, 11, 1), deductible=Decimal("10.5"),
            deducted=Decimal(1),
        ),
    )  # fmt: skip


def test_who_is_said_has_a_registered_number_or_a_foreign_one() -> None:
    abroad = {"tax_id": {"why_not": "2"}, "name": "ACME"}

    assert note(with_details(intermediary=abroad)).intermediary == Person(
        tax_id=ForeignTaxId(why_not="2"), name="ACME"
    )


def test_pis_and_cofins_are_reckoned_when_they_are_not_said() -> None:
    said = note(with_details(federal={"cst": "01", "base": "345.50", "pis_rate": "0.65", "cofins_rate": "3"}))

    assert said.federal is not None
    assert (said.federal.pis, said.federal.cofins) == (Decimal("2.25"), Decimal("10.37"))


def test_an_intermediary_may_withhold() -> None:
    assert note(invoice_with({"taxes": {"iss_withheld": "intermediary"}})).iss.withheld is (
        Withheld.BY_INTERMEDIARY
    )


def test_a_service_abroad_has_a_country_and_no_city() -> None:
    said = note(invoice_with({}, rendered_in="ar")).service

    assert (said.country, said.city_code) == ("AR", "")


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"works": "12"}, "works"),
        ({"works": {"cno": "12"}}, "works.cno"),
        ({"works": {"site": SITE | {"cep": "1"}}}, "works.site.cep"),
        ({"works": {"site": {"street": "A"}}}, "works.site.number"),
        ({"occasion": {"name": "X", "starts_on": "ontem", "ends_on": "2026-01-01"}}, "occasion.starts_on"),
        ({"deduction_documents": {"0": {}}}, "deduction_documents"),
        ({"deduction_documents": [{"kind": "2"}]}, "deduction_documents.0.issued_on"),
        ({"federal": {"base": "NaN"}}, "federal.base"),
        ({"intermediary": {"tax_id": "1", "name": "X", "address": {"street": "A"}}},
         "intermediary.address.number"),
    ],
)  # fmt: skip
def test_what_a_group_says_amiss_is_named(details: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        note(with_details(**details))

    assert refused.value.field == field


def test_a_customer_abroad_is_known_by_their_own_number_and_address() -> None:
    invoice = invoice_with({})
    place = replace(
        invoice.customer.address, street="Main St", number="1", neighborhood="Downtown", zipcode="10001",
        city="New York", state="NY", country="us",
    )  # fmt: skip
    invoice.customer = replace(invoice.customer, registry_code="", foreign_id="12-3", address=place)

    customer = note(invoice).customer

    assert customer is not None
    assert customer.tax_id == ForeignTaxId(number="12-3")
    assert isinstance(customer.address, ForeignAddress)
    assert (customer.address.country, customer.address.region) == ("US", "NY")
