"""What the demo knows of the outside: an HTTP client, and forms read from pages as a browser reads them."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit


class StepFailed(Exception):
    """A step of the demo did not hold; the text says which and how."""


@dataclass(frozen=True)
class Answered:
    status: int
    location: str
    body: bytes


def exchange(method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answered:
    split = urlsplit(url)
    connection = HTTPConnection(split.hostname or "", split.port, timeout=60)
    path = split.path + (f"?{split.query}" if split.query else "")
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        answer = connection.getresponse()
        content = answer.read()
        return Answered(answer.status, answer.headers.get("Location", ""), content)
    finally:
        connection.close()


def get(url: str) -> bytes:
    """Follows what a page answers; raises `StepFailed` on anything but 200."""
    answered = exchange("GET", url)
    if answered.status != 200:
        raise StepFailed(f"GET {url} answered {answered.status}")
    return answered.body


@dataclass(frozen=True)
class Api:
    """A client of one of the dialects, with another base URL."""

    base: str
    authorization: str = field(repr=False)
    successes: Container[int] = range(200, 300)

    def call(self, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401 - whatever JSON holds
        found = self.fetch(method, path, said)
        return json.loads(found) if found else None

    def fetch(self, method: str, path: str, said: object = None) -> bytes:
        headers = {"Authorization": self.authorization, "Content-Type": "application/json"}
        body = b"" if said is None else json.dumps(said).encode()
        answered = exchange(method, f"{self.base}/{path}", body, headers)
        if answered.status not in self.successes:
            raise StepFailed(f"{method} {path} answered {answered.status}: {answered.body[:300]!r}")
        return answered.body


def submit(page: str, url: str, **typed: str) -> None:
    """Sends the form of a page that posts to `url`, with what it holds and what was typed over it."""
    form = FormReader(urlsplit(url).path)
    form.feed(page)
    if not form.found:
        raise StepFailed(f"the page has no form for {url}")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    pairs = [(name, value) for name, value in form.values if name not in typed] + list(typed.items())
    answered = exchange("POST", url, urlencode(pairs).encode(), headers)
    if answered.status != 303:
        raise StepFailed(f"POST {url} answered {answered.status}: the form was not taken")


class FormReader(HTMLParser):
    """Inputs of the form with one action, as a browser would send them untouched."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.found = False
        self._action = action
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action") == self._action
            self.found = self.found or self._inside
        elif tag == "input" and self._inside and given.get("name"):
            self._take(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def _take(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        ticked = "checked" in given
        if kind == "file" or (kind in ("radio", "checkbox") and not ticked):
            return
        self.values.append((given["name"], given.get("value", "")))
