"""Customers and suppliers abroad, intermediaries and who withholds ISS, in the form and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lacre.fiscal.note import Note, Withheld
from lacre.fiscal.persons import Address, ForeignAddress, ForeignTaxId, Person
from tests.support.firm import house, office
from tests.support.house import House
from tests.support.tax_office import MemoryOffice
from tests.support.visitor import Visitor, new_account, text_of
from tests.web.console.test_invoices import INVOICE, founded, issue, seen, typed_in

__all__ = ["house", "office"]

ABROAD = {
    "customer_name": "ACME Inc.", "tax_id": "", "abroad.foreign_id": "12-3456789",
    "abroad.street": "1 Main Street", "abroad.number": "1", "abroad.neighborhood": "Downtown",
    "abroad.postal_code": "94105", "abroad.city": "San Francisco", "abroad.region": "CA",
    "abroad.country": "us",
}  # fmt: skip
STREET = {"street": "Rua A", "number": "1", "neighborhood": "Centro", "city_code": "3550308"}
AT_HOME = {f"home.{name}": one for name, one in STREET.items()} | {"home.postal_code": "01001-000"}
PORTAL = {
    "intermediary.name": "Portal", "intermediary.tax_id": "11.444.777/0001-61",
    "intermediary.address.postal_code": "01001-000",
} | {f"intermediary.address.{name}": one for name, one in STREET.items()}  # fmt: skip
BUREAU = {
    "intermediary.name": "Bureau", "intermediary.no_foreign_id": "2", "intermediary.email": "a@bureau.test",
}  # fmt: skip
IMPORTED = {
    "deduction_documents.0.kind": "2", "deduction_documents.0.issued_on": "2026-11-01",
    "deduction_documents.0.deductible": "100,00", "deduction_documents.0.deducted": "10,00",
    "deduction_documents.0.fiscal_number": "123",
} | {
    f"deduction_documents.0.supplier.{name}": one
    for name, one in {
        "name": "Hout B.V.", "foreign_id": "NL1", "address.street": "Kade", "address.number": "7",
        "address.neighborhood": "Noord", "address.postal_code": "3011", "address.city": "Rotterdam",
        "address.region": "ZH", "address.country": "nl",
    }.items()
}  # fmt: skip
HERE = Address(street="Rua A", number="1", neighborhood="Centro", city_code="3550308", postal_code="01001000")


@pytest.fixture
def ana(house: House) -> Iterator[Visitor]:
    with Visitor(house, new_account(house)) as visitor:
        founded(visitor)
        yield visitor


def test_a_customer_abroad_stands_on_the_note_and_on_the_one_that_replaces_it(
    ana: Visitor, office: MemoryOffice
) -> None:
    first, second = issued_twice(ana, office, **ABROAD)

    assert first.customer == Person(
        tax_id=ForeignTaxId(number="12-3456789"),
        name="ACME Inc.",
        address=ForeignAddress(
            street="1 Main Street", number="1", neighborhood="Downtown", country="US", postal_code="94105",
            city="San Francisco", region="CA",
        ),
    )  # fmt: skip
    assert second.customer == first.customer


def test_a_customer_abroad_without_a_number_says_why(ana: Visitor, office: MemoryOffice) -> None:
    first, second = issued_twice(
        ana, office, **ABROAD | {"abroad.foreign_id": "", "abroad.no_foreign_id": "1"}
    )

    assert first.customer is not None
    assert first.customer.tax_id == ForeignTaxId(why_not="1")
    assert second.customer == first.customer


def test_a_customer_abroad_is_kept_once(ana: Visitor, house: House) -> None:
    for street in ("1 Main Street", "2 Main Street"):
        issue(ana, **ABROAD | {"abroad.street": street})

    with house.services.open_work() as work:
        kept = work.books.customers.find([ana.user.account_id], None, offset=0, limit=10).items
    assert [(one.name, one.address.street) for one in kept] == [("ACME Inc.", "2 Main Street")]


@pytest.mark.parametrize(
    ("said", "known_by", "address"),
    [(PORTAL, "11.444.777/0001-61", HERE), (BUREAU, ForeignTaxId(why_not="2"), None)],
)
def test_an_intermediary_stands_on_both_notes(
    ana: Visitor,
    office: MemoryOffice,
    said: dict[str, str],
    known_by: str | ForeignTaxId,
    address: Address | None,
) -> None:
    first, second = issued_twice(ana, office, **said)

    assert first.intermediary is not None
    assert (first.intermediary.tax_id, first.intermediary.address) == (known_by, address)
    assert second.intermediary == first.intermediary


def test_a_supplier_abroad_stands_on_both_notes(ana: Visitor, office: MemoryOffice) -> None:
    first, second = issued_twice(ana, office, **IMPORTED)

    (paper,) = first.amounts.documents
    assert paper.supplier == Person(
        tax_id=ForeignTaxId(number="NL1"),
        name="Hout B.V.",
        address=ForeignAddress(
            street="Kade", number="7", neighborhood="Noord", country="NL", postal_code="3011",
            city="Rotterdam", region="ZH",
        ),
    )  # fmt: skip
    assert second.amounts.documents == first.amounts.documents


@pytest.mark.parametrize(
    ("chosen", "withheld"),
    [
        ("", Withheld.NO),
        ("false", Withheld.NO),
        ("true", Withheld.BY_CUSTOMER),
        ("intermediary", Withheld.BY_INTERMEDIARY),
    ],
)
def test_who_withholds_iss_is_chosen(
    ana: Visitor, office: MemoryOffice, chosen: str, withheld: Withheld
) -> None:
    first, second = issued_twice(ana, office, iss_withheld=chosen, **PORTAL, **AT_HOME)

    assert (first.iss.withheld, second.iss.withheld) == (withheld, withheld)
    assert first.customer is not None
    assert first.customer.address == HERE
    assert second.customer == first.customer


def test_all_that_is_wrong_is_said_at_once_and_all_that_was_typed_stays(ana: Visitor) -> None:
    wrong = ABROAD | BUREAU | {"abroad.city": "", "abroad.country": "1", "intermediary.name": ""}
    blank = typed_in(ana.open("/app/invoices/new").text)
    said = blank | INVOICE | wrong

    answer = ana.send("/app/invoices/new", **said)

    assert answer.status_code == 422
    assert typed_in(answer.text) == said
    for place in ("abroad.city", "abroad.country", "intermediary.name"):
        assert f'id="{place}-error"' in answer.text
    assert "Escreva as duas letras de um país (ISO 3166-1), como US." in text_of(answer)
    opened = re.findall(r'<details class="fold" id="(\w+)-more" open>', answer.text)
    assert opened == ["abroad", "intermediary"]


@pytest.mark.parametrize(("said", "words"), [
    ({"abroad.foreign_id": "1"}, "Quem está no exterior não tem CPF nem CNPJ aqui"),
    ({"tax_id": ""}, "Escreva um CPF ou CNPJ válido."),
    ({"abroad.street": "Main Street", "tax_id": ""}, "Informe o número, ou por que não há número."),
])  # fmt: skip
def test_a_customer_is_here_or_abroad(ana: Visitor, said: dict[str, str], words: str) -> None:
    blank = typed_in(ana.open("/app/invoices/new").text)

    assert words in text_of(ana.send("/app/invoices/new", **blank | INVOICE | said))


def issued_twice(ana: Visitor, office: MemoryOffice, **said: str) -> tuple[Note, Note]:
    """As it was typed, and in its own place as its form was filled in for it."""
    old = issue(ana, **said)
    seen(ana, old, "Substituir…")
    first = office.built[-1]
    form = typed_in(ana.open(f"/app/invoices/new?replaces={old.rpartition('/')[2]}").text)
    answer = ana.send("/app/invoices/new", **form | {"replace_text": "O valor do serviço estava errado"})
    assert answer.status_code == 303, text_of(answer)
    return first, office.built[-1]
