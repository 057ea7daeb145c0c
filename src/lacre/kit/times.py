"""Instants and days, without ever asking what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BRASILIA = ZoneInfo("America/Sao_Paulo")
CLOCKS_APART = timedelta(minutes=1)
"""By as much the clocks of an installation's machines may differ: what lies further ahead than it ever could,
and this, was written before a clock was set back."""


def end_of_day(day: date, zone: ZoneInfo = BRASILIA) -> datetime:
    """The last microsecond of that day where the people are, as a UTC instant."""
    return datetime.combine(day, time.max, tzinfo=zone).astimezone(UTC)


def scaled(wait: timedelta, scale: float) -> timedelta:
    """A wait as the sandbox's clock counts it (`LACRE_TIME_SCALE`); 1 changes nothing."""
    return wait / scale


def rfc3339(instant: datetime) -> str:
    """`2026-11-20T12:00:00.000100Z`, always with six digits."""
    # strftime takes ten times as long
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_rfc3339(text: str) -> datetime:
    """The inverse of `rfc3339`; raises `ValueError` on anything that is not an instant with a zone."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return instant.astimezone(UTC)
