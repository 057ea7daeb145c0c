"""Instants as the tables keep them: UTC microseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# one instant is mostly that of many rows
@lru_cache(maxsize=256)
def micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def instant(kept: int) -> datetime:
    return _EPOCH + kept * _MICROSECOND


def micros_if(instant: datetime | None) -> int | None:
    return None if instant is None else micros(instant)


def instant_if(kept: int | None) -> datetime | None:
    return None if kept is None else instant(kept)
