"""A token out of the answer that gave it."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from lacre.webhooks.token import LONGEST_LIFE, UNKNOWN_LIFE, AccessToken, read_token
from tests.support.webhooks import NOON, an_answer


def token_in(said: object, path: str = "access_token") -> AccessToken:
    found = read_token(an_answer(200, body=json.dumps(said).encode()), path, now=NOON)
    assert isinstance(found, AccessToken), found
    return found


def life(said: object, path: str = "access_token") -> timedelta:
    return token_in(said, path).usable_until - NOON


def jwt(claims: object) -> str:
    text = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{text}.c2ln"


def test_what_stands_around_a_token_is_no_part_of_it() -> None:
    marked = b'\xef\xbb\xbf{"access_token": "t"}'

    assert token_in({"access_token": " t\n"}).value == "t"
    assert token_in({"access_token": "Bearer t"}).value == "Bearer t"
    assert isinstance(read_token(an_answer(200, body=marked), "access_token", now=NOON), AccessToken)


def test_a_token_that_cannot_be_sent_is_told_from_one_that_is_not_there() -> None:
    answer = an_answer(200, body=json.dumps({"access_token": "té"}).encode())

    assert "cannot stand in a header" in str(read_token(answer, "access_token", now=NOON))
    assert "has no token at x" in str(read_token(answer, "x", now=NOON))


def test_a_path_leads_through_objects_and_lists() -> None:
    assert token_in({"access_token": "t"}).value == "t"
    assert token_in({"data": [{"x": 1}, {"token": "t"}]}, "data.1.token").value == "t"


@pytest.mark.parametrize(
    "path", ["$.data[1].token", "data[1].token", "$['data'][1][\"token\"]", " data.1.token "]
)
def test_a_path_may_be_written_as_others_write_it(path: str) -> None:
    assert token_in({"data": [{"x": 1}, {"token": "t"}]}, path).value == "t"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({}, "access_token"),
        ([], "access_token"),
        ("access_token", "access_token"),
        ({"a": ["t"]}, "a.1"),
        ({"a": ["t"]}, "a.-1"),
        ({"a": ["t"]}, "a.9999999999999"),
        ({"a": {"b": "t"}}, "a"),
        ({"a": "t"}, "a.b"),
        ({"a": 7}, "a"),
        ({"a": None}, "a"),
        ({"a": ""}, "a"),
        ({"a": "t\r\nX-Evil: 1"}, "a"),
        ({"a": " \n"}, "a"),
        ({"a": "t\tt"}, "a"),
        ({"a": "té"}, "a"),
        ({"a": "t" * 9000}, "a"),
    ],
)
def test_what_cannot_stand_in_a_header_is_no_token(said: object, path: str) -> None:
    found = read_token(an_answer(200, body=json.dumps(said).encode()), path, now=NOON)

    assert isinstance(found, str)


@pytest.mark.parametrize("body", [b"", b"t", b"\xff\xfe", b"[" * 60_000, b'{"access_token":"t"', b"<html>"])
def test_what_is_no_json_is_no_token(body: bytes) -> None:
    assert isinstance(read_token(an_answer(200, body=body), "access_token", now=NOON), str)


@pytest.mark.parametrize("status", [302, 400, 401, 500])
def test_only_a_success_gives_a_token(status: int) -> None:
    answer = an_answer(status, body=b'{"access_token":"t"}')

    assert read_token(answer, "access_token", now=NOON) == f"the token server answered {status}"


def test_a_token_serves_until_shortly_before_it_ends() -> None:
    assert life({"access_token": "t", "expires_in": 3600}) == timedelta(seconds=3570)
    assert life({"access_token": "t", "expires_in": "100"}) == timedelta(seconds=90)
    assert life({"data": {"token": "t"}, "expires_in": 100}, "data.token") == timedelta(seconds=90)
    assert life({"data": {"token": "t", "expires_in": 10}, "expires_in": 100}, "data.token") == timedelta(
        seconds=9
    )


def test_a_token_from_before_the_clock_was_set_back_serves_no_more() -> None:
    fetched_at = NOON + timedelta(hours=3)
    token = AccessToken(value="t", fetched_at=fetched_at, usable_until=fetched_at + timedelta(hours=1))

    usable = [token.usable(at) for at in (NOON, fetched_at - timedelta(seconds=50), token.usable_until)]

    assert usable == [False, True, False]


def test_a_jwt_tells_its_end_itself() -> None:
    ends = int(NOON.timestamp()) + 600

    assert life({"access_token": jwt({"exp": ends})}) == timedelta(seconds=570)


@pytest.mark.parametrize(
    "token", ["t", "a.b.c", "a.é.c".replace("é", "%"), jwt([]), jwt({}), jwt({"exp": "soon"}), "a..c"]
)
def test_a_token_that_tells_no_end_serves_for_a_while(token: str) -> None:
    assert life({"access_token": token}) == UNKNOWN_LIFE - timedelta(seconds=30)


@pytest.mark.parametrize(
    ("expires_in", "expected"),
    [
        (0, timedelta()),
        (-5, timedelta()),
        (10**11, LONGEST_LIFE - timedelta(seconds=30)),
        (10**400, UNKNOWN_LIFE - timedelta(seconds=30)),
        (float("1e300"), UNKNOWN_LIFE - timedelta(seconds=30)),
        (True, UNKNOWN_LIFE - timedelta(seconds=30)),
        ([], UNKNOWN_LIFE - timedelta(seconds=30)),
    ],
)
def test_an_odd_lifetime_does_no_harm(expires_in: object, expected: timedelta) -> None:
    assert life({"access_token": "t", "expires_in": expires_in}) == expected


def test_infinity_does_no_harm() -> None:
    answer = an_answer(200, body=b'{"access_token":"t","expires_in":1e999}')

    assert isinstance(read_token(answer, "access_token", now=NOON), AccessToken)


def test_no_token_is_in_what_a_log_would_print() -> None:
    assert "s3cret" not in str(token_in({"access_token": "s3cret"}))
