"""Documents made of a template: filled with what was given, and signed like any other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lacre.kit.times import BRASILIA
from tests.dialects.zapsign.templates.lease import GIVEN, golden, steady
from tests.dialects.zapsign.test_docx import text_of
from tests.dialects.zapsign.test_later import work_off
from tests.support.zapsign_desk import Desk


def test_the_document_says_what_was_given_and_keeps_it(desk: Desk, template: dict[str, Any]) -> None:
    made = _create(desk, template, external_id="ped-77")

    assert steady(made) == golden("create_doc")
    text = _text(desk, made["token"])
    assert "Eu, Conceição Araújo, alugo o imóvel em São Luís." in text
    assert "R$ 1.234,56" in text
    assert "Papelaria {{7*7}} & Filhos" in text
    assert desk.envelope(made["token"]).options.observers == ("arquivo@example.test",)
    assert desk.event_types(made["token"])[0] == "signing.envelope_created"


def test_what_was_not_given_is_left_empty(desk: Desk, template: dict[str, Any]) -> None:
    made = _create(desk, template, data=GIVEN[:1])

    assert "alugo o imóvel em ." in _text(desk, made["token"])
    assert made["answers"] == [{"variable": "NOME COMPLETO", "value": "Conceição Araújo"}]


def test_the_signer_s_name_and_the_day_fill_the_inputs_that_ask_for_them(
    desk: Desk, template: dict[str, Any]
) -> None:
    inputs = [
        {"variable": "{{NOME COMPLETO}}", "input_type": "signer_fullname"},
        {"variable": "{{data}}", "input_type": "date-signature"},
    ]
    desk.call("POST", "templates/update-form/", {"template_id": template["token"], "inputs": inputs})

    made = _create(desk, template, data={"{{cidade}}": "Itu"}, signer_name="Rui Sá")

    answers = {one["variable"]: one["value"] for one in made["answers"]}
    day = datetime.fromisoformat(made["created_at"]).astimezone(BRASILIA)
    assert answers == {"NOME COMPLETO": "Rui Sá", "data": f"{day:%d/%m/%Y}", "cidade": "Itu"}


def test_the_template_says_how_its_signer_is_identified(desk: Desk, template: dict[str, Any]) -> None:
    signer = _create(desk, template)["signers"][0]

    assert (signer["auth_mode"], signer["qualification"]) == ("assinaturaTela-tokenEmail", "locatário")
    assert (signer["blank_phone"], signer["redirect_link"]) == (True, "https://example.test/fim")


def test_one_click_and_a_code_exclude_each_other_here_too(desk: Desk, template: dict[str, Any]) -> None:
    said = {**_body(template), "one_click_active": True}

    status, answer = desk.refused("POST", "models/create-doc/", said)

    assert status == 400
    assert "não pode ser usado com one_click_active" in answer["detail"]


def test_asynchronous_creation_answers_the_token_alone(desk: Desk, template: dict[str, Any]) -> None:
    answer = desk.call("POST", "models/create-doc/async", _body(template))

    assert list(answer) == ["token"]
    assert work_off(desk, answer["token"]) is None
    assert desk.call("GET", f"docs/{answer['token']}/")["template"] == {"token": template["token"]}


def test_a_signer_with_incomplete_fields_has_the_rest_to_answer_first(
    desk: Desk, template: dict[str, Any]
) -> None:
    made = _create(desk, template, data=GIVEN[:2], signer_has_incomplete_fields=True)

    envelope = desk.envelope(made["token"])
    assert envelope.form is not None
    assert [one.variable for one in envelope.form.inputs] == ["valor", "data", "empresa"]
    assert envelope.options.sequential
    assert _text(desk, made["token"]).count("________") == 3


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"template_id": "nada"}, 404, "Não encontrado."),
        ({"signer_name": None}, 400, "Este campo é obrigatório."),
        ({"data": [{"para": "x"}]}, 400, "data.0.de"),
        ({"data": "x"}, 400, "Invalid Input"),
    ],
)
def test_what_is_missing_is_said(
    desk: Desk, template: dict[str, Any], change: dict[str, object], status: int, said: str
) -> None:
    refused, answer = desk.refused("POST", "models/create-doc/", {**_body(template), **change})

    assert refused == status
    assert said in str(answer)


def test_an_inactive_or_deleted_template_makes_nothing(desk: Desk, template: dict[str, Any]) -> None:
    path = f"templates/{template['token']}/"
    closed = (403, {"detail": "Este modelo foi excluído ou está inativo."})

    desk.call("PUT", path, {"active": False})
    assert desk.refused("POST", "models/create-doc/", _body(template)) == closed

    desk.call("PUT", path, {"active": True})
    desk.call("DELETE", path)
    assert desk.refused("POST", "models/create-doc/", _body(template)) == closed


def test_an_extra_document_is_made_of_a_template(desk: Desk, template: dict[str, Any]) -> None:
    parent = desk.create(name="Pai")["token"]

    extra = desk.call("POST", f"models/{parent}/upload-extra-doc/", _extra(template))

    assert steady(extra) == golden("extra_doc")
    assert desk.call("GET", f"docs/{parent}/")["extra_docs"][0]["token"] == extra["token"]
    again = desk.refused("POST", f"models/{extra['token']}/upload-extra-doc/", _extra(template))
    assert again == (400, {"detail": "Não é possível adicionar um anexo a outro anexo."})


def test_nothing_is_added_to_a_document_that_is_over(desk: Desk, template: dict[str, Any]) -> None:
    parent = desk.create(signers=[{"name": "B"}])["token"]
    desk.sign(parent, 0)
    deleted = desk.create()["token"]
    desk.call("DELETE", f"docs/{deleted}/")

    for token in (parent, deleted):
        assert desk.refused("POST", f"models/{token}/upload-extra-doc/", _extra(template))[0] == 400


def _body(template: dict[str, Any]) -> dict[str, Any]:
    return {
        "template_id": template["token"],
        "signer_name": "Conceição Araújo",
        "signer_email": "c@example.test",
        "data": GIVEN,
    }


def _extra(template: dict[str, Any]) -> dict[str, Any]:
    return {"template_id": template["token"], "data": GIVEN}


def _create(desk: Desk, template: dict[str, Any], **said: object) -> dict[str, Any]:
    made: dict[str, Any] = desk.call("POST", "models/create-doc/", {**_body(template), **said})
    return made


def _text(desk: Desk, token: str) -> str:
    return text_of(desk, desk.envelope(token).documents[0].original)
