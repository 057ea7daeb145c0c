"""What is kept of one attempt: enough to see what went wrong, and no secret."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from lacre.kit.json import Json
from lacre.webhooks.authorization import secret_header
from lacre.webhooks.delivery import Attempt, Delivery
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.request import BODY_CAP, Answer, NoAnswer, Request, Timings
from lacre.webhooks.verdict import Ending, NotAuthorized, NotWorded

MASK = "•••"
_ALWAYS_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SHORTEST_SECRET = 6
_NOT_WORDED = "wording_failed"
_NOT_AUTHORIZED = "authorization_failed"


class Exchange(Struct, frozen=True, kw_only=True, gc=False):
    """A request, if it could be worded, and what came of it."""

    at: datetime
    request: Request | None
    outcome: Ending


def kept(exchange: Exchange, *, delivery: Delivery, endpoint: Endpoint, ok: bool) -> Attempt:
    """The attempt's row; the digest is of the whole request body, also when only its head is kept."""
    digest, head = _head(exchange.request)
    outcome, hidden = exchange.outcome, _Hidden(endpoint, exchange.request)
    return Attempt(
        delivery_id=delivery.id,
        number=delivery.attempts + 1,
        at=exchange.at,
        milliseconds=round(_timings(outcome).total * 1000),
        ok=ok,
        status_code=_status(outcome),
        reason=_reason(outcome),
        request_digest=digest,
        request_body=head,
        response_body=hidden.cut_from(outcome.body[:BODY_CAP]) if isinstance(outcome, Answer) else None,
        detail=_detail(exchange, hidden),
    )


def _head(request: Request | None) -> tuple[str, bytes]:
    """The digest of the whole body, and what is kept of it."""
    if request and request.parts:
        return request.parts.digest, request.parts.head
    body = request.body if request else b""
    return hashlib.sha256(body).hexdigest(), body[:BODY_CAP]


def _reason(outcome: Ending) -> str:
    match outcome:
        case Answer():
            return ""
        case NoAnswer(reason=reason):
            return reason
        case NotWorded():
            return _NOT_WORDED
        case NotAuthorized():
            return _NOT_AUTHORIZED


def _status(outcome: Ending) -> int | None:
    """Also the token server's: it says why there was no token."""
    heard = outcome.outcome if isinstance(outcome, NotAuthorized) else outcome
    return heard.status if isinstance(heard, Answer) else None


def _timings(outcome: Ending) -> Timings:
    match outcome:
        case NotWorded():
            return Timings()
        case NotAuthorized(outcome=asked):
            return asked.timings
        case Answer() | NoAnswer():
            return outcome.timings


def _detail(exchange: Exchange, hidden: _Hidden) -> dict[str, Json]:
    return {**_asked(exchange.request, hidden), **_heard(exchange, hidden)}


def _asked(request: Request | None, hidden: _Hidden) -> dict[str, Json]:
    if request is None:
        return {}
    return {"method": request.method, "url": request.url, "request_headers": hidden.masked(request.headers)}


def _heard(exchange: Exchange, hidden: _Hidden) -> dict[str, Json]:
    outcome = exchange.outcome
    if isinstance(outcome, NotWorded):
        return {"problem": outcome.detail}
    timings = _in_milliseconds(_timings(outcome))
    if isinstance(outcome, NotAuthorized):
        said: dict[str, Json] = {"method": outcome.method, "url": outcome.url, "problem": outcome.detail}
        return {**said, "timings": timings}
    if isinstance(outcome, NoAnswer):
        return {"problem": outcome.detail, "timings": timings}
    return {
        "response_headers": hidden.masked(outcome.headers),
        "truncated": outcome.truncated,
        "address": outcome.address,
        "timings": timings,
    }


def _in_milliseconds(timings: Timings) -> dict[str, Json]:
    return {
        "dns": round(timings.dns * 1000, 1),
        "connect": round(timings.connect * 1000, 1),
        "tls": round(timings.tls * 1000, 1),
        "first_byte": round(timings.first_byte * 1000, 1),
        "total": round(timings.total * 1000, 1),
    }


class _Hidden:
    """What must not be kept of an exchange: headers by name, and their values wherever they come back.

    Test receivers like to answer with what they were sent.
    """

    def __init__(self, endpoint: Endpoint, request: Request | None) -> None:
        self._names = _names(
            tuple([name for name, _ in endpoint.secrets.headers]),
            secret_header(endpoint.secrets.authorization),
        )
        sent = request.headers if request else ()
        # of a `Bearer …` the token as well; a word too short to be a secret would blot out half the answer
        self._values = [
            part
            for name, value in sent
            if name.lower() in self._names
            for part in (value, value.partition(" ")[2])
            if len(part) >= _SHORTEST_SECRET
        ]

    def masked(self, headers: Sequence[tuple[str, str]]) -> list[Json]:
        shown = [[name, MASK if name.lower() in self._names else value] for name, value in headers]
        together = "\n".join([value for _, value in shown])
        if any(one in together for one in self._values):
            return [[name, self._without(value)] for name, value in shown]
        return [*shown]

    def cut_from(self, body: bytes) -> bytes:
        for one in self._values:
            body = body.replace(one.encode(), b"***")
        return body

    def _without(self, text: str) -> str:
        for one in self._values:
            text = text.replace(one, "***")
        return text


@lru_cache(maxsize=1024)
def _names(given: tuple[str, ...], authorization: str) -> frozenset[str]:
    return _ALWAYS_SECRET | {name.lower() for name in (*given, authorization)}
