"""What Prometheus is told: this process's own counters, and what waits in the database for all of them."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.kit.retention import Sweep
from lacre.services import Measures, Services

LABELS = {"deliveries": "class", "jobs": "status", "oldest_due_seconds": "class"}
WORDS = {
    "workers": "Workers that are there",
    "deliveries": "Deliveries that wait: new, retry (both due), resting (due later), paused; and held",
    "deliveries_due": "Deliveries that are due: new and retry",
    "deliveries_counted_to": "Of one endpoint and class no more than this many are counted",
    "oldest_due_seconds": "For how long the oldest due delivery has been due",
    "jobs": "Jobs that wait, are held, or were given up in the last days",
    "jobs_due": "Jobs that are due",
    "oldest_job_seconds": "For how long the oldest due job has been due",
}
FRESH = timedelta(seconds=5)
"""For as long an answer serves: whoever asks more often must not cost the database more."""


@dataclass
class Metrics:
    services: Services
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _text: bytes = b""
    _until: datetime | None = None

    def routes(self) -> list[BaseRoute]:
        return [Route("/metrics", self.shown)]

    def shown(self, request: Request) -> Response:
        if not self._may_see(request.headers.get("authorization", "")):
            return PlainTextResponse("a token is needed", 401, headers={"WWW-Authenticate": "Bearer"})
        return Response(self._fresh(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    def _may_see(self, authorization: str) -> bool:
        """Anybody, unless a token was set: what is shown names no account, but tells how much goes on."""
        token = self.services.settings.metrics_token.get_secret_value()
        return not token or hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())

    def _fresh(self) -> bytes:
        with self._lock:
            now = self.services.clock()
            if self._until is None or now >= self._until:
                self._text, self._until = (
                    exposed(Counted(self.services.measures), Waiting(self.services)),
                    now + FRESH,
                )
            return self._text


def exposed(*collectors: Collector) -> bytes:
    registry = CollectorRegistry()
    for one in collectors:
        registry.register(one)
    return generate_latest(registry)


class Counted(Collector):
    """By this process."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def collect(self) -> Iterable[Metric]:
        return self._measures.collect()


class Waiting(Collector):
    """Asked of the database, for all processes alike."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        now = self._services.clock()
        with self._services.open_work() as work:
            counts = work.census.counts(now=now)
            sweeps = work.retention(self._services.settings).sweeps()
        families: dict[str, GaugeMetricFamily] = {}
        for (name, value), count in counts.items():
            label = [LABELS[name]] if name in LABELS else []
            new = GaugeMetricFamily(f"lacre_{name}", WORDS[name], labels=label)
            families.setdefault(name, new).add_metric([value] if label else [], count)
        yield from families.values()
        yield from _of_retention(sweeps, now)


def _of_retention(sweeps: Iterable[Sweep], now: datetime) -> Iterator[Metric]:
    said = "Rows that were kept long enough and removed, since the installation began"
    removed = CounterMetricFamily("lacre_purged_rows", said, labels=["rule"])
    behind = GaugeMetricFamily(
        "lacre_retention_age_seconds", "Since everything old enough was last gone", labels=["rule"]
    )
    for one in sweeps:
        removed.add_metric([one.rule], one.removed)
        if one.complete_at is not None and one.keeps_days is not None:
            behind.add_metric([one.rule], (now - one.complete_at).total_seconds())
    yield removed
    yield behind
