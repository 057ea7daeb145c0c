"""How an endpoint fares, as our API shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from lacre.dialects.native.wire.endpoints import EndpointStats, ShownRate
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.rates import DAY, HOUR, WEEK, Hour, rate


def shown_stats(
    endpoint: Endpoint, counts: Mapping[str, int], hours: Sequence[Hour], *, now: datetime
) -> EndpointStats:
    """`counts` by status of a delivery; `hours` of the last week."""
    health = endpoint.health
    return EndpointStats(
        **counts,
        total=sum(counts.values()),
        standing=endpoint.standing,
        failing_since=health.since,
        failures=health.failures,
        resting_until=health.rest_until,
        last_status_code=health.last_status_code,
        last_reason=health.last_reason,
        last_hour=_shown(hours, HOUR, now),
        last_day=_shown(hours, DAY, now),
        last_week=_shown(hours, WEEK, now),
    )


def _shown(hours: Sequence[Hour], span: timedelta, now: datetime) -> ShownRate:
    found = rate(hours, span, now=now)
    return ShownRate(
        attempts=found.attempts,
        failed=found.failed,
        success_rate=None if found.success is None else round(found.success, 4),
        average_ms=None if found.average_milliseconds is None else round(found.average_milliseconds, 1),
    )
