"""How a receiver lets us in, said through our API and never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.kit.ids import EndpointId
from lacre.webhooks.authorization import Authorization, Basic, ClientCredentials, Fetched, Fixed
from tests.support.native_desk import Desk, uuid_of

TOKEN_URL = "https://auth.test/token"
FORM = {"name": "Content-Type", "value": "application/x-www-form-urlencoded"}
SAID: dict[str, dict[str, Any]] = {
    "fixed": {"header": "X-Key", "value": "tell-nobody"},
    "basic": {"user": "ana", "password": "tell-nobody"},
    "fetched": {
        "url": f"{TOKEN_URL}?key=tell-nobody",
        "method": "PUT",
        "headers": [FORM],
        "body": {"auth": {"password": "tell-nobody"}, "n": 1},
        "token_path": "data.token",
        "header": "X-Token",
        "prefix": "",
    },
    "client_credentials": {
        "token_url": TOKEN_URL,
        "client_id": "ana",
        "client_secret": "tell-nobody",
        "scope": "hooks",
        "client_in": "body",
    },
}
CLIENT = {"kind": "client_credentials", **SAID["client_credentials"]}
KEPT: dict[str, Authorization] = {
    "fixed": Fixed(header="X-Key", value="tell-nobody"),
    "basic": Basic(user="ana", password="tell-nobody"),
    "fetched": Fetched(
        url=f"{TOKEN_URL}?key=tell-nobody",
        method="PUT",
        headers=(("Content-Type", FORM["value"]),),
        body={"auth": {"password": "tell-nobody"}, "n": 1},
        token_path="data.token",
        header="X-Token",
        prefix="",
    ),
    "client_credentials": ClientCredentials(
        token_url=TOKEN_URL, client_id="ana", client_secret="tell-nobody", scope="hooks", in_body=True
    ),
}


def kept(desk: Desk, shown: dict[str, Any]) -> Authorization | None:
    with desk.services.open_work() as work:
        found = work.endpoints.get(desk.account_id, EndpointId(uuid_of("ep", shown["id"])))
    return found.secrets.authorization


@pytest.mark.parametrize("kind", SAID)
def test_an_authorization_is_kept_and_its_secrets_are_not_shown(desk: Desk, kind: str) -> None:
    made = desk.subscribe(authorization={"kind": kind, **SAID[kind]})

    read = desk.call("GET", f"endpoints/{made['id']}")

    assert kept(desk, made) == KEPT[kind]
    assert read["authorization"]["kind"] == kind
    assert "tell-nobody" not in str(made) + str(read)


def test_what_is_shown_says_where_tokens_come_from(desk: Desk) -> None:
    made = desk.subscribe(authorization={"kind": "fetched", **SAID["fetched"]})

    shown = {name: value for name, value in made["authorization"].items() if value is not None}
    assert shown == {
        "kind": "fetched",
        "header": "X-Token",
        "url": TOKEN_URL,
        "method": "PUT",
        "token_path": "data.token",
    }


def test_an_authorization_is_changed_left_alone_and_taken_away(desk: Desk) -> None:
    made = desk.subscribe(authorization={"kind": "basic", **SAID["basic"]})

    desk.call("PATCH", f"endpoints/{made['id']}", {"description": "x"})
    assert kept(desk, made) == KEPT["basic"]
    desk.call("PATCH", f"endpoints/{made['id']}", {"authorization": {"kind": "fixed", **SAID["fixed"]}})
    assert kept(desk, made) == KEPT["fixed"]
    changed = desk.call("PATCH", f"endpoints/{made['id']}", {"authorization": {"kind": "none"}})
    assert (kept(desk, made), changed["authorization"]) == (None, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "basic", "user": "a:b", "password": "x"}, "authorization_not_usable"),
        ({"kind": "fixed", "value": "a\r\nX-B: c"}, "header_not_allowed"),
        ({"kind": "fixed", "header": "Host", "value": "x"}, "header_not_allowed"),
        ({"kind": "fetched", "url": "file:///etc/passwd"}, "url_not_allowed"),
        ({"kind": "fetched", "url": TOKEN_URL, "method": "TRACE"}, "validation_failed"),
        ({"kind": "fetched", "url": TOKEN_URL, "body": 7}, "validation_failed"),
        ({"kind": "magic"}, "validation_failed"),
    ],
)
def test_what_can_never_work_is_refused_at_once(desk: Desk, said: dict[str, Any], code: str) -> None:
    whole = {"url": "https://client.test/", "authorization": said}

    assert desk.refused("POST", "endpoints", whole) == (422, code)


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"kind": "magic"}, {"#/authorization"}),
        ({"kind": "fetched"}, {"#/authorization/url"}),
        ({"kind": "fetched", "url": TOKEN_URL, "prefix": "a\nb"}, {"#/authorization/prefix"}),
        ({"kind": "fetched", "url": TOKEN_URL, "body": 7}, {"#/authorization/body"}),
        ({"kind": "fetched", "url": TOKEN_URL, "headers": [FORM, {}]}, {"#/authorization/headers/1/name"}),
        ({"kind": "fetched", "url": "ftp://x"}, {"#/authorization/url"}),
        ({"kind": "fetched", "url": TOKEN_URL, "header": "Host"}, {"#/authorization"}),
        (CLIENT | {"token_url": "http://a:b@auth.test/"}, {"#/authorization/token_url"}),
    ],
)
def test_what_is_wrong_is_pointed_at_in_what_was_sent(
    desk: Desk, said: dict[str, Any], pointers: set[str]
) -> None:
    whole = {"url": "https://client.test/", "authorization": said}

    assert set(desk.pointers("POST", "endpoints", whole)) == pointers
