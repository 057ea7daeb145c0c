"""What this process counts, for Prometheus: plain counters that cost little, put into shape when asked.

The delivery path tells of whole batches, and of each attempt no more is done than counting equal values.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from prometheus_client import GC_COLLECTOR, PROCESS_COLLECTOR
from prometheus_client.core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.repositories import Settled

BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 60_000, 300_000, 3_600_000)
"""In milliseconds; from a good answer of a near receiver to a queue that is an hour behind."""
MANY = 20_000
"""Different values, before they are put into buckets although nobody asked."""
_MILLISECOND = timedelta(milliseconds=1)
_DISCARDED = DeliveryStatus.DISCARDED


class ProcessMeasures(Collector):
    """From any thread, and read by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts: Counter[tuple[bool, bool, int | None, str]] = Counter()
        self._attempt, self._first_attempt, self._request = Spread(), Spread(), Spread()
        self._events: Counter[str] = Counter()
        self._jobs: Counter[tuple[str, str]] = Counter()
        self._job_seconds: Counter[str] = Counter()
        self._requests: Counter[int] = Counter()
        self._lost: Counter[str] = Counter()
        self._workers_gone = 0

    # ── counting ─────────────────────────────────────────────────────────────

    def attempted(self, made: Sequence[Settled], of: Sequence[Delivery | None]) -> None:
        attempts = [one.attempt for one in made]
        outcomes = [
            (one.attempt.ok, one.status is _DISCARDED, one.attempt.status_code, one.attempt.reason)
            for one in made
        ]
        waits = [
            (attempt.at - owed.created_at) // _MILLISECOND
            for attempt, owed in zip(attempts, of, strict=True)
            if attempt.number == 1 and owed is not None
        ]
        with self._lock:
            self._attempts.update(outcomes)
            self._attempt.add([one.milliseconds for one in attempts])
            self._first_attempt.add(waits)

    def announced(self, types: Sequence[str]) -> None:
        with self._lock:
            self._events.update(types)

    def worked(self, kind: str, outcome: str, seconds: float) -> None:
        with self._lock:
            self._jobs[kind, outcome] += 1
            self._job_seconds[kind] += round(seconds * 1000)

    def answered(self, _request: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[status] += 1
            self._request.add([int(seconds * 1000)])

    def lost(self, what: str, count: int) -> None:
        with self._lock:
            self._lost[what] += count

    def gone(self, workers: int) -> None:
        with self._lock:
            self._workers_gone += workers

    # ── showing ──────────────────────────────────────────────────────────────

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            shown = [*self._of_deliveries(), *self._of_work(), *self._of_requests()]
        yield from shown
        yield from PROCESS_COLLECTOR.collect()
        yield from GC_COLLECTOR.collect()

    def _of_deliveries(self) -> Iterator[Metric]:
        made: Counter[tuple[str, str]] = Counter()
        for (ok, discarded, status, reason), count in self._attempts.items():
            result = "delivered" if ok else "discarded" if discarded else "failed"
            made[result, "" if ok else reason or class_of(status)] += count
        yield counted("lacre_attempts", "Attempts that were written down", ("result", "reason"), made.items())
        yield self._attempt.shown("lacre_attempt_seconds", "From the beginning of an attempt to its end")
        yield self._first_attempt.shown(
            "lacre_first_attempt_seconds", "From the commit of an event to the first attempt to tell of it"
        )

    def _of_work(self) -> Iterator[Metric]:
        yield counted("lacre_events", "Events that were committed", ("type",), _single(self._events))
        yield counted("lacre_job_runs", "Jobs that ended", ("kind", "outcome"), self._jobs.items())
        lasted = SummaryMetricFamily("lacre_job_seconds", "How long jobs took", labels=["kind"])
        for kind, milliseconds in self._job_seconds.items():
            runs = sum(count for (of, _), count in self._jobs.items() if of == kind)
            lasted.add_metric([kind], runs, milliseconds / 1000)
        yield lasted
        lost = _single(self._lost)
        yield counted("lacre_holds_lost", "Work that was in other hands when it was done", ("of",), lost)
        gone = [((), self._workers_gone)]
        yield counted("lacre_workers_gone", "Workers found dead, whose work was freed", (), gone)

    def _of_requests(self) -> Iterator[Metric]:
        answered: Counter[str] = Counter()
        for status, count in self._requests.items():
            answered[class_of(status)] += count
        yield counted("lacre_requests", "Requests that were answered", ("status",), _single(answered))
        yield self._request.shown("lacre_request_seconds", "How long answers took")


class Spread:
    """Milliseconds, each by how often it came; in buckets once there are too many different ones."""

    def __init__(self) -> None:
        self._raw: Counter[int] = Counter()
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._sum = 0

    def add(self, milliseconds: Iterable[int]) -> None:
        self._raw.update(milliseconds)
        if len(self._raw) > MANY:
            self._sort()

    def shown(self, name: str, what: str) -> Metric:
        self._sort()
        family = HistogramMetricFamily(name, what)
        family.add_metric([], list(self._cumulated()), self._sum / 1000)
        return family

    def _sort(self) -> None:
        for one, count in self._raw.items():
            self._buckets[bisect_left(BOUNDS, one)] += count
            self._sum += one * count
        self._raw.clear()

    def _cumulated(self) -> Iterator[tuple[str, float]]:
        total = 0
        for bound, count in zip((*BOUNDS, None), self._buckets, strict=True):
            total += count
            yield "+Inf" if bound is None else str(bound / 1000), total


def counted(
    name: str, what: str, labels: Sequence[str], counts: Iterable[tuple[Sequence[str], int]]
) -> Metric:
    family = CounterMetricFamily(name, what, labels=labels)
    for values, count in counts:
        family.add_metric(values, count)
    return family


def class_of(status: int | None) -> str:
    """`4xx`: which client error it was, the delivery's own page tells."""
    return f"{status // 100}xx" if status else "none"


def _single(counts: Counter[str]) -> Iterator[tuple[Sequence[str], int]]:
    return (((value,), count) for value, count in counts.items())
