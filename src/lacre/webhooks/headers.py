"""Which headers a customer may add: none that frames the message, names the host or poses as ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from lacre.webhooks.errors import HeaderNotAllowed

Headers: TypeAlias = tuple[tuple[str, str], ...]

MAX_HEADERS = 32
MAX_NAME, MAX_VALUE = 64, 4096

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110
_TEXT = re.compile(r"[\x20-\x7e]*")
# two lengths, or a length and chunks, are how one request is made to look like two
_OURS = {
    "host",
    "content-length",
    "transfer-encoding",
    "te",
    "trailer",
    "connection",
    "keep-alive",
    "upgrade",
    "expect",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
}
_OUR_PREFIXES = ("proxy-",)


def check_headers(headers: Sequence[tuple[str, str]]) -> None:
    """At save: the customer is told which one and why."""
    if len(headers) > MAX_HEADERS:
        raise HeaderNotAllowed(headers[MAX_HEADERS][0], f"at most {MAX_HEADERS} headers")
    for name, value in headers:
        problem = _problem(name, value)
        if problem:
            raise HeaderNotAllowed(name[:MAX_NAME], problem)


@lru_cache(maxsize=1024)
def sendable(headers: Headers) -> Headers:
    """At send: those saved under an older rule, or past the form, stay behind."""
    kept = [(name, value.strip(" ")) for name, value in headers if not _problem(name, value)]
    return tuple(kept[:MAX_HEADERS])


def joined(ours: Headers, theirs: Headers) -> Headers:
    """The customer's own, and ours where they say nothing else."""
    given = {name.lower() for name, _ in theirs}
    return tuple(one for one in ours if one[0].lower() not in given) + theirs


def _problem(name: str, value: str) -> str:
    if not _TOKEN.fullmatch(name):
        return "its name must be letters, digits and a few signs, without spaces or colons"
    if len(name) > MAX_NAME:
        return f"its name is longer than {MAX_NAME} characters"
    if name.lower() in _OURS or name.lower().startswith(_OUR_PREFIXES):
        return "it is set by the sender"
    if not _TEXT.fullmatch(value):
        return "its value must be plain ASCII on one line"
    if len(value) > MAX_VALUE:
        return f"its value is longer than {MAX_VALUE} characters"
    return ""
