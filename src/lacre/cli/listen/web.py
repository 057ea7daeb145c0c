"""One exchange with a server that the developer named: on their own machine no address is forbidden."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

import click


@dataclass(frozen=True)
class Answered:
    status: int
    reason: str
    body: bytes


class WebAddress(click.ParamType[str]):
    """What is no address would look like a server that is away for ever."""

    name = "url"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        said = str(value)
        if not _is_address(said):
            self.fail(f"{said!r} is no address like http://localhost:3000/hook", param, ctx)
        return said


def exchange(
    method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str], seconds: float
) -> Answered:
    """Raises `OSError` or `HTTPException` when there is no answer."""
    split = urlsplit(url)
    host = split.hostname or ""
    connection = (
        HTTPSConnection(host, split.port, timeout=seconds, context=ssl.create_default_context())
        if split.scheme == "https"
        else HTTPConnection(host, split.port, timeout=seconds)
    )
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    try:
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        return Answered(answer.status, answer.reason, answer.read())
    finally:
        connection.close()


def _is_address(said: str) -> bool:
    try:
        split = urlsplit(said)
        usable = split.port != 0
    except ValueError:  # a port that is no number, or past the last
        return False
    return usable and split.scheme in ("http", "https") and bool(split.hostname) and said.isprintable()
