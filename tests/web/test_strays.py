"""An address that a vendor's API does not have is refused in that vendor's words, and not by a page."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

Browser = httpx2.Client
ZAPSIGN = {"detail": "Não encontrado."}
ARQSIGN = {"codigo": 404, "mensagem": "Método não encontrado."}
IDEXA = {"statusCode": 404, "message": "Não encontrado.", "error": "Not Found"}
FAST_NOTAS = {"error": "Recurso não encontrado."}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/api/v1", ZAPSIGN),
        ("/api/v1/nada/", ZAPSIGN),
        ("/api/v1/docs/async/mais/", ZAPSIGN),
        ("/api/v2", ARQSIGN),
        ("/api/v2/nada", ARQSIGN),
        ("/api/v1/conta", ARQSIGN),
        ("/api/v1/processo/x/nada", ARQSIGN),
        ("/v2//API/v2/Processo/x/nada", ARQSIGN),
        ("/api_document", IDEXA),
        ("/api_document/nada", IDEXA),
        ("/documents/upload/nada", IDEXA),
        ("/v1", FAST_NOTAS),
        ("/v1/nada", FAST_NOTAS),
    ],
)
@pytest.mark.parametrize("verb", ["GET", "POST", "DELETE", "OPTIONS", "PURGE"])
def test_it_is_refused_in_the_vendors_words(
    client: Browser, address: str, said: dict[str, Any], verb: str
) -> None:
    answer = client.request(verb, address)

    assert (answer.status_code, answer.json()) == (404, said)


@pytest.mark.parametrize(
    ("address", "status", "allowed"),
    [
        ("/api/v1/docs/", 405, "GET, POST"),
        ("/api/v1/confwebhook", 404, None),
        ("/documents", 405, "GET, POST"),
        ("/v1/customers", 405, "GET, POST"),
    ],
)
@pytest.mark.parametrize("verb", ["PATCH", "OPTIONS", "TRACE", "PURGE"])
def test_so_is_a_method_that_an_address_does_not_have(
    client: Browser, address: str, status: int, allowed: str | None, verb: str
) -> None:
    answer = client.request(verb, address)

    assert (answer.status_code, answer.headers.get("allow")) == (status, allowed)
    assert answer.headers["content-type"] == "application/json"


def test_both_vendors_of_version_1_are_answered(client: Browser) -> None:
    statuses = [
        client.get(path).status_code for path in ("/api/v1/conta/papeis-signatarios", "/api/v1/docs/")
    ]

    assert statuses == [401, 403]


def test_people_still_get_a_page(client: Browser) -> None:
    answer = client.get("/nada")

    assert answer.status_code == 404
    assert "<!doctype html>" in answer.text
