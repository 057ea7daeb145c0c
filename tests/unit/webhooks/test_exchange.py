"""What is kept of one attempt."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import pytest

from lacre.webhooks.delivery import Attempt
from lacre.webhooks.endpoint import Secrets
from lacre.webhooks.exchange import MASK, Exchange, kept
from lacre.webhooks.request import BODY_CAP, Outcome, Request
from lacre.webhooks.verdict import NotWorded
from tests.support.webhooks import NOON, a_delivery, a_request, an_answer, an_endpoint, no_answer


def attempt_of(request: Request | None, outcome: Outcome | NotWorded) -> Attempt:
    endpoint = an_endpoint(secrets=Secrets(headers=(("X-Token", "s3cret"),)))
    exchange = Exchange(at=NOON, request=request, outcome=outcome)
    return kept(exchange, delivery=a_delivery(attempts=2), endpoint=endpoint, ok=True)


def test_an_answered_attempt_says_when_where_and_how_long() -> None:
    attempt = attempt_of(a_request(body=b"hello"), an_answer(200, body=b"thanks"))

    detail = cast("dict[str, Any]", attempt.detail)
    assert (attempt.number, attempt.at, attempt.milliseconds, attempt.status_code) == (3, NOON, 12, 200)
    assert (attempt.request_body, attempt.response_body, attempt.reason) == (b"hello", b"thanks", "")
    assert (detail["method"], detail["url"]) == ("POST", "https://client.example/hook")
    assert (detail["address"], detail["timings"]["total"]) == ("127.0.0.1", 12.3)


def test_an_unanswered_attempt_says_why() -> None:
    attempt = attempt_of(a_request(), no_answer("dns_failed"))

    assert (attempt.status_code, attempt.reason, attempt.response_body) == (None, "dns_failed", None)


def test_what_could_not_be_worded_is_an_attempt_too() -> None:
    attempt = attempt_of(None, NotWorded(detail="KeyError: 'signers'"))

    assert (attempt.reason, attempt.detail) == ("wording_failed", {"problem": "KeyError: 'signers'"})


def test_secret_headers_are_masked() -> None:
    sent = (("Authorization", "Bearer abc"), ("x-token", "s3cret"), ("Accept", "*/*"))
    attempt = attempt_of(a_request(headers=sent), an_answer(200, {"Set-Cookie": "id=1"}))

    detail = cast("dict[str, Any]", attempt.detail)
    assert detail["request_headers"] == [("Authorization", MASK), ("x-token", MASK), ("Accept", "*/*")]
    assert detail["response_headers"] == (("Set-Cookie", MASK),)


@pytest.mark.parametrize(
    "spelled", ["p/w+d>==", r"p\/w+d>==", r"p/w\u002Bd\u003E==", r"p/w+d\u003e==", "p%2Fw%2Bd%3E%3D%3D"]
)
def test_a_secret_that_comes_back_is_masked_however_it_is_spelled(spelled: str) -> None:
    sent = (("Authorization", "Basic p/w+d>=="),)
    heard = an_answer(200, {"X-Echo": spelled}, body=f'{{"you": "Basic {spelled}"}}'.encode())

    attempt = attempt_of(a_request(headers=sent), heard)

    assert spelled.encode() not in (attempt.response_body or b"")
    assert spelled not in str(attempt.detail["response_headers"])


def test_bodies_are_cut_and_the_digest_is_of_the_whole() -> None:
    long = b"x" * (BODY_CAP + 1)
    attempt = attempt_of(a_request(body=long), an_answer(200, body=long))

    assert (attempt.request_body, attempt.response_body) == (long[:-1], long[:-1])
    assert attempt.request_digest == hashlib.sha256(long).hexdigest()
