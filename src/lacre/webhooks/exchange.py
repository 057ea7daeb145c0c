"""What is kept of one attempt: enough to see what went wrong, and no secret."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from msgspec import Struct

from lacre.kit.json import Json
from lacre.webhooks.authorization import secret_header
from lacre.webhooks.delivery import Attempt, Delivery
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.request import BODY_CAP, Answer, Headers, NoAnswer, Request, Timings
from lacre.webhooks.verdict import Ending, NotAuthorized, NotWorded

MASK = "•••"
_ALWAYS_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SHORTEST_SECRET = 6
_BY_DOTNET, _BY_GO = re.compile("[+&<>'\"`]"), re.compile("[&<>]")
NOT_WORDED = "wording_failed"
NOT_AUTHORIZED = "authorization_failed"


class Exchange(Struct, frozen=True, kw_only=True, gc=False):
    """A request, if it could be worded, and what came of it."""

    at: datetime
    request: Request | None
    outcome: Ending


def kept(exchange: Exchange, *, delivery: Delivery, endpoint: Endpoint, ok: bool) -> Attempt:
    """The attempt's row; the digest is of the whole request body, also when only its head is kept."""
    request, outcome = exchange.request, exchange.outcome
    digest, head = _head(request)
    hidden = _Hidden(endpoint, request)
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
        detail={**hidden.asked, **_heard(outcome, hidden)},
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
            return NOT_WORDED
        case NotAuthorized():
            return NOT_AUTHORIZED


def _status(outcome: Ending) -> int | None:
    """Also the token server's: it says why there was no token."""
    if isinstance(outcome, Answer):
        return outcome.status
    heard = outcome.outcome if isinstance(outcome, NotAuthorized) else None
    return heard.status if isinstance(heard, Answer) else None


def _timings(outcome: Ending) -> Timings:
    if isinstance(outcome, Answer | NoAnswer):
        return outcome.timings
    return outcome.outcome.timings if isinstance(outcome, NotAuthorized) else _NOTHING_TIMED


def _heard(outcome: Ending, hidden: _Hidden) -> dict[str, Json]:
    if isinstance(outcome, Answer):
        return {
            "response_headers": hidden.masked(outcome.headers),
            "truncated": outcome.truncated,
            "address": outcome.address,
            "timings": _in_milliseconds(outcome.timings),
        }
    if isinstance(outcome, NotWorded):
        return {"problem": outcome.detail}
    said: dict[str, Json] = {"problem": outcome.detail, "timings": _in_milliseconds(_timings(outcome))}
    if isinstance(outcome, NotAuthorized):
        said |= {"method": outcome.method, "url": outcome.url}
    return said


def _in_milliseconds(timings: Timings) -> dict[str, Json]:
    # on a kept connection most of it is nothing, which needs no rounding
    return {
        "dns": timings.dns and round(timings.dns * 1000, 1),
        "connect": timings.connect and round(timings.connect * 1000, 1),
        "tls": timings.tls and round(timings.tls * 1000, 1),
        "first_byte": round(timings.first_byte * 1000, 1),
        "total": round(timings.total * 1000, 1),
    }


class _Hidden:
    """What must not be kept of an exchange: headers by name, and their values wherever they come back.

    Test receivers like to answer with what they were sent.
    """

    def __init__(self, endpoint: Endpoint, request: Request | None) -> None:
        """`asked` is what is kept of the request, but for its body."""
        self._names = _names(endpoint.secrets.headers, secret_header(endpoint.secrets.authorization))
        self._values: tuple[str, ...] = ()
        self.asked: dict[str, Json] = {}
        if request is not None:
            places, headers = _places(self._names, _named(request.headers)), request.headers
            self._values = _parts(tuple([headers[place][1] for place in places])) if places else ()
            self.asked = {
                "method": request.method,
                "url": request.url,
                "request_headers": _masked(headers, places, self._values),
            }

    def masked(self, headers: Headers) -> Sequence[Json]:
        """Of an answer: a receiver mostly says the same as to others before."""
        return _masked_again(headers, self._names, self._values)

    def cut_from(self, body: bytes) -> bytes:
        for one in self._values:
            body = body.replace(one.encode(), b"***")
        return body


@lru_cache(maxsize=1024)
def _names(given: Headers, authorization: str) -> frozenset[str]:
    return _ALWAYS_SECRET | {name.lower() for name in (*[name for name, _ in given], authorization)}


def _named(headers: Headers) -> tuple[str, ...]:
    return tuple([name for name, _ in headers])


@lru_cache(maxsize=1024)
def _places(secret: frozenset[str], names: tuple[str, ...]) -> tuple[int, ...]:
    """Where, among headers of these names, the secret ones are."""
    return tuple(place for place, name in enumerate(names) if name.lower() in secret)


@lru_cache(maxsize=1024)
def _parts(values: tuple[str, ...]) -> tuple[str, ...]:
    """What to look for: of a `Bearer …` the token as well, and nothing too short to be a secret, which would
    blot out half the answer."""
    parts = [part for value in values for part in (value, value.partition(" ")[2])]
    secrets = [part for part in parts if len(part) >= _SHORTEST_SECRET]
    return tuple(dict.fromkeys(spelled for one in secrets for spelled in _spellings(one)))


def _spellings(secret: str) -> Iterator[str]:
    """As it is, and as it is written in JSON by PHP, .NET and Go, and in a form."""
    yield secret
    yield secret.replace("/", "\\/")
    yield _BY_DOTNET.sub(lambda sign: f"\\u{ord(sign[0]):04X}", secret)
    yield _BY_GO.sub(lambda sign: f"\\u{ord(sign[0]):04x}", secret)
    yield quote(secret, safe="")


def _masked(headers: Headers, places: tuple[int, ...], values: tuple[str, ...]) -> Sequence[Json]:
    shown = list(headers)
    for place in places:
        shown[place] = (shown[place][0], MASK)
    if values:
        together = "\n".join([value for _, value in shown])
        if any(map(together.__contains__, values)):
            return [(name, _without(values, value)) for name, value in shown]
    return shown


@lru_cache(maxsize=1024)
def _masked_again(headers: Headers, secret: frozenset[str], values: tuple[str, ...]) -> tuple[Json, ...]:
    return tuple(_masked(headers, _places(secret, _named(headers)), values))


def _without(values: tuple[str, ...], text: str) -> str:
    for one in values:
        text = text.replace(one, "***")
    return text


_NOTHING_TIMED = Timings()
