"""Until when an envelope can be signed."""

from __future__ import annotations

from datetime import datetime

from lacre.signing.errors import LimitPassed


def check_limit(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is not None and expires_at <= now:
        raise LimitPassed(expires_at.date().isoformat())
