"""Tokens, slashes, malformed bodies and pace: what holds for every call."""

from __future__ import annotations

import pytest

from lacre.dialects.zapsign.rate import PER_MINUTE
from tests.support.zapsign_desk import PDF_TEXT, Desk

NEW = {"name": "Locação", "base64_pdf": PDF_TEXT, "signers": [{"name": "Bruno"}]}


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", ""])
def test_the_token_comes_in_the_header(desk: Desk, scheme: str) -> None:
    desk.call("GET", "docs/", headers={"Authorization": scheme + desk.token})


def test_the_token_comes_in_the_query_and_stays_in_next(desk: Desk) -> None:
    for _ in range(26):
        desk.create()

    answer = desk.client.get("/api/v1/docs/", params={"api_token": desk.token}, headers={"Authorization": ""})

    assert answer.json()["next"] == f"https://lacre.test/api/v1/docs/?api_token={desk.token}&page=2"


def test_a_header_without_a_token_says_nothing_beside_the_query(desk: Desk) -> None:
    desk.call("GET", f"docs/?api_token={desk.token}", headers={"Authorization": "Bearer "})


def test_no_token_is_403(desk: Desk) -> None:
    status, why = desk.refused("GET", "docs/", headers={"Authorization": ""})

    assert (status, why) == (403, {"detail": "As credenciais de autenticação não foram fornecidas."})


def test_a_wrong_token_is_403(desk: Desk) -> None:
    status, why = desk.refused("GET", "docs/", headers={"Authorization": "Bearer x"})

    assert (status, why) == (403, {"detail": "Você não tem permissão para executar essa ação."})


@pytest.mark.parametrize("slash", ["", "/"])
def test_paths_are_answered_with_their_slash_and_without(desk: Desk, slash: str) -> None:
    made = desk.call("POST", f"docs{slash}", NEW)

    assert desk.call("DELETE", f"docs/{made['token']}{slash}")["deleted"] is True


@pytest.mark.parametrize("body", [b"{", b"[1,", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'"\\ud800"'])
def test_malformed_json_is_400(desk: Desk, body: bytes) -> None:
    answer = desk.client.post("/api/v1/docs/", content=body)

    assert (answer.status_code, answer.json()) == (400, {"detail": "O JSON enviado está inválido"})


@pytest.mark.parametrize("body", [b"[]", b"null", b"3", b'"x"', b""])
def test_json_that_is_no_object_is_400(desk: Desk, body: bytes) -> None:
    answer = desk.client.post("/api/v1/docs/", content=body)

    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid Input")


def test_null_signs_in_texts_are_refused(desk: Desk) -> None:
    status, why = desk.refused("POST", "docs/", NEW | {"name": "a\0b"})

    assert (status, why) == (400, {"detail": "Caracteres nulos não são permitidos."})


def test_a_verb_that_is_not_there_is_405(desk: Desk) -> None:
    status, why = desk.refused("PATCH", "docs/")

    assert (status, why) == (405, {"detail": 'Método "PATCH" não é permitido.'})


@pytest.mark.parametrize("token", ["0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30", "x", "%00", "1" * 5000])
@pytest.mark.parametrize("path", ["docs/{}/", "signers/{}/"])
def test_what_is_not_there_is_404(desk: Desk, path: str, token: str) -> None:
    assert desk.refused("GET", path.format(token)) == (404, {"detail": "Não encontrado."})


def test_another_accounts_document_and_signer_are_not_there(desk: Desk, stranger: Desk) -> None:
    made = desk.create()
    signer = made["signers"][0]["token"]

    for method, path in (
        ("GET", f"docs/{made['token']}/"),
        ("DELETE", f"docs/{made['token']}/"),
        ("POST", f"docs/{made['token']}/reprocess-doc/"),
        ("GET", f"signers/{signer}/"),
        ("POST", f"signers/{signer}/"),
        ("DELETE", f"signer/{signer}/remove/"),
    ):
        assert stranger.refused(method, path, {}) == (404, {"detail": "Não encontrado."})
    assert stranger.call("GET", "docs/")["count"] == 0


def test_the_five_hundred_and_first_request_of_a_minute_is_429(desk: Desk) -> None:
    answers = [desk.client.get("/api/v1/docs/x/").status_code for _ in range(PER_MINUTE + 1)]

    assert (set(answers[:-1]), answers[-1]) == ({404}, 429)


def test_the_next_minute_is_a_new_one(desk: Desk) -> None:
    for _ in range(PER_MINUTE + 1):
        desk.client.get("/api/v1/docs/x/")

    desk.installation.clock.push(minutes=1)

    assert desk.client.get("/api/v1/docs/").status_code == 200
