"""News of an endpoint's health, as an event for the account's other endpoints and a mail to its users."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from lacre.kit.events import Event
from lacre.kit.jobs import Job
from lacre.kit.json import Json
from lacre.kit.times import rfc3339
from lacre.webhooks import events
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.health import Health, News

WARN = "webhooks.warn"
"""A mail to each user of the account; the payload holds the news and its facts."""

_EVENTS: Mapping[News, str] = {
    News.FAILING: events.ENDPOINT_FAILING,
    News.PAUSED: events.ENDPOINT_PAUSED,
    News.RECOVERED: events.ENDPOINT_RECOVERED,
}
_MAILED = frozenset({News.STILL_FAILING, News.PAUSED})


def event_of(news: News, endpoint: Endpoint, health: Health, *, now: datetime) -> Event | None:
    """`health` is the worst that it was: of a recovery, the one before it."""
    kind = _EVENTS.get(news)
    if kind is None:
        return None
    return Event(
        type=kind,
        account_id=endpoint.account_id,
        subject_id=endpoint.id,
        at=now,
        facts=_facts(endpoint, health),
    )


def warning_of(news: News, endpoint: Endpoint, health: Health, *, now: datetime) -> Job | None:
    if news not in _MAILED:
        return None
    payload = {"news": news.value, "account_id": endpoint.account_id, **_facts(endpoint, health)}
    return Job(kind=WARN, key=endpoint.id, due_at=now, payload=payload, account_id=endpoint.account_id)


def host_of(url: str) -> str:
    """Without path and parameters: many carry a secret."""
    parts = urlsplit(url)
    # urlsplit reads a port only when asked, and a URL kept here may be of any shape
    return parts.netloc.rpartition("@")[2]


def _facts(endpoint: Endpoint, health: Health) -> dict[str, Json]:
    return {
        "endpoint_id": endpoint.id,
        "host": host_of(endpoint.url),
        "since": rfc3339(health.since) if health.since else None,
        "failures": health.failures,
        "last_status_code": health.last_status_code,
        "last_reason": health.last_reason,
    }
