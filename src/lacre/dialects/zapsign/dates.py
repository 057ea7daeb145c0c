"""Days as ZapSign's clients write them, in all the forms that were seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lacre.kit.times import BRASILIA, end_of_day


class NotADay(ValueError):
    """What was written names no day."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_YEAR = 9000


def limit_of(said: float | str | None) -> datetime | None:
    """The end of the day that is meant, in Brasília; raises `NotADay`.

    Texts mean the day that they spell. Milliseconds since 1970 (the Java SDK's form) mean their day in UTC:
    where that differs from Brasília's it is the later one, so that nobody is shut out early.
    """
    if said is None or said == "":
        return None
    day = _day_spelt(said) if isinstance(said, str) and not _is_number(said) else _day_at(said)
    if not 1970 <= day.year <= _LAST_YEAR:
        raise NotADay(said)
    return end_of_day(day)


def day_of(said: str | None) -> date | None:
    """`2026-11-23` of a query; raises `NotADay`."""
    return _day_spelt(said) if said else None


def shown_limit(limit: datetime | None) -> str | None:
    """With Brasília's offset, so that the day that is read is the day that was written."""
    return limit.astimezone(BRASILIA).isoformat(timespec="microseconds") if limit else None


def _is_number(said: str) -> bool:
    return said.strip().isdecimal()


def _day_spelt(said: str) -> date:
    try:
        return date.fromisoformat(said.strip()[:10])
    except ValueError as problem:
        raise NotADay(said) from problem


def _day_at(milliseconds: float | str) -> date:
    try:
        return (_EPOCH + timedelta(milliseconds=float(milliseconds))).date()
    except (OverflowError, ValueError) as problem:
        raise NotADay(milliseconds) from problem
