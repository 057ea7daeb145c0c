"""Which URLs may be saved. Where they lead is judged again at each attempt, by the address spoken to."""

from __future__ import annotations

import re

from pydantic_core import Url

from lacre.webhooks.errors import UrlNotAllowed

MAX_URL_LENGTH = 2048
# parsers disagree about where such a URL leads
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")


def check_url(url: str) -> None:
    """Refuses what no attempt could ever be made to."""
    if len(url) > MAX_URL_LENGTH:
        raise UrlNotAllowed(f"it is longer than {MAX_URL_LENGTH} characters")
    if _AMBIGUOUS.search(url):
        raise UrlNotAllowed("it holds spaces, control characters or backslashes")
    parsed = _parsed(url)
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise UrlNotAllowed("it must begin with https:// or http://")
    if parsed.port == 0:
        raise UrlNotAllowed("nobody listens on port 0")
    if parsed.username is not None or parsed.password is not None:
        raise UrlNotAllowed("it holds a user name or password; send them in a header")


def _parsed(url: str) -> Url:
    try:
        return Url(url)
    except ValueError:
        raise UrlNotAllowed("it is not a URL") from None
