"""Each event on to a local address, as its webhook would come: the same body, signed in the same form."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from time import monotonic
from typing import Self

from lacre.cli.listen.web import exchange
from lacre.engines.clock import now
from lacre.kit.json import JsonObject
from lacre.webhooks.signature import as_secret, headers

SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Forwarding:
    url: str
    secret: str

    @classmethod
    def to(cls, url: str) -> Self:
        """With a secret made for this once."""
        return cls(url=url, secret=as_secret(secrets.token_bytes(32)))

    def forward(self, event: JsonObject) -> str:
        """How the local application took it: `200 OK, 12 ms`."""
        message_id = str(event["id"])
        said = {name: event[name] for name in ("id", "type", "created_at", "data")}
        body = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
        signed = dict(headers([self.secret], message_id=message_id, at=_now(), body=body))
        began = monotonic()
        try:
            answer = exchange(
                "POST",
                self.url,
                body=body,
                headers={"Content-Type": "application/json", "User-Agent": "Lacre", **signed},
                seconds=SECONDS,
            )
        except (OSError, HTTPException) as problem:
            return f"no answer: {str(problem) or type(problem).__name__}"
        return f"{answer.status} {answer.reason}, {(monotonic() - began) * 1000:.0f} ms"


def _now() -> datetime:
    return now().astimezone(UTC)
