"""Where the form of an invoice says what is wrong, and what of an invoice it has inputs for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lacre.engines.nfse.contradictions import RULES, documents
from lacre.fiscal.invoice import Invoice
from lacre.kit.json import Json
from lacre.web.console.particular_form import filled, parameters, place_of, plain_number, unshown
from lacre.web.console.particulars import each_input
from tests.unit.fiscal.test_noting import invoice_with

ABOVE_THE_FORM = {"iss.rate"}
"""The form does not ask for it."""


def test_every_contradiction_has_its_place() -> None:
    nowhere = {one.field for one in RULES if not place_of(one.field, {})}

    assert nowhere == ABOVE_THE_FORM


def test_every_contradiction_of_a_document_has_its_place() -> None:
    fields = {one.field for one in documents.RULES}
    places = {place_of(f"amounts.documents.0.{one}".rstrip("."), {}) for one in fields}

    assert places == {f"deduction_documents.0.{one}".rstrip(".") for one in fields if one != "supplier"} - {
        "deduction_documents.0.supplier.address"
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.234,56", "1234.56"),
        ("1.500", "1500"),
        ("1.234.567", "1234567"),
        ("R$ 1.500,00", "1500.00"),
        ("1,500.00", "1500.00"),
        ("1500", "1500"),
        ("1500,5", "1500.5"),
        ("0.65", "0.65"),
        ("0,65", "0.65"),
        ("", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert plain_number(typed) == meant


@pytest.mark.parametrize("typed", ["1e9", "1.50.0", "1,5,0", "-5", "muito", "1 500"])
def test_what_is_no_number_is_not_made_one(typed: str) -> None:
    assert plain_number(typed) == f"“{typed}”"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("works.site.postal_code", "works.site.postal_code"),
        ("works.site", "works"),
        ("iss.suspension.process", "suspension.process"),
        ("amounts.documents.0.supplier.tax_id", "deduction_documents.0.supplier.tax_id"),
        ("amounts.documents.0", "deduction_documents.0"),
        ("amounts.documents", "deduction"),
        ("service.national_code", "service_code"),
        ("customer.tax_id", "tax_id"),
        ("customer.address.city_code", "home.city_code"),
        ("intermediary.tax_id", "intermediary.tax_id"),
        ("intermediary.address", "intermediary.address"),
        ("intermediary", "intermediary"),
        ("provider.city_code", ""),
    ],
)
def test_a_problem_stands_at_its_input_or_its_section(path: str, place: str) -> None:
    assert place_of(path, {}) == place


def test_a_problem_of_who_is_abroad_stands_where_that_is_asked() -> None:
    typed = {"abroad.country": "US"}

    asked = ("customer.tax_id", "customer.address", "customer.address.postal_code")
    assert [place_of(one, typed) for one in asked] == ["abroad.foreign_id", "abroad", "abroad.postal_code"]


def test_letters_are_made_large_only_of_countries_and_of_keys() -> None:
    made_large = {
        one.path for one in each_input(1) if one.kind != "tick" and "XY" in str(parameters({one.path: "xy"}))
    }

    assert made_large == {
        "rendered_in",
        "result_country",
        "intermediary.address.country",
        "deduction_documents.0.supplier.address.country",
        "deduction_documents.0.nfse_key",
        "deduction_documents.0.nfe_key",
    }


def test_what_was_said_comes_back_as_it_was_said() -> None:
    said: dict[str, Json] = {
        "works": {"code": "123"},
        "federal": {"withheld_csll": "12.35"},
        "deduction_documents": [{"kind": "2", "nfe_key": "3" * 44, "issued_on": "2026-11-01"}],
    }

    assert parameters(filled(saying(**said))) == said
    assert unshown(saying(**said)) == {}


@pytest.mark.parametrize(
    ("person", "typed"),
    [
        ({"tax_id": "11444777000161"}, {"intermediary.tax_id": "11444777000161"}),
        ({"tax_id": {"number": "NL1", "why_not": "0"}}, {"intermediary.foreign_id": "NL1"}),
        ({"tax_id": {"number": "NL1"}}, {"intermediary.foreign_id": "NL1"}),
        ({"tax_id": {"why_not": "2"}}, {"intermediary.no_foreign_id": "2"}),
    ],
)
def test_an_intermediary_is_shown_however_they_are_known(person: Json, typed: dict[str, str]) -> None:
    old = saying(intermediary=person)

    assert {path: one for path, one in filled(old).items() if one} == typed
    assert unshown(old) == {}


def test_an_intermediary_with_a_phone_is_left_to_stand() -> None:
    between: Json = {"tax_id": "11444777000161", "name": "Portal", "phone": "4130300000"}

    assert unshown(saying(intermediary=between)) == {"intermediary": between}


@pytest.mark.parametrize(
    ("held", "chosen"),
    [(True, "true"), ("sim", "true"), (False, "false"), ("no", "false"), ("Intermediary", "intermediary")],
)
def test_who_withholds_is_chosen_however_it_was_said(held: Json, chosen: str) -> None:
    old = saying(iss_withheld=held)

    assert (filled(old), unshown(old)) == ({"iss_withheld": chosen}, {})


@pytest.mark.parametrize(
    ("typed", "kept"), [("80020-000", "80020000"), ("80020000", "80020000"), ("SW1A 2AA", "SW1A 2AA")]
)
def test_a_cep_loses_its_dash_and_a_foreign_code_nothing(typed: str, kept: str) -> None:
    said: Json = parameters({"intermediary.address.postal_code": typed})["intermediary"]

    assert said == {"address": {"postal_code": kept}}


def test_what_the_form_has_no_inputs_for_is_left_to_stand() -> None:
    by_phone: Json = {"tax_id": "11222333000181", "name": "Madeiras", "phone": "4130300000"}
    documents_: Json = [{"kind": "2", "other_number": "7", "issued_on": "2026-11-01", "supplier": by_phone}]
    old = saying(works={"code": "123"}, deduction_documents=documents_)

    assert filled(old) == {"works.code": "123"}
    assert unshown(old) == {"deduction_documents": documents_}


def test_a_supplier_abroad_comes_back_as_they_were_said() -> None:
    place: Json = {"street": "Main St", "city": "Rotterdam", "region": "ZH", "country": "NL"}
    suppliers: Json = {"tax_id": {"number": "NL1"}, "name": "Bureau", "address": place}
    nameless: Json = {"tax_id": {"why_not": "2"}, "name": "Markt"}
    papers: Json = [{"kind": "2", "supplier": one} for one in (suppliers, nameless)]
    old = saying(deduction_documents=papers)

    shown = filled(old)

    assert shown["deduction_documents.0.supplier.foreign_id"] == "NL1"
    assert shown["deduction_documents.1.supplier.no_foreign_id"] == "2"
    assert (unshown(old), parameters(shown)) == ({}, {"deduction_documents": papers})


def test_of_more_documents_than_the_form_has_none_is_lost() -> None:
    many: Json = [{"kind": "2", "other_number": str(one)} for one in range(21)]

    assert unshown(saying(deduction_documents=many)) == {"deduction_documents": many}


def saying(**said: Json) -> Invoice:
    one = invoice_with({})
    line = replace(one.lines[0], settings={"parameters": said})
    return replace(one, lines=[line], details={})
