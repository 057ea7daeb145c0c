"""Templates are made, read, listed, changed and deleted; each answer as its golden file has it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialects.zapsign.templates.lease import LEASE, golden, in_base64, steady
from tests.support.docx import docx_of
from tests.support.zapsign_desk import Desk, Installation


def test_a_template_is_answered_whole(desk: Desk, template: dict[str, Any]) -> None:
    assert list(template) == list(golden("template"))
    assert steady(template) == golden("template")
    assert steady(desk.call("GET", f"templates/{template['token']}")) == golden("template")


@pytest.mark.parametrize("name", ["docx_url", "url_docx"])
def test_a_template_comes_from_a_url_too(desk: Desk, installation: Installation, name: str) -> None:
    installation.shelf.files["https://files.test/l.docx"] = LEASE

    made = desk.call("POST", "templates/create", {"name": "L", name: "https://files.test/l.docx"})

    assert [one["variable"] for one in made["inputs"]][:2] == ["{{NOME COMPLETO}}", "{{cidade}}"]


def test_the_list_has_pages_of_twenty_without_signers_and_inputs(
    desk: Desk, template: dict[str, Any]
) -> None:
    for number in range(20):
        desk.call("POST", "templates/create/", {"name": f"T{number}", "base64_docx": in_base64(LEASE)})

    first, second = desk.call("GET", "templates/"), desk.call("GET", "templates/?page=2")

    assert (first["count"], len(first["results"])) == (21, 20)
    assert first["next"] == "https://lacre.test/api/v1/templates/?page=2"
    assert [one["token"] for one in second["results"]] == [template["token"]]
    assert steady(second["results"]) == [golden("template_listed")]
    assert desk.refused("GET", "templates/?page=9") == (404, {"detail": "Página inválida."})


def test_the_form_is_changed_input_by_input(desk: Desk, template: dict[str, Any]) -> None:
    said = {
        "template_id": template["token"],
        "custom_intro": "Preencha com calma.",
        "youtube_video_code": "abc123",
        "inputs": [
            {
                "variable": "{{cidade}}",
                "input_type": "dopdown-list",
                "label": "Cidade do imóvel",
                "help_text": "Onde fica",
                "options": "São Luís; Itu; Natal",
                "required": False,
                "order": 1,
            },
            {"variable": "{{valor}}", "input_type": "dinheiro", "label": "Aluguel", "order": 2},
        ],
    }

    changed = desk.call("POST", "templates/update-form/", said)

    assert steady(changed) == golden("template_form")


INPUT_TYPES = [
    "input", "email", "phone_br", "signer_fullname", "radio", "dopdown-list", "checklist", "date", "ext-date",
    "date-signature", "cpf", "cnpj", "dinheiro",
]  # fmt: skip


def test_every_input_type_is_kept_as_it_was_said(desk: Desk, template: dict[str, Any]) -> None:
    for kind in INPUT_TYPES:
        one = {"variable": "{{cidade}}", "input_type": kind, "options": "A; B"}
        said = {"template_id": template["token"], "inputs": [one]}

        inputs = desk.call("POST", "templates/update-form/", said)["inputs"]

        assert [one["input_type"] for one in inputs if one["variable"] == "{{cidade}}"] == [kind]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"variable": "{{mar}}"}, "O modelo não tem a variável 'mar'."),
        ({"variable": "{{cidade}}", "input_type": "radio"}, "A variável 'cidade' precisa de opções."),
        ({"variable": "{{cidade}}", "input_type": "mapa"}, "O input_type 'mapa' não existe."),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(
    desk: Desk, template: dict[str, Any], one: dict[str, str], said: str
) -> None:
    body = {"template_id": template["token"], "inputs": [one]}

    assert desk.refused("POST", "templates/update-form/", body) == (400, {"detail": said})


def test_a_change_leaves_alone_what_it_does_not_name(desk: Desk, template: dict[str, Any]) -> None:
    changed = desk.call("PUT", f"templates/{template['token']}/", {"name": "Nova", "lang": "es"})

    assert steady(changed) == {**golden("template"), "name": "Nova", "lang": "es"}


def test_a_deleted_template_is_gone(desk: Desk, template: dict[str, Any]) -> None:
    path = f"templates/{template['token']}/"

    assert desk.call("DELETE", path) == {"message": "Modelo excluído com sucesso."}

    for method in ("GET", "PUT", "DELETE"):
        assert desk.refused(method, path, {}) == (404, {"detail": "Não encontrado."})
    assert desk.call("GET", "templates/")["count"] == 0


def test_nobody_sees_another_account_s(desk: Desk, stranger: Desk, template: dict[str, Any]) -> None:
    path = f"templates/{template['token']}/"

    for method in ("GET", "PUT", "DELETE"):
        assert stranger.refused(method, path, {})[0] == 404
    body = {"template_id": template["token"], "signer_name": "X"}
    assert stranger.refused("POST", "models/create-doc/", body)[0] == 404
    assert stranger.refused("POST", "templates/update-form/", body)[0] == 404
    assert desk.call("GET", path)["name"] == "Locação"


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"name": "x"}, "base64_docx ou markdown_text"),
        ({"base64_docx": "x"}, "Invalid Input"),
        ({"name": "x", "base64_docx": in_base64(b"%PDF-1.7")}, "O arquivo não é um DOCX."),
        ({"name": "x", "base64_docx": in_base64(docx_of("a")[:500])}, "corrompido"),
        ({"name": "x", "base64_docx": in_base64(LEASE), "redirect_link": "javascript:1"}, "http://"),
        ({"name": "x", "docx_url": "https://nowhere.test/x"}, "não pôde ser baixado"),
    ],
)
def test_what_is_no_template_is_refused(desk: Desk, said: dict[str, str], part: str) -> None:
    status, answer = desk.refused("POST", "templates/create/", said)

    assert status == 400
    assert part in str(answer)
