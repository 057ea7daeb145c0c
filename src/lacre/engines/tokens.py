"""Randomness from the operating system, and the digests that secrets are found by."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

import jwt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from jwt.types import Options

from lacre.kit.ids import new_uuid
from lacre.kit.json import JsonObject

_ALGORITHM = "HS256"
_NONCE = 12
_UNJUDGED: Options = {"verify_exp": False, "require": ["exp"]}


class SystemTokens:
    def __init__(self, key: bytes) -> None:
        """`key` stays for ever: digests made with another one find nothing."""
        self._key = key
        self._jwt_key = hmac.digest(key, b"json web tokens", hashlib.sha256)
        self._cipher = AESGCM(hmac.digest(key, b"hidden texts", hashlib.sha256))

    def uuid(self) -> str:
        return new_uuid()

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def digits(self, count: int) -> str:
        return f"{secrets.randbelow(10**count):0{count}}"

    def digest(self, secret: str) -> str:
        return hmac.digest(self._key, secret.encode(), hashlib.sha256).hex()

    def hide(self, text: str) -> str:
        nonce = secrets.token_bytes(_NONCE)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), None)).decode()

    def reveal(self, hidden: str) -> str:
        raw = urlsafe_b64decode(hidden)
        try:
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except InvalidTag:
            raise ValueError("this was not hidden here") from None

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
