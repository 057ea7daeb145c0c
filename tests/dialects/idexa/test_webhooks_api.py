"""Webhooks: one of each type, created with all that IDEXA knows, and never more shown than may be."""

from __future__ import annotations

import re

import pytest

from lacre.kit.ids import as_uuid
from lacre.webhooks.authorization import Fetched, Fixed
from tests.support.idexa_desk import Desk

WHOLE = {
    "name": "Webhook 1",
    "type": 0,
    "method": "POST",
    "headers": {"Content-Type": "application/json"},
    "headerAuth": "Bearer",
    "url": "http://erp.test:5000/ocr_feedback/:id",
    "authorization": None,
    "authorizationUrl": "http://erp.test:5000/login",
    "authorizationMethod": "POST",
    "authorizationHeaders": {"Content-Type": "application/x-www-form-urlencoded"},
    "authorizationBody": {"username": "root", "password": "root"},
    "authorizationResponseTokenAttr": "access_token",
}
KEYS = [
    "id", "clientId", "name", "type", "method", "headers", "headerAuth", "url", "authorization",
    "authorizationUrl", "authorizationMethod", "authorizationHeaders", "authorizationResponseTokenAttr",
    "createdAt", "updatedAt",
]  # fmt: skip
LOGIN = "http://erp.test/login"
LEAST = {"name": "W", "type": 0, "method": "post", "url": "https://erp.test/ocr/:id"}


@pytest.mark.parametrize("path", ["/document_webhooks", "/api_document/document_webhooks"])
def test_it_answers_what_was_sent_and_never_the_body_of_the_authorization(desk: Desk, path: str) -> None:
    said = desk.call("POST", path, WHOLE)

    assert list(said) == KEYS
    assert as_uuid(said["id"])
    assert said["clientId"] == desk.account_id
    assert {name: said[name] for name in WHOLE if name in said} == {
        name: value for name, value in WHOLE.items() if name != "authorizationBody"
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}-03:00", said["createdAt"])
    assert "root" not in str(said)


def test_what_is_left_empty_is_as_if_not_said(desk: Desk) -> None:
    texts = ("authorization", "authorizationUrl", "authorizationMethod", "authorizationResponseTokenAttr")

    said = desk.call("POST", "/document_webhooks", LEAST | dict.fromkeys(texts, ""))

    assert (said["authorizationMethod"], said["authorizationUrl"]) == (None, None)


@pytest.mark.parametrize(
    ("said", "name"),
    [({"headers": {"X-Key": None}}, "headers"), ({"authorizationBody": 3}, "authorizationBody")],
)
def test_what_is_wrong_is_called_by_the_name_of_its_field(
    desk: Desk, said: dict[str, object], name: str
) -> None:
    refused = desk.refused("POST", "/document_webhooks", LEAST | said)

    assert refused == (400, f"{name}: valor inválido.")


def test_there_is_one_of_a_type_and_another_once_it_is_deleted(desk: Desk) -> None:
    first = desk.call("POST", "/document_webhooks", LEAST)

    status, message = desk.refused("POST", "/api_document/document_webhooks", LEAST)
    assert (status, message[:40]) == (409, "Já existe um webhook deste tipo. Para al")

    assert desk.call("DELETE", f"/document_webhooks/{first['id']}") == {"message": "Webhook excluído."}
    assert desk.call("GET", "/document_webhooks") == []
    desk.call("POST", "/document_webhooks", LEAST)


def test_later_on_secrets_are_shown_to_nobody(desk: Desk) -> None:
    given = {**LEAST, "authorization": "Bearer eyJ0eXAi", "headers": {"X-Token": "segredo", "Accept": "*/*"}}
    created = desk.call("POST", "/document_webhooks", given)

    (listed,) = desk.call("GET", "/document_webhooks")

    assert created["authorization"] == "Bearer eyJ0eXAi"
    assert (listed["authorization"], listed["headers"]) == ("•••", {"X-Token": "•••", "Accept": "*/*"})
    assert desk.call("GET", f"/document_webhooks/{listed['id']}") == listed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"url": "https://erp.test/ocr"}, "A url deve ter ':id' no caminho ou em um parâmetro."),
        ({"url": "https://erp.test:idx/ocr"}, "A url deve ter ':id' no caminho ou em um parâmetro."),
        ({"url": "ftp://erp.test/:id"}, "A url não pode receber webhooks."),
        ({"type": 1}, "O tipo de webhook 1 não existe: use 0 (documento finalizado)."),
        ({"method": "PATCH"}, "method: valor inválido."),
        ({"name": ""}, "name: valor inválido."),
        ({"headers": {"Host": "x"}}, "O header 'Host' não pode ser enviado."),
        ({"authorizationUrl": "nowhere"}, "A url não pode receber webhooks."),
    ],
)
def test_what_could_never_be_sent_is_refused(desk: Desk, change: dict[str, object], message: str) -> None:
    assert desk.refused("POST", "/document_webhooks", {**LEAST, **change}) == (400, message)


def test_no_account_sees_another_s(desk: Desk, stranger: Desk) -> None:
    mine = desk.call("POST", "/document_webhooks", LEAST)["id"]

    assert stranger.call("GET", "/document_webhooks") == []
    assert stranger.refused("GET", f"/document_webhooks/{mine}") == (404, "Não encontrado.")
    assert stranger.refused("DELETE", f"/document_webhooks/{mine}") == (404, "Não encontrado.")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"authorization": "Basic abc"}, Fixed(value="Basic abc")),
        ({"authorization": "Basic abc", "authorizationUrl": LOGIN}, Fixed(value="Basic abc")),
        ({"authorizationUrl": LOGIN}, Fetched(url=LOGIN)),
        (
            {"authorizationUrl": LOGIN, "headerAuth": "", "authorizationResponseTokenAttr": "a.b"},
            Fetched(url=LOGIN, prefix="", token_path="a.b"),
        ),
        ({}, None),
    ],
)  # fmt: skip
def test_a_fixed_authorization_goes_before_one_to_be_fetched(
    desk: Desk, more: dict[str, str], wanted: object
) -> None:
    desk.call("POST", "/document_webhooks", {**LEAST, **more})

    with desk.services.open_work() as work:
        (endpoint,) = work.endpoints.of_account(desk.account_id)
    assert endpoint.secrets.authorization == wanted
