"""What machines ask: whether the process lives, whether it can work, and how much waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.services import Services

LABELS = {"envelopes": "status", "deliveries": "status", "jobs": "status"}


@dataclass(frozen=True)
class Health:
    services: Services

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/healthz", self.lives),
            Route("/readyz", self.works),
            Route("/metrics", self.measures),
        ]

    def lives(self, _: Request) -> Response:
        return PlainTextResponse("ok")

    def works(self, _: Request) -> Response:
        """503 when no worker is there: what is sent would be kept, but not sealed or told."""
        with self.services.open_work() as work:
            workers = work.census.workers()
        ready = workers > 0
        said = {"database": "ok", "workers": workers}
        return JSONResponse(said, status_code=200 if ready else 503)

    def measures(self, _: Request) -> Response:
        registry = CollectorRegistry()
        registry.register(_Counts(self.services))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Counts(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        with self._services.open_work() as work:
            counts = work.census.counts(now=self._services.clock())
        families: dict[str, GaugeMetricFamily] = {}
        for (name, value), count in counts.items():
            label = [LABELS[name]] if name in LABELS else []
            family = families.setdefault(
                name, GaugeMetricFamily(f"lacre_{name}", f"Rows of {name} in the database", labels=label)
            )
            family.add_metric([value] if label else [], count)
        yield from families.values()
