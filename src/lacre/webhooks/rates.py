"""How an endpoint's attempts went over a span of time, by whole hours of the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lacre.kit.ids import EndpointId

HOUR = timedelta(hours=1)
DAY, WEEK = 24 * HOUR, 7 * 24 * HOUR


@dataclass(frozen=True, kw_only=True)
class Rate:
    delivered: int = 0
    failed: int = 0
    milliseconds: int = 0
    """Of all of them together."""

    @property
    def attempts(self) -> int:
        return self.delivered + self.failed

    @property
    def success(self) -> float | None:
        """From 0 to 1; `None` when nothing was attempted."""
        return self.delivered / self.attempts if self.attempts else None

    @property
    def average_milliseconds(self) -> float | None:
        return self.milliseconds / self.attempts if self.attempts else None


@dataclass(frozen=True, kw_only=True)
class Hour(Rate):
    begins_at: datetime


def hour_of(instant: datetime) -> datetime:
    """When the clock's hour began that it is in."""
    return instant.replace(minute=0, second=0, microsecond=0)


def rate(hours: Iterable[Hour], span: timedelta, *, now: datetime) -> Rate:
    """Of the hours that the span touches: of the last hour, this one and the one before it."""
    meant = [one for one in hours if one.begins_at >= hour_of(now - span)]
    return Rate(
        delivered=sum(one.delivered for one in meant),
        failed=sum(one.failed for one in meant),
        milliseconds=sum(one.milliseconds for one in meant),
    )


def day_of(hours: Iterable[Hour], *, now: datetime) -> Sequence[Hour]:
    """Each of the last 24 hours, oldest first, also those in which nothing was attempted."""
    known = {one.begins_at: one for one in hours}
    instants = [hour_of(now) - back * HOUR for back in range(23, -1, -1)]
    return [known.get(one, Hour(begins_at=one)) for one in instants]


class Hours(Protocol):
    def of(self, endpoint_id: EndpointId, *, since: datetime) -> Sequence[Hour]:
        """Oldest first; hours in which nothing was attempted are left out."""
        ...
