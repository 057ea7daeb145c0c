"""Where the form of an invoice says what is wrong, and what of an invoice it has inputs for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lacre.engines.nfse.contradictions import RULES, documents
from lacre.fiscal.invoice import Invoice
from lacre.kit.json import Json
from lacre.web.console.particular_form import filled, parameters, place_of, unshown
from lacre.web.console.particulars import each_input
from tests.unit.fiscal.test_noting import invoice_with

ABOVE_THE_FORM = {
    "customer.address", "intermediary.tax_id", "intermediary.address", "iss.withheld", "iss.rate",
}  # fmt: skip
"""The form does not ask for these."""


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
    ("path", "place"),
    [
        ("works.site.postal_code", "works.site.postal_code"),
        ("works.site", "works"),
        ("iss.suspension.process", "suspension.process"),
        ("amounts.documents.0.supplier.tax_id", "deduction_documents.0.supplier.tax_id"),
        ("amounts.documents.0", "deduction_documents.0"),
        ("amounts.documents", "deduction"),
        ("service.national_code", "service_code"),
        ("provider.city_code", ""),
    ],
)
def test_a_problem_stands_at_its_input_or_its_section(path: str, place: str) -> None:
    assert place_of(path, {}) == place


def test_letters_are_made_large_only_where_a_country_is_asked_for() -> None:
    made_large = {
        one.path for one in each_input(1) if one.kind != "tick" and "XY" in str(parameters({one.path: "xy"}))
    }

    assert made_large == {"rendered_in", "result_country"}


def test_what_was_said_comes_back_as_it_was_said() -> None:
    said: dict[str, Json] = {
        "works": {"code": "123"},
        "federal": {"withheld_csll": "12.35"},
        "deduction_documents": [{"kind": "2", "nfe_key": "3" * 44, "issued_on": "2026-11-01"}],
    }

    assert parameters(filled(saying(**said))) == said
    assert unshown(saying(**said)) == {}


def test_what_the_form_has_no_inputs_for_is_left_to_stand() -> None:
    abroad: Json = {"tax_id": {"number": "NL1"}, "name": "Bureau"}
    documents_: Json = [{"kind": "2", "other_number": "7", "issued_on": "2026-11-01", "supplier": abroad}]
    old = saying(works={"code": "123"}, deduction_documents=documents_)

    assert filled(old) == {"works.code": "123"}
    assert unshown(old) == {"deduction_documents": documents_}


def test_of_more_documents_than_the_form_has_none_is_lost() -> None:
    many: Json = [{"kind": "2", "other_number": str(one)} for one in range(21)]

    assert unshown(saying(deduction_documents=many)) == {"deduction_documents": many}


def saying(**said: Json) -> Invoice:
    one = invoice_with({})
    line = replace(one.lines[0], settings={"parameters": said})
    return replace(one, lines=[line], details={})
