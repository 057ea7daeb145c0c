"""Templates, and envelopes made of them."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from tests.support.native_desk import DOCX_TEXT, PDF_TEXT, Desk

CITY = {"variable": "cidade", "kind": "list", "label": "Cidade", "options": ["Itu", "Natal"]}


@pytest.fixture
def template(desk: Desk) -> Any:  # noqa: ANN401 - its JSON
    return desk.call("POST", "templates", {"name": "Locação", "base64": DOCX_TEXT, "inputs": [CITY]})


def test_a_template_is_shown_with_its_form(desk: Desk, template: Any) -> None:  # noqa: ANN401
    plain = {"kind": "text", "help": "", "options": [], "required": True}
    assert template["inputs"] == [
        {**plain, "variable": "NOME", "label": "NOME", "order": 1},
        {**plain, **CITY, "order": 2},
    ]
    assert template["form_url"].startswith("https://lacre.test/verificar/doc/")
    assert desk.call("GET", f"templates/{template['id']}").keys() == template.keys()


def test_what_is_changed_is_what_was_said(desk: Desk, template: Any) -> None:  # noqa: ANN401
    changed = desk.call("PATCH", f"templates/{template['id']}", {"active": False, "intro": "Com calma."})

    assert (changed["active"], changed["intro"], changed["name"]) == (False, "Com calma.", "Locação")
    assert changed["inputs"] == template["inputs"]


def test_the_list_has_pages_and_holds_nothing_that_was_deleted(desk: Desk, template: Any) -> None:  # noqa: ANN401
    newer = desk.call("POST", "templates", {"name": "Nova", "base64": DOCX_TEXT})

    first, second = desk.call("GET", "templates?limit=1"), desk.call("GET", "templates?limit=1&page=2")
    desk.call("DELETE", f"templates/{template['id']}")

    assert [one["id"] for one in first["data"] + second["data"]] == [newer["id"], template["id"]]
    assert (first["next"], second["next"]) == ("2", None)
    assert [one["id"] for one in desk.call("GET", "templates")["data"]] == [newer["id"]]
    assert desk.refused("GET", f"templates/{template['id']}") == (404, "not_found")


def test_an_endpoint_is_narrowed_to_what_is_made_of_a_template(desk: Desk, template: Any) -> None:  # noqa: ANN401
    made = desk.subscribe(template_id=template["id"], types=["envelope.created"])
    desk.create()
    envelope = desk.create(documents=[{"template_id": template["id"], "answers": {"NOME": "Ana"}}])

    told = desk.call("GET", f"deliveries?endpoint_id={made['id']}")["data"]
    widened = desk.call("PATCH", f"endpoints/{made['id']}", {"template_id": None})

    assert [one["envelope_id"] for one in told] == [envelope["id"]]
    assert (made["template_id"], widened["template_id"]) == (template["id"], None)


def test_an_endpoint_is_narrowed_to_no_template_that_is_not_there(
    desk: Desk,
    stranger: Desk,
    template: Any,  # noqa: ANN401
) -> None:
    said = {"url": "https://client.test/", "template_id": template["id"]}

    assert stranger.refused("POST", "endpoints", said) == (404, "not_found")
    assert desk.refused("POST", "endpoints", {**said, "dialect": "fastnotas"}) == (422, "option_not_possible")


def test_an_envelope_is_made_of_a_template_beside_other_files(desk: Desk, template: Any) -> None:  # noqa: ANN401
    papers = [{"template_id": template["id"], "answers": {"nome": "Ana {{x}}", "{{cidade}}": "Itu"}}]

    made = desk.create(documents=[*papers, {"base64": PDF_TEXT}])

    assert (made["template_id"], made["answers"]) == (template["id"], {"nome": "Ana {{x}}", "cidade": "Itu"})
    original = desk.envelope(made["id"]).documents[0].original
    with desk.services.files.local(original) as file:
        text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "Eu, Ana {{x}}, moro em Itu." in text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"name": "x"}, (422, "validation_failed")),
        ({"name": "x", "base64": PDF_TEXT}, (422, "document_not_a_docx")),
        ({"name": "x", "base64": DOCX_TEXT, "inputs": [{"variable": "mar"}]}, (422, "variable_unknown")),
        ({"name": "x", "base64": DOCX_TEXT, "inputs": [{**CITY, "options": []}]}, (422, "options_missing")),
    ],
)
def test_what_is_no_template_is_refused(desk: Desk, said: object, expected: tuple[int, str]) -> None:
    assert desk.refused("POST", "templates", said) == expected


def test_an_envelope_is_not_made_of_what_is_not_there(desk: Desk, stranger: Desk, template: Any) -> None:  # noqa: ANN401
    said = {"title": "x", "signers": [{"name": "B"}], "documents": [{"template_id": template["id"]}]}
    assert stranger.refused("POST", "envelopes", said) == (404, "not_found")

    desk.call("PATCH", f"templates/{template['id']}", {"active": False})
    assert desk.refused("POST", "envelopes", said) == (409, "template_closed")
