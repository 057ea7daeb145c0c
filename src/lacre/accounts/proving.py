"""Whether somebody is the user that they say they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from lacre.accounts.account import User
from lacre.accounts.password import LONGEST


class Passwords(Protocol):
    def hash(self, password: str) -> str: ...

    def matches(self, password: str, hashed: str) -> bool: ...


@dataclass(frozen=True)
class Prover:
    passwords: Passwords
    unguessable: str

    def proved(self, user: User | None, password: str) -> User | None:
        """Takes as long for an unknown user, or one who has no password yet, as for a wrong password."""
        hashed = user.password if user and user.password else self._nobodys
        matches = len(password) <= LONGEST and self.passwords.matches(password, hashed)
        return user if matches and user and user.password else None

    @cached_property
    def _nobodys(self) -> str:
        return self.passwords.hash(self.unguessable)
