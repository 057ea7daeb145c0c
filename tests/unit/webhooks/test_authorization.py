"""How a receiver lets us in: as headers to add, or as a request for a token."""

from __future__ import annotations

import base64

import pytest

from lacre.kit.refusal import Refusal
from lacre.webhooks.authorization import (
    Authorization,
    Basic,
    ClientCredentials,
    Fetched,
    Fixed,
    as_fetched,
    asking,
    bearing,
    check_authorization,
    headers_of,
    with_headers,
)
from lacre.webhooks.request import Request
from tests.support.webhooks import a_request

TOKEN_URL = "https://auth.example/token"
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def asked(authorization: Fetched | ClientCredentials) -> Request:
    return asking(as_fetched(authorization), 7)


def test_a_fixed_value_and_a_password_are_headers() -> None:
    assert headers_of(Fixed(header="X-Key", value="k")) == (("X-Key", "k"),)
    assert headers_of(Basic(user="ana", password="é:")) == (("Authorization", "Basic YW5hOsOpOg=="),)


def test_a_token_goes_behind_its_prefix_into_its_header() -> None:
    assert bearing(Fetched(url=TOKEN_URL), "t") == (("Authorization", "Bearer t"),)
    assert bearing(Fetched(url=TOKEN_URL, header="X-Token", prefix=""), "t") == (("X-Token", "t"),)


@pytest.mark.parametrize(("prefix", "token"), [("Bearer ", "t"), ("Bearer", "Bearer t"), ("", "Bearer t")])
def test_a_prefix_is_said_once_and_with_one_space(prefix: str, token: str) -> None:
    assert bearing(Fetched(url=TOKEN_URL, prefix=prefix), token) == (("Authorization", "Bearer t"),)


def test_without_a_token_one_is_asked_for_in_json() -> None:
    request = asked(Fetched(url=TOKEN_URL, body={"user": "ana", "n": 1}))

    assert (request.method, request.url, request.deadline_seconds) == ("POST", TOKEN_URL, 7)
    assert ("Content-Type", "application/json") in request.headers
    assert request.body == b'{"user":"ana","n":1}'


def test_the_content_type_makes_the_body_a_form() -> None:
    request = asked(Fetched(url=TOKEN_URL, headers=(FORM,), body={"user": "a&b", "all": True}))

    assert request.body == b"user=a%26b&all=true"
    assert [value for name, value in request.headers if name == "Content-Type"] == [FORM[1]]


def test_a_text_is_sent_as_it_is_and_a_get_has_no_body() -> None:
    assert asked(Fetched(url=TOKEN_URL, body="<x/>")).body == b"<x/>"
    assert asked(Fetched(url=TOKEN_URL, method="GET", body="<x/>")).body == b""


def test_a_client_says_who_it_is_by_basic_authentication() -> None:
    client = ClientCredentials(token_url=TOKEN_URL, client_id="a:b", client_secret="c d", scope="x y")
    request = asked(client)

    said = base64.b64encode(b"a%3Ab:c+d").decode()
    assert ("Authorization", f"Basic {said}") in request.headers
    assert (request.body, FORM in request.headers) == (b"grant_type=client_credentials&scope=x+y", True)


def test_a_client_may_say_who_it_is_in_the_form() -> None:
    client = ClientCredentials(
        token_url=TOKEN_URL, client_id="a", client_secret="b", audience="c", in_body=True
    )
    request = asked(client)

    assert request.body == b"grant_type=client_credentials&audience=c&client_id=a&client_secret=b"
    assert "authorization" not in {name.lower() for name, _ in request.headers}


def test_what_is_added_replaces_what_was_there() -> None:
    request = a_request(headers=(("authorization", "old"), ("X-A", "1")))

    assert with_headers(request, (("Authorization", "new"),)).headers == (
        ("X-A", "1"),
        ("Authorization", "new"),
    )


def test_no_secret_is_in_what_a_log_would_print() -> None:
    printed = str(
        [
            Fixed(value="s3cret"),
            Basic(user="u", password="s3cret"),
            Fetched(url=TOKEN_URL, headers=(("X", "s3cret"),), body={"p": "s3cret"}),
            ClientCredentials(token_url=TOKEN_URL, client_id="a", client_secret="s3cret"),
        ]
    )

    assert "s3cret" not in printed


@pytest.mark.parametrize(
    "wrong",
    [
        Fixed(header="Host", value="x"),
        Fixed(header="X-A", value="a\r\nX-B: c"),
        Basic(user="a:b", password=""),
        Basic(user="", password="x"),
        Fetched(url="file:///etc/passwd"),
        Fetched(url="https://u:p@auth.example/"),
        Fetched(url=TOKEN_URL, method="TRACE"),
        Fetched(url=TOKEN_URL, header="Content-Length"),
        Fetched(url=TOKEN_URL, prefix="Bearer\n"),
        Fetched(url=TOKEN_URL, headers=(("Transfer-Encoding", "chunked"),)),
        Fetched(url=TOKEN_URL, token_path=""),
        Fetched(url=TOKEN_URL, body="x" * 17_000),
        ClientCredentials(token_url=TOKEN_URL, client_id="", client_secret="x"),
        ClientCredentials(token_url="", client_id="x", client_secret="x"),
    ],
)
def test_what_can_never_be_sent_is_refused_at_save(wrong: Authorization) -> None:
    with pytest.raises(Refusal):
        check_authorization(wrong)


def test_what_can_be_sent_is_not_refused() -> None:
    for right in (
        Fixed(value="Bearer x"),
        Basic(user="ana", password="é"),
        Fetched(url=TOKEN_URL, prefix=""),
        ClientCredentials(token_url=TOKEN_URL, client_id="a", client_secret="b"),
    ):
        check_authorization(right)
