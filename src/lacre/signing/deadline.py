"""Until when an envelope can be signed."""

from __future__ import annotations

from datetime import datetime

from lacre.kit.times import BRASILIA
from lacre.signing.errors import EnvelopeClosed, LimitPassed


def check_limit(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is not None and expires_at <= now:
        # the day that people read and chose, which in UTC may be the next one
        raise LimitPassed(expires_at.astimezone(BRASILIA).date().isoformat())


def check_in_time(expires_at: datetime | None, now: datetime) -> None:
    """The limit holds by itself: whoever expires envelopes may come to it later."""
    if expires_at is not None and now >= expires_at:
        raise EnvelopeClosed("expired")
