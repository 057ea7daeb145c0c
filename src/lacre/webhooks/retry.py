"""How long to wait before the next attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_ASKED = timedelta(hours=6)
"""A receiver may ask for more patience than was promised, but not for so much that nobody waits for it."""
NOTHING_ASKED = timedelta(0)


def next_wait(waits: Sequence[timedelta], made: int, *, jitter: float, roll: float) -> timedelta | None:
    """What is planned after `made` attempts; `None` when there is to be no other."""
    return waits[made - 1] * (1 + jitter * roll) if made <= len(waits) else None


def asked_wait(headers: Sequence[tuple[str, str]], *, now: datetime) -> timedelta:
    """What `Retry-After` asks for, from `now` on; nothing when it is missing, past or nonsense."""
    return min(_asked(headers, now), LONGEST_ASKED)


def _asked(headers: Sequence[tuple[str, str]], now: datetime) -> timedelta:
    value = next((value.strip() for name, value in headers if name.lower() == "retry-after"), "")
    if value.isascii() and value.isdigit():
        # nine digits are 31 years; more would not fit into a timedelta
        return timedelta(seconds=int(value[:9]))
    return max(_until(value, now), NOTHING_ASKED)


def _until(date: str, now: datetime) -> timedelta:
    try:
        asked = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):  # no date, or one past the calendar
        return NOTHING_ASKED
    # the oldest of HTTP's three forms names no zone, and means UTC as the others do: RFC 9110, 5.6.7
    return (asked if asked.tzinfo else asked.replace(tzinfo=UTC)) - now
