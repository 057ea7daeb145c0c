"""The way in: keys, pace, bodies of every form, and refusals in one shape."""

from __future__ import annotations

from base64 import b64encode

import pytest

from lacre.dialects.fastnotas.rate import PER_MINUTE
from tests.support.fastnotas_desk import FiscalDesk, Installation, basic


@pytest.mark.parametrize("authorization", ["", "Basic", "Basic !!!", basic("nobody"), "Bearer x"])
def test_who_has_no_key_is_not_let_in(desk: FiscalDesk, authorization: str) -> None:
    answer = desk.ask("GET", "company", headers={"Authorization": authorization})

    assert (answer.status_code, answer.json()) == (401, {"error": "Chave de API ausente ou inválida."})
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_key_may_come_without_its_colon(desk: FiscalDesk) -> None:
    header = f"Basic {b64encode(desk.key.encode()).decode()}"

    assert desk.ask("GET", "customers", headers={"Authorization": header}).status_code == 200


def test_every_answer_says_what_is_left_of_the_minute(desk: FiscalDesk) -> None:
    desk.installation.clock.push(minutes=1)
    first, second = desk.ask("GET", "customers"), desk.ask("GET", "customers/nobody")

    assert first.headers["Rate-Limit-Limit"] == str(PER_MINUTE) == "120"
    left = [int(one.headers["Rate-Limit-Remaining"]) for one in (first, second)]
    assert left[0] - left[1] in (1, -118)
    assert int(first.headers["Rate-Limit-Reset"]) % 60 == 0


def test_one_request_too_many_is_told_when_to_come_back(installation: Installation) -> None:
    desk = installation.desk()
    installation.clock.push(minutes=1)
    asked = [desk.client.get("/v1/customers") for _ in range(PER_MINUTE + 1)]

    assert {one.status_code for one in asked[:-1]} == {200}
    last = asked[-1]
    assert (last.status_code, last.headers["Rate-Limit-Remaining"]) == (429, "0")
    assert 0 < int(last.headers["Retry-After"]) <= 60


def test_a_path_with_a_slash_is_the_same(desk: FiscalDesk) -> None:
    assert desk.ask("GET", "customers/").json() == desk.ask("GET", "customers").json() == []


def test_a_verb_that_a_path_does_not_know_is_405(desk: FiscalDesk) -> None:
    answer = desk.ask("DELETE", "customers")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("content", [b"{", b'{"name": NaN}', b'{"name": "\\u0000"}'])
def test_what_is_no_json_is_400(desk: FiscalDesk, content: bytes) -> None:
    answer = desk.ask("POST", "customers", content=content, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["application/api+json", "application/x-www-form-urlencoded", ""])
def test_a_form_is_read_whatever_it_is_called(desk: FiscalDesk, kind: str) -> None:
    content = b"name=Ana&registry_code=52998224725&email=a%40x.test&address[zipcode]=1&address[number]=2"

    answer = desk.ask("POST", "customers", content=content, headers={"Content-Type": kind})

    assert answer.status_code == 201


def test_json_is_read_as_their_client_calls_it(desk: FiscalDesk) -> None:
    answer = desk.ask("POST", "items", content=b"[]", headers={"Content-Type": "application/api+json"})

    assert (answer.status_code, answer.json()) == (422, {"errors": {"base": ["não é válido"]}})


def test_a_body_that_is_too_large_is_refused(desk: FiscalDesk) -> None:
    assert desk.ask("POST", "customers", content=b"x" * 3_000_000).status_code == 413


def test_a_form_that_contradicts_itself_is_refused(desk: FiscalDesk) -> None:
    answer = desk.ask(
        "POST",
        "customers",
        content=b"address=x&address[zipcode]=1",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert (answer.status_code, answer.json()) == (
        422,
        {"errors": {"address[zipcode]": ["contradiz outro campo"]}},
    )
