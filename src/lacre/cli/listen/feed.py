"""The server's events, asked for page by page from where the last one ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPException
from urllib.parse import urlencode

from lacre.cli.listen.web import exchange
from lacre.kit.json import JsonObject

WAIT_SECONDS = 20
"""Less than the half minute after which proxies like to cut a silent connection."""
PAGE = 20


class Unreachable(Exception):
    """It did not answer, or not with what was asked for; the text says what happened."""


class KeyRefused(Exception):
    """It will not answer however often it is asked; the text says why."""


class Feed:
    def __init__(self, base: str, api_key: str, *, types: Sequence[str], since: str) -> None:
        self.base = base
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}
        self._narrowed = [*(("type", one) for one in types), *((("since", since),) if since else ())]
        self._after, self._began = ("start" if since else "now"), False

    def wait(self) -> Sequence[JsonObject]:
        """What came next, oldest first; nothing when nothing came for a while."""
        # the first question only finds out where "now" is: what happens from then on is not missed
        wait = WAIT_SECONDS if self._began else 0
        asked = [("after", self._after), ("wait", str(wait)), ("limit", str(PAGE)), ("bodies", "true")]
        query = urlencode([*asked, *self._narrowed])
        try:
            answer = exchange(
                "GET", f"{self.base}/api/lacre/v1/events?{query}", headers=self._headers, seconds=wait + 20
            )
        except (OSError, HTTPException) as problem:
            raise Unreachable(str(problem) or type(problem).__name__) from problem
        return self._read(answer.status, answer.body)

    def _read(self, status: int, body: bytes) -> Sequence[JsonObject]:
        said = _json(body)
        if 400 <= status < 500 and status not in (408, 429):
            raise KeyRefused(f"The server refuses ({status}): {said.get('detail', 'no reason given')}")
        events, cursor = said.get("data"), said.get("next")
        if status != 200 or not isinstance(events, list) or not isinstance(cursor, str):
            raise Unreachable(f"it answered {status}")
        self._after, self._began = cursor, True
        return events


def _json(body: bytes) -> JsonObject:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
