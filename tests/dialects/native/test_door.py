"""The door of our API: keys, problems, and requests that come twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from lacre.dialects.native.problems import STATUSES
from lacre.dialects.native.routes import routes
from lacre.kit.ids import new_uuid
from lacre.kit.refusal import Refusal
from lacre.signing import errors
from lacre.webhooks import errors as webhook_errors
from tests.support.native_desk import PDF, Desk, a_contract

KEY = {"Idempotency-Key": "order-77"}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key_missing"),
        ({"Authorization": "lacre_x"}, "key_missing"),
        ({"Authorization": "Bearer "}, "key_missing"),
        ({"Authorization": "Basic YTpi"}, "key_missing"),
        ({"Authorization": "Bearer lacre_x"}, "key_unknown"),
    ],
)
def test_nothing_is_answered_without_a_valid_key(desk: Desk, headers: dict[str, str], code: str) -> None:
    client = TestClient(Starlette(routes=routes(desk.services)))

    answer = client.post("/api/lacre/v1/envelopes", headers=headers, content=b"{not even JSON")

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_key_opens_nothing(desk: Desk) -> None:
    with desk.services.open_work() as work:
        (key,) = work.accounts.keys(desk.account_id)
        work.accounts.revoke_key(desk.account_id, key.id, now=desk.installation.clock())

    assert desk.refused("GET", "envelopes") == (401, "key_unknown")


def test_a_key_of_another_dialect_opens_nothing(desk: Desk) -> None:
    with desk.services.open_work() as work:
        (key,) = work.accounts.keys(desk.account_id)
        digest = desk.services.tokens.digest("theirs")
        work.accounts.add_key(replace(key, id=new_uuid(), dialect="zapsign", digest=digest))

    assert desk.refused("GET", "envelopes", headers={"Authorization": "Bearer theirs"})[0] == 401


def test_a_problem_says_everything_that_is_wrong(desk: Desk) -> None:
    said = {"title": "", "signers": [{"name": "Bruno", "emial": "x", "email": "nobody"}], "send": "perhaps"}

    answer = desk.ask("POST", "envelopes", said)

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (422, "validation_failed", 422)
    assert [one["pointer"] for one in problem["errors"]] == [
        "#/title",
        "#/signers/0/email",
        "#/signers/0/emial",
        "#/send",
    ]
    assert all(one["detail"] for one in problem["errors"])
    assert problem["title"] == "Validation failed"


def test_a_query_that_is_wrong_is_pointed_at_too(desk: Desk) -> None:
    assert desk.pointers("GET", "envelopes", params={"limit": 0, "created_from": "1066-10-14"}) == [
        "?created_from",
        "?limit",
    ]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "nothing", (404, "not_found")),
        ("GET", "envelopes/", (404, "not_found")),
        ("PUT", "envelopes", (405, "method_not_allowed")),
        ("GET", "envelopes/env_x", (404, "not_found")),
        ("GET", "envelopes/ep_" + "0" * 32, (404, "not_found")),
        ("GET", "deliveries/%00", (404, "not_found")),
    ],
)
def test_what_is_not_there_is_a_problem_too(
    desk: Desk, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert desk.refused(method, path) == expected


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"title": "\\ud800"}', b"NaN", b""])
def test_a_body_that_is_no_json_is_refused(desk: Desk, body: bytes) -> None:
    answer = desk.ask("POST", "envelopes", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--b\r\n\r\n--b--"),
        ("multipart/form-data; boundary=a", b"--a\r\nnonsense\r\n\r\nx\r\n--a--\r\n"),
    ],
)
def test_a_form_that_is_none_is_refused(desk: Desk, content_type: str, body: bytes) -> None:
    answer = desk.ask("POST", "envelopes", content=body, headers={"Content-Type": content_type})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_two_parts_of_one_name_are_refused(desk: Desk) -> None:
    files = [("f", ("a.pdf", PDF)), ("f", ("b.pdf", PDF))]

    assert desk.refused("POST", "envelopes", data={"json": "{}"}, files=files) == (422, "malformed_form")


def test_the_same_request_with_the_same_key_does_its_work_once(desk: Desk) -> None:
    first = desk.ask("POST", "envelopes", a_contract(), headers=KEY)
    second = desk.ask("POST", "envelopes", a_contract(), headers=KEY)

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["idempotency-replayed"] == "true"
    assert len(desk.call("GET", "envelopes")["data"]) == 1


def test_a_form_sent_again_is_the_same_request_whatever_its_boundaries(desk: Desk) -> None:
    said = {"json": json.dumps({"title": "x", "signers": [{"name": "Bruno"}]})}

    ids = {
        desk.call("POST", "envelopes", data=said, files={"f": ("a.pdf", PDF)}, headers=KEY)["id"]
        for _ in range(2)
    }

    assert len(ids) == 1


def test_another_request_with_the_same_key_is_refused(desk: Desk) -> None:
    desk.ask("POST", "envelopes", a_contract(), headers=KEY)

    for path, said in (("envelopes", a_contract(title="Venda")), ("endpoints", a_contract())):
        assert desk.refused("POST", path, said, headers=KEY) == (422, "idempotency_key_reused")


def test_a_refused_request_may_be_mended_and_sent_with_its_key(desk: Desk) -> None:
    desk.refused("POST", "envelopes", a_contract(title=""), headers=KEY)

    assert desk.ask("POST", "envelopes", a_contract(), headers=KEY).status_code == 201


def test_keys_belong_to_their_account(desk: Desk, stranger: Desk) -> None:
    mine = desk.ask("POST", "envelopes", a_contract(), headers=KEY).json()

    theirs = stranger.ask("POST", "envelopes", a_contract(), headers=KEY).json()

    assert mine["id"] != theirs["id"]


@pytest.mark.parametrize("key", ["", "é", "x" * 256])
def test_a_key_that_cannot_be_kept_is_refused(desk: Desk, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}

    refused = desk.refused("POST", "envelopes", a_contract(), headers=headers)

    assert refused == (400, "idempotency_key_invalid")


def test_one_of_many_at_once_does_the_work(desk: Desk) -> None:
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(desk.ask("POST", "endpoints", {"url": "https://c.test/"}, headers=KEY).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {201, 409}
    assert len(desk.call("GET", "endpoints")["data"]) == 1


def test_a_rotated_secret_is_given_again_to_the_same_request(desk: Desk) -> None:
    path = f"endpoints/{desk.subscribe()['id']}/rotate-secret"

    first, second = (desk.call("POST", path, headers=KEY)["secret"] for _ in range(2))

    assert first == second


def test_every_refusal_has_a_status() -> None:
    ours = {
        kind
        for module in (errors, webhook_errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
    }

    assert ours <= set(STATUSES)


@pytest.mark.parametrize(("status", "code"), [(413, "request_too_large"), (408, "request_too_slow")])
def test_a_body_that_breaks_a_limit_is_a_problem_too(desk: Desk, status: int, code: str) -> None:
    def broken() -> Iterator[bytes]:
        yield b"{"
        raise HTTPException(status, "Too much.")

    assert desk.refused("POST", "envelopes", content=broken()) == (status, code)


def test_the_reference_shows_every_operation_and_nothing_from_elsewhere(desk: Desk) -> None:
    client = TestClient(Starlette(routes=routes(desk.services)))

    described = client.get("/api/lacre/v1/openapi.json").json()
    page = client.get("/docs").text

    operations = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(operations) == len(set(operations)) >= 30
    assert all(f'id="{name}"' in page for name in operations)
    assert "<script" not in page
    assert 'src="http' not in page
    assert client.get("/docs/reference.css").headers["content-type"].startswith("text/css")
