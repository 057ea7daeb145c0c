"""Spans of what is measured, and nothing at all unless they are asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler, TraceIdRatioBased

from lacre.engines import clock
from lacre.engines.tracing import ATTEMPT, Ids, TracedMeasures
from lacre.kit.ids import DeliveryId, EventId, new_uuid
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from tests.engines.test_measures import attempted, settled
from tests.support.database import database_url, migrated_file, postgres_server
from tests.support.receiver import Receiver
from tests.support.webhooks import NOON, a_delivery
from tests.support.working import Site, eventually

__all__ = ["database_url", "migrated_file", "postgres_server"]

DELIVERED, WAITING = DeliveryStatus.DELIVERED, DeliveryStatus.WAITING


class Traces:
    """What a collector would be sent."""

    def __init__(self, sampler: Sampler = ALWAYS_ON) -> None:
        ids = Ids()
        self._kept = InMemorySpanExporter()
        provider = TracerProvider(sampler=sampler, id_generator=ids, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.measures = TracedMeasures(provider, ids, clock.now)

    def named(self, name: str) -> Sequence[ReadableSpan]:
        return [span for span in self._kept.get_finished_spans() if span.name == name]


def test_an_attempt_is_a_span_with_its_outcome() -> None:
    traces = Traces()

    attempted(traces.measures, settled(WAITING, status_code=503, milliseconds=40, number=2))

    [span] = traces.named(ATTEMPT)
    said = dict(span.attributes or {})
    assert (said["http.response.status_code"], said["lacre.attempt"], said["lacre.then"]) == (
        503,
        2,
        "waiting",
    )
    assert span.start_time == int(NOON.timestamp()) * 10**9
    assert (span.end_time or 0) - (span.start_time or 0) == 40 * 10**6
    assert not span.status.is_ok


def test_what_is_told_of_one_event_is_one_trace_of_different_spans() -> None:
    measures = Traces().measures
    one, another = a_delivery(), replace_id(a_delivery())

    told = [measures.traceparent(one, 1), measures.traceparent(one, 2), measures.traceparent(another, 1)]

    assert len({line.split("-")[1] for line in told}) == 1
    assert len({line.split("-")[2] for line in told}) == 3
    assert all(line.startswith("00-") and line.endswith("-01") for line in told)


def test_jobs_and_requests_are_spans() -> None:
    traces = Traces()

    traces.measures.worked("signing.seal", "failed", 1.5)
    traces.measures.answered("GET /app/deliveries", 200, 0.02)

    [job], [request] = traces.named("signing.seal"), traces.named("GET /app/deliveries")
    assert not job.status.is_ok
    assert dict(request.attributes or {}) == {"http.response.status_code": 200}


def test_what_is_not_sampled_is_not_told_and_says_so_to_the_receiver() -> None:
    traces = Traces(ALWAYS_OFF)

    attempted(traces.measures, settled(DELIVERED))

    assert traces.named(ATTEMPT) == []
    assert traces.measures.traceparent(a_delivery(), 1).endswith("-00")


def test_a_tenth_is_a_tenth() -> None:
    """A UUID has bits that are always the same, by which samplers would take all or nothing."""
    measures = Traces(TraceIdRatioBased(0.1)).measures

    told = [measures.traceparent(of_event(new_uuid()), 1) for _ in range(2000)]

    assert 120 < sum(line.endswith("-01") for line in told) < 300


@pytest.mark.slow
def test_the_receiver_is_told_of_the_span_that_is_made(database_url: str, tmp_path: Path) -> None:
    traces, site = Traces(), Site(database_url, tmp_path / "data")
    site.services = replace(site.services, measures=traces.measures, traceparent=traces.measures.traceparent)
    with Receiver() as receiver:
        site.subscribe(account := site.account(), receiver.url)
        site.announce(account)
        with site.at_work():
            receiver.wait_for(1)
            eventually(lambda: len(traces.named(ATTEMPT)) == 1)
    site.close()

    [span] = traces.named(ATTEMPT)
    context = span.get_span_context()
    assert context is not None
    assert receiver.heard[0].header("traceparent") == f"00-{context.trace_id:032x}-{context.span_id:016x}-01"


@pytest.mark.slow
def test_without_a_collector_nothing_of_it_is_imported() -> None:
    program = (
        "import sys, lacre.cli, lacre.bootstrap;"
        " sys.exit(bool({'opentelemetry.sdk', 'lacre.engines.tracing'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.slow
def test_a_collector_that_is_named_is_sent_spans(tmp_path: Path) -> None:
    program = (
        "from lacre.bootstrap import open_installation; from lacre.settings import Settings;"
        " opened = open_installation(Settings());"
        " opened.services.measures.worked('signing.seal', 'done', 1.0);"
        " opened.close()"
    )
    with Receiver() as collector:
        named = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "LACRE_DATA_DIR": str(tmp_path / "data")}
        subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, **named}, cwd=tmp_path)

    [heard] = collector.heard
    assert heard.target.endswith("/v1/traces")
    assert b"signing.seal" in heard.body


def of_event(event_id: str) -> Delivery:
    return a_delivery(event_id=EventId(event_id))


def replace_id(delivery: Delivery) -> Delivery:
    """Another delivery of the same event."""
    return a_delivery(id=DeliveryId(new_uuid()), event_id=delivery.event_id)
