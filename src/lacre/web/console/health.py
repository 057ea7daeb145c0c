"""How an endpoint fares, as people read it: what is wrong, since when, what waits, and its last 24 hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lacre.web.console.delivery_view import promise_to
from lacre.web.console.door import Visit
from lacre.web.console.words import Explanation, explain
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.health import Health
from lacre.webhooks.rates import DAY, HOUR, WEEK, Hour, Rate, day_of, rate

TALL, WIDE, GAP = 48.0, 10, 2
"""Of the drawing: how high the tallest bar is, how far apart they stand, how much of that is left empty."""
LEAST = 2.0
"""So that a single failure among thousands is seen."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    hour: Hour
    x: int
    delivered: float
    failed: float
    """Heights; failures stand on top."""


@dataclass(frozen=True, kw_only=True)
class HealthView:
    endpoint: Endpoint
    last: Explanation
    """Of the last attempt that failed."""
    kept_days: int
    rates: Sequence[tuple[timedelta, Rate]]
    bars: Sequence[Bar]
    now: datetime

    @property
    def health(self) -> Health:
        return self.endpoint.health

    @property
    def rests(self) -> bool:
        """Otherwise, while it stands as resting, a delivery is out there to look."""
        return self.health.rest_until is not None and self.health.rest_until > self.now

    @property
    def busy(self) -> bool:
        """Whether anything was attempted within the week."""
        return any(found.attempts for _, found in self.rates)


def health_of(visit: Visit, endpoint: Endpoint) -> HealthView:
    hours = visit.work.hours.of(endpoint.id, since=visit.now - WEEK)
    health = endpoint.health
    return HealthView(
        endpoint=endpoint,
        last=explain(
            ok=False,
            status=health.last_status_code,
            reason=health.last_reason,
            url=endpoint.url,
            seconds=promise_to(visit.services, endpoint).deadline_seconds,
        ),
        kept_days=visit.services.settings.keep_waiting_days,
        rates=[(span, rate(hours, span, now=visit.now)) for span in (HOUR, DAY, WEEK)],
        bars=bars(day_of(hours, now=visit.now)),
        now=visit.now,
    )


def bars(day: Sequence[Hour]) -> list[Bar]:
    most = max((hour.attempts for hour in day), default=0) or 1
    return [
        Bar(
            hour=hour,
            x=place * WIDE,
            delivered=_height(hour.delivered, most),
            failed=_height(hour.failed, most),
        )
        for place, hour in enumerate(day)
    ]


def _height(count: int, most: int) -> float:
    return max(round(TALL * count / most, 1), LEAST) if count else 0.0
