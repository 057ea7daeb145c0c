"""`HMAC`: Base64 of HMAC-SHA256 over the body as it is sent, with the webhook's own secret."""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import dataclass, field

from lacre.webhooks.body import Headers

HEADER = "HMAC"


@dataclass(frozen=True, kw_only=True)
class Key:
    secret: str = field(repr=False)

    def begin(self) -> Running:
        return Running(self.secret)

    def headers(self, body: bytes) -> Headers:
        running = self.begin()
        running.update(body)
        return running.headers()


class Running:
    def __init__(self, secret: str) -> None:
        self._mac = hmac.new(secret.encode(), digestmod="sha256")

    def update(self, chunk: bytes, /) -> None:
        self._mac.update(chunk)

    def headers(self) -> Headers:
        return ((HEADER, b64encode(self._mac.digest()).decode()),)
