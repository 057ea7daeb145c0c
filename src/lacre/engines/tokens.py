"""Randomness from the operating system, and the digests that secrets are found by."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

import jwt
from jwt.types import Options

from lacre.kit.ids import new_uuid
from lacre.kit.json import JsonObject

_ALGORITHM = "HS256"
_UNJUDGED: Options = {"verify_exp": False, "require": ["exp"]}


class SystemTokens:
    def __init__(self, key: bytes) -> None:
        """`key` stays for ever: digests made with another one find nothing."""
        self._key = key
        self._jwt_key = hmac.digest(key, b"json web tokens", hashlib.sha256)

    def uuid(self) -> str:
        return new_uuid()

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def digits(self, count: int) -> str:
        return f"{secrets.randbelow(10**count):0{count}}"

    def digest(self, secret: str) -> str:
        return hmac.digest(self._key, secret.encode(), hashlib.sha256).hex()

    def sign(self, claims: JsonObject) -> str:
        return jwt.encode(dict(claims), self._jwt_key, algorithm=_ALGORITHM)

    def claims(self, signed: str, *, now: datetime) -> JsonObject | None:
        try:
            # its end is judged by the clock of the installation, which tests and sandboxes set
            said: JsonObject = jwt.decode(signed, self._jwt_key, algorithms=[_ALGORITHM], options=_UNJUDGED)
        except jwt.InvalidTokenError:
            return None
        end = said.get("exp")
        return said if isinstance(end, int) and now.timestamp() < end else None
