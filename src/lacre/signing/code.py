"""The six digits sent to a signer to identify them: ten minutes, three tries."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from lacre.signing.signer import MAX_TRIES

LIFE = timedelta(minutes=10)
MAX_PER_DAY = 10
KEY = "code:"
"""Begins the key of each letter that brings one; the codes that senders choose go by other keys."""
PAUSE = timedelta(seconds=30)
"""Between two codes: what a message takes to arrive, and what keeps a phone from being flooded."""


class CodeResult(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    """Also when expired: the reply is the same, so that nothing is learnt from it."""
    LOCKED = "locked"


@dataclass(frozen=True, kw_only=True)
class PendingCode:
    """A code that waits to be typed; only its salted digest is kept."""

    digest: str
    salt: str
    expires_at: datetime
    tries: int = 0
    used: bool = False
    stayed: bool = False
    """It did not leave by its channel: their sender reads it in the console, and tells them."""

    @property
    def sent_at(self) -> datetime:
        return self.expires_at - LIFE

    def works(self, now: datetime) -> bool:
        return not self.used and self.tries < MAX_TRIES and now < self.expires_at


def pending(code: str, salt: str, *, now: datetime) -> PendingCode:
    return PendingCode(digest=_digest(code, salt), salt=salt, expires_at=now + LIFE)


def check(waiting: PendingCode, typed: str, *, now: datetime) -> tuple[CodeResult, PendingCode]:
    """The result, and the code as it must be kept from now on; a right code works once."""
    if waiting.tries >= MAX_TRIES:
        return CodeResult.LOCKED, waiting
    tried = replace(waiting, tries=waiting.tries + 1)
    matches = hmac.compare_digest(waiting.digest, _digest(typed.strip(), waiting.salt))
    if matches and waiting.works(now):
        return CodeResult.RIGHT, replace(tried, used=True)
    return CodeResult.WRONG, tried


def _digest(code: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
