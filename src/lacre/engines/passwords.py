"""Passwords: Argon2id, at the library's parameters (RFC 9106)."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Each takes 64 MiB while it is worked out, and strangers may ask for as many as they like."""


class Argon2Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._room = threading.Semaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        with self._room:
            return self._hasher.hash(password)

    def matches(self, password: str, hashed: str) -> bool:
        try:
            with self._room:
                return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
