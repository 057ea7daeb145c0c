"""A token out of the answer that gave it, and how long it serves."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite

from pydantic_core import from_json

from lacre.kit.times import CLOCKS_APART
from lacre.webhooks.request import Answer

UNKNOWN_LIFE = timedelta(minutes=5)
"""Of a token that does not say when it ends; one that ends sooner is fetched anew after a 401."""
LONGEST_LIFE = timedelta(days=1)
MARGIN = timedelta(seconds=30)
"""Before its end a token is no longer used: the exchange takes time, and clocks differ."""
MAX_TOKEN = 8192

# RFC 6749, sections 5.2 and 4.1.2.1
_OAUTH_ERRORS = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
        "access_denied",
        "server_error",
        "temporarily_unavailable",
    }
)

# what may stand in a header, and neither ends it nor begins another; with a space, as in `Bearer …`
_SENDABLE = re.compile(r"[\x20-\x7e]+")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BRACKETS = re.compile(r"\[['\"]?([^\[\]'\"]+)['\"]?\]")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,9})?")


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    value: str = field(repr=False)
    fetched_at: datetime
    usable_until: datetime

    def usable(self, now: datetime) -> bool:
        """Not one of a time to come: its clock was set back since, and nobody knows how old it is."""
        return self.fetched_at - CLOCKS_APART <= now < self.usable_until


def read_token(answer: Answer, path: str, *, now: datetime) -> AccessToken | str:
    """Or what is wrong with the answer, in words that hold nothing of it."""
    if not 200 <= answer.status < 300:
        return f"the token server answered {answer.status}{_error(answer.body)}"
    if answer.truncated:
        return "the token server's answer is too long, or broke off"
    try:
        said: object = from_json(answer.body.removeprefix(_BYTE_ORDER_MARK))
    except ValueError:
        return "the token server's answer is not JSON"
    *around, found = _along(said, path)
    token = found.strip() if isinstance(found, str) else ""
    problem = _problem(token, path)
    return problem or AccessToken(value=token, fetched_at=now, usable_until=now + _life(around, token, now))


def _problem(token: str, path: str) -> str:
    if not token:
        return f"the token server's answer has no token at {path}"
    if not _SENDABLE.fullmatch(token):
        return f"what the token server's answer has at {path} cannot stand in a header"
    if len(token) > MAX_TOKEN:
        return f"the token is longer than {MAX_TOKEN} characters"
    return ""


def _error(body: bytes) -> str:
    """What OAuth's own codes say; nothing else is repeated, since it may be a secret."""
    try:
        said = from_json(body)
    except ValueError:
        return ""
    code = said.get("error") if isinstance(said, Mapping) else None
    return f" {code}" if isinstance(code, str) and code in _OAUTH_ERRORS else ""


def _along(said: object, path: str) -> Iterator[object]:
    """Everything that the path goes through; nothing from where it leads nowhere."""
    yield said
    for name in _names(path):
        said = _inside(said, name)
        yield said


def _names(path: str) -> list[str]:
    """`$.data[0]["token"]`, as JSONPath writes it, is `data.0.token`."""
    plain = _BRACKETS.sub(r".\1", path.strip())
    return plain.removeprefix("$").removeprefix(".").split(".")


def _inside(said: object, name: str) -> object:
    if isinstance(said, Mapping):
        return said.get(name)
    if isinstance(said, list) and name.isascii() and name.isdigit() and int(name[:9]) < len(said):
        return said[int(name[:9])]
    return None


def _life(around: list[object], token: str, now: datetime) -> timedelta:
    """By `expires_in` beside the token or further out, else by the token's own claim."""
    told = (_seconds(one.get("expires_in")) for one in reversed(around) if isinstance(one, Mapping))
    seconds = next((one for one in told if one is not None), None)
    life = _claimed(token, now) if seconds is None else _span(seconds)
    return life - min(MARGIN, life / 10)


def _claimed(token: str, now: datetime) -> timedelta:
    """By `exp` of a JWT: whether it is genuine is for the receiver to judge."""
    ends = _seconds(_claims(token).get("exp"))
    return UNKNOWN_LIFE if ends is None else _span(ends - now.timestamp())


def _claims(token: str) -> Mapping[str, object]:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        said = from_json(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return said if isinstance(said, Mapping) else {}


def _seconds(said: object) -> float | None:
    """A number, or one written as a text: many servers do."""
    if isinstance(said, str) and _NUMBER.fullmatch(said):
        return float(said)
    if isinstance(said, int | float) and not isinstance(said, bool) and abs(said) < 1e12 and isfinite(said):
        return float(said)
    return None


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_LIFE.total_seconds()))
