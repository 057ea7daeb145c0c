"""Traces for OpenTelemetry: spans made of what is measured anyway, once a batch is written.

Neither this module nor the library is imported unless an operator names a collector. An attempt's place in
its trace is derived from its event and delivery, so that the receiver can be told of it before there is a
span: all that was told of one event, to whomever and however often, is one trace.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

from lacre.engines.measures import ProcessMeasures
from lacre.webhooks.delivery import Delivery
from lacre.webhooks.repositories import Settled

ATTEMPT = "webhook attempt"


class Ids(RandomIdGenerator):
    """Random ones, but for the span that a thread says it will make next."""

    def __init__(self) -> None:
        self._next = threading.local()

    def choose(self, trace_id: int, span_id: int) -> None:
        self._next.ids = (trace_id, span_id)

    def generate_trace_id(self) -> int:
        chosen: tuple[int, int] | None = getattr(self._next, "ids", None)
        return super().generate_trace_id() if chosen is None else chosen[0]

    def generate_span_id(self) -> int:
        chosen: tuple[int, int] | None = getattr(self._next, "ids", None)
        self._next.ids = None
        return super().generate_span_id() if chosen is None else chosen[1]


def open_provider() -> tuple[TracerProvider, Ids]:
    """As the standard variables say: OTEL_EXPORTER_OTLP_…, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER."""
    ids = Ids()
    provider = TracerProvider(id_generator=ids, resource=Resource.create({"service.name": "lacre"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider, ids


class TracedMeasures(ProcessMeasures):
    """Counts, and makes spans of the same; unsampled ones are not even described."""

    def __init__(self, provider: TracerProvider, ids: Ids, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._provider, self._ids, self._clock = provider, ids, clock
        self._tracer = provider.get_tracer("lacre")

    def traceparent(self, delivery: Delivery, attempt: int) -> str:
        """What the receiver is told of the attempt that is about to be made."""
        trace_id = _trace_id(delivery)
        return f"00-{trace_id:032x}-{_span_id(delivery, attempt):016x}-0{int(self._sampled(trace_id))}"

    def attempted(self, made: Sequence[Settled], of: Sequence[Delivery | None]) -> None:
        super().attempted(made, of)
        for settled, delivery in zip(made, of, strict=True):
            if delivery is not None and self._sampled(_trace_id(delivery)):
                self._tell(settled, delivery)
        began = min(one.attempt.at for one in made)
        self._span("webhook batch", began, self._clock(), {"lacre.attempts": len(made)})

    def worked(self, kind: str, outcome: str, seconds: float) -> None:
        super().worked(kind, outcome, seconds)
        self._just_ended(kind, seconds, {"lacre.outcome": outcome}, failed=outcome != "done")

    def answered(self, request: str, status: int, seconds: float) -> None:
        super().answered(request, status, seconds)
        said: dict[str, AttributeValue] = {"http.response.status_code": status}
        self._just_ended(request, seconds, said, kind=SpanKind.SERVER, failed=status >= 500)

    def _tell(self, settled: Settled, delivery: Delivery) -> None:
        attempt = settled.attempt
        said: dict[str, AttributeValue] = {
            "lacre.event": delivery.event_id,
            "lacre.delivery": delivery.id,
            "lacre.endpoint": delivery.endpoint_id,
            "lacre.attempt": attempt.number,
            "lacre.then": settled.status.value,
            "lacre.reason": attempt.reason,
        }
        if attempt.status_code is not None:
            said["http.response.status_code"] = attempt.status_code
        self._ids.choose(_trace_id(delivery), _span_id(delivery, attempt.number))
        ended = attempt.at + timedelta(milliseconds=attempt.milliseconds)
        self._span(ATTEMPT, attempt.at, ended, said, kind=SpanKind.CLIENT, failed=not attempt.ok)

    def _just_ended(
        self,
        name: str,
        seconds: float,
        said: dict[str, AttributeValue],
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        failed: bool,
    ) -> None:
        now = self._clock()
        self._span(name, now - timedelta(seconds=seconds), now, said, kind=kind, failed=failed)

    def _span(
        self,
        name: str,
        began: datetime,
        ended: datetime,
        said: dict[str, AttributeValue],
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        failed: bool = False,
    ) -> None:
        span = self._tracer.start_span(
            name, context=Context(), kind=kind, attributes=said, start_time=_nanoseconds(began)
        )
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(_nanoseconds(ended))

    def _sampled(self, trace_id: int) -> bool:
        return (
            self._provider.sampler.should_sample(None, trace_id, ATTEMPT).decision
            is Decision.RECORD_AND_SAMPLE
        )


def _trace_id(delivery: Delivery) -> int:
    return _number(delivery.event_id, 16)


def _span_id(delivery: Delivery, attempt: int) -> int:
    return _number(f"{delivery.id} {attempt}", 8)


def _number(text: str, size: int) -> int:
    """Evenly spread, as samplers want it: a UUID has bits that are always the same."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=size).digest())


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000) * 1000
