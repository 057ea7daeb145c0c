"""Randomness from the operating system, and the digests that secrets are found by."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from lacre.kit.ids import new_uuid


class SystemTokens:
    def __init__(self, key: bytes) -> None:
        """`key` stays for ever: digests made with another one find nothing."""
        self._key = key

    def uuid(self) -> str:
        return new_uuid()

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def digits(self, count: int) -> str:
        return f"{secrets.randbelow(10**count):0{count}}"

    def digest(self, secret: str) -> str:
        return hmac.digest(self._key, secret.encode(), hashlib.sha256).hex()
