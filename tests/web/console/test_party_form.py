"""What the form of an invoice says at once of customers, intermediaries and suppliers."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData

from lacre.fiscal.party import Address
from lacre.kit.ids import AccountId
from lacre.web.console import notes, particular_form
from lacre.web.console.party_form import address, filled, wrong
from tests.support.invoicing import a_customer

MISSING = notes.FIELD_MISSING
STREET = {"street": "Main Street", "number": "1", "neighborhood": "Downtown", "postal_code": "94105"}
OUTSIDE = STREET | {"city": "San Francisco", "region": "CA", "country": "us"}
IN_BRAZIL = STREET | {"city_code": "3550308", "postal_code": "01001-000"}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"tax_id": "529.982.247-25"},
        {"home": IN_BRAZIL, "tax_id": "529.982.247-25"},
        {"abroad": {"foreign_id": "1"}},
        {"abroad": {"no_foreign_id": "1"} | OUTSIDE},
        {"intermediary": {"name": "Portal", "tax_id": "1"}},
        {"intermediary": {"name": "Portal", "foreign_id": "1", "address": OUTSIDE}},
        {"intermediary": {"name": "Portal", "no_foreign_id": "2", "address": IN_BRAZIL}},
        {
            "deduction_documents": {
                "0": {"supplier": {"name": "Markt", "foreign_id": "1", "address": OUTSIDE}}
            }
        },
    ],
)
def test_whoever_is_said_whole_is_let_pass(said: Said) -> None:
    assert wrong(typed(said)) == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"abroad": {"street": "Main Street", "foreign_id": "1"}},
         {f"abroad.{one}": MISSING for one in OUTSIDE if one != "street"}),
        ({"home": {"complement": "2"}}, {f"home.{one}": MISSING for one in IN_BRAZIL}),
        ({"abroad": OUTSIDE}, {"abroad.foreign_id": notes.NEITHER_NUMBER_NOR_REASON}),
        ({"abroad": {"foreign_id": "1", "no_foreign_id": "1"}},
         {"abroad.no_foreign_id": notes.NUMBER_AND_REASON}),
        ({"abroad": {"foreign_id": "1"} | OUTSIDE | {"country": "br"}},
         {"abroad.country": notes.BRAZIL_IS_NOT_ABROAD}),
        ({"abroad": {"foreign_id": "1"} | OUTSIDE | {"country": "1"}},
         {"abroad.country": notes.COUNTRY_WRONG}),
        ({"abroad": {"foreign_id": "1"} | OUTSIDE | {"country": "zz"}},
         {"abroad.country": notes.COUNTRY_WRONG}),
        ({"abroad": {"foreign_id": "1"}, "tax_id": "52998224725"}, {"tax_id": notes.REGISTERED_AND_ABROAD}),
        ({"abroad": {"foreign_id": "1"}, "home": {"street": "Rua A"}}, {"home": notes.HOME_AND_ABROAD}),
        ({"rendered_in": "É1"}, {"rendered_in": notes.COUNTRY_WRONG}),
        ({"intermediary": {"email": "a@b.test"}},
         {"intermediary.name": MISSING, "intermediary.tax_id": notes.NUMBER_UNKNOWN}),
        ({"intermediary": {"name": "Portal", "tax_id": "1", "foreign_id": "1"}},
         {"intermediary.tax_id": notes.REGISTERED_AND_FOREIGN}),
        ({"intermediary": {"name": "Portal", "foreign_id": "1", "no_foreign_id": "1"}},
         {"intermediary.no_foreign_id": notes.NUMBER_AND_REASON}),
        ({"intermediary": {"name": "Portal", "tax_id": "1", "address": STREET}},
         {"intermediary.address.city_code": MISSING}),
        ({"intermediary": {"name": "Portal", "foreign_id": "1", "address": STREET | {"country": "US"}}},
         {"intermediary.address.city": MISSING, "intermediary.address.region": MISSING}),
        ({"intermediary": {"name": "Portal", "foreign_id": "1", "address": IN_BRAZIL | OUTSIDE}},
         {"intermediary.address.city_code": notes.CITY_AND_COUNTRY}),
        ({"deduction_documents": {"0": {"supplier": {"name": "Markt", "tax_id": "1", "foreign_id": "1"}}}},
         {"deduction_documents.0.supplier.tax_id": notes.REGISTERED_AND_FOREIGN}),
        ({"deduction_documents": {"0": {"supplier": {"name": "Markt", "no_foreign_id": "1",
                                                     "address": OUTSIDE | {"country": "zz"}}}}},
         {"deduction_documents.0.supplier.address.country": notes.COUNTRY_WRONG}),
    ],
)  # fmt: skip
def test_what_is_amiss_is_told_at_its_input(said: Said, told: dict[str, str]) -> None:
    assert wrong(typed(said)) == told


@pytest.mark.parametrize("where", [{"home": IN_BRAZIL}, {"abroad": OUTSIDE | {"complement": "2"}}])
def test_an_address_comes_back_as_it_was_said(where: Said) -> None:
    said = typed(where)
    code = "52998224725" if "home" in where else ""
    kept = a_customer(AccountId("a"), registry_code=code, address=address(said, "x"))

    again = typed({}) | filled(kept)

    assert address(again, "x") == kept.address
    assert again["abroad.country"] == ("" if code else "US")


def test_what_no_note_would_say_of_an_address_is_not_shown() -> None:
    assert filled(a_customer(AccountId("a"), address=Address(street="Rua A", city="São Paulo"))) == {}


Said = dict[str, "str | Said"]


def typed(said: Said) -> dict[str, str]:
    """As a browser sends it, with all that was left empty."""
    empty = particular_form.read(FormData(), more=False) | {"tax_id": ""}
    return empty | _flat(said)


def _flat(said: Said, within: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, one in said.items():
        found |= _flat(one, f"{within}{name}.") if isinstance(one, dict) else {f"{within}{name}": one}
    return found
