"""A URL, read once by one parser; what it gives back is what the transfer is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from pydantic_core import Url

from lacre.engines.http.address import Address

_PORTS = {"http": 80, "https": 443}
# other parsers drop, fold or split at these; no honest URL holds them unescaped
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")
_MAX_LENGTH = 8192


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    url: str
    """Normalised by the WHATWG rules, ASCII only, without user, password and fragment."""
    host: str
    port: int
    literal: Address | None
    """The host, when it is an address; no name is looked up then."""

    @property
    def port_is_usual(self) -> bool:
        """Ports under 1024 are services that a stranger's URL has no business with, but for the web's two."""
        return self.port >= 1024 or self.port in _PORTS.values()


@lru_cache(maxsize=4096)
def read_target(url: str) -> Target | str:
    """The target, or why there is none."""
    if len(url) > _MAX_LENGTH:
        return "URL is too long"
    if _AMBIGUOUS.search(url):
        return "URL holds spaces, control characters or backslashes"
    try:
        parsed = Url(url)
    except ValueError:
        return "not a URL"
    return _judged(parsed)


def _judged(parsed: Url) -> Target | str:
    if parsed.scheme not in _PORTS:
        return "URL is neither http nor https"
    if parsed.username is not None or parsed.password is not None:
        return "URL holds a user name or password"
    if not parsed.host or parsed.port == 0:
        return "URL has no usable host and port"
    return Target(
        url=str(parsed).partition("#")[0],
        host=parsed.host.strip("[]"),
        port=parsed.port or _PORTS[parsed.scheme],
        literal=_literal(parsed.host.strip("[]")),
    )


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
