"""What this process counts, for Prometheus: plain counters that cost little, put into shape when asked.

The delivery path tells of whole batches, and of each attempt no more is done than counting equal values.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import get_args

from prometheus_client import GC_COLLECTOR, PROCESS_COLLECTOR
from prometheus_client.core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from lacre.engines.counts import Counts, Spread
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.exchange import NOT_AUTHORIZED, NOT_WORDED
from lacre.webhooks.repositories import Settled
from lacre.webhooks.request import Reason

_MILLISECOND = timedelta(milliseconds=1)
_DISCARDED = DeliveryStatus.DISCARDED

# said from the beginning: of a counter that appears with its first 1, no increase is ever seen
_CLASSES = ("2xx", "3xx", "4xx", "5xx")
_REASONS = (*_CLASSES, *get_args(Reason), NOT_WORDED, NOT_AUTHORIZED)
_RESULTS = (("delivered", ""), *product(("failed", "discarded"), _REASONS))
_OUTCOMES = ("done", "failed", "given_up", "taken_over")
_LOST = ("deliveries", "jobs")


class ProcessMeasures(Collector):
    """From any thread, and read by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own, self._ended = Counts(), Counts()
        self._helpers: dict[str, Counts] = {}
        """Of processes that work for this one, as each said last."""

    # ── counting ─────────────────────────────────────────────────────────────

    def attempted(self, made: Sequence[Settled], of: Sequence[Delivery | None]) -> None:
        told = [one for one in made if not one.sample]
        outcomes = [
            (one.attempt.ok, one.status is _DISCARDED, one.attempt.status_code, one.attempt.reason)
            for one in told
        ]
        waits = [
            (one.attempt.at - owed.created_at) // _MILLISECOND
            for one, owed in zip(made, of, strict=True)
            if one.attempt.number == 1 and owed is not None and not one.sample
        ]
        with self._lock:
            self._own.attempts.update(outcomes)
            self._own.attempt.add([one.attempt.milliseconds for one in told])
            self._own.first_attempt.add(waits)

    def announced(self, types: Sequence[str]) -> None:
        with self._lock:
            self._own.events.update(types)

    def worked(self, kind: str, outcome: str, seconds: float) -> None:
        with self._lock:
            self._own.jobs[kind, outcome] += 1
            self._own.job_milliseconds[kind] += round(seconds * 1000)

    def answered(self, _request: str, status: int, seconds: float) -> None:
        with self._lock:
            self._own.requests[status] += 1
            self._own.request.add([int(seconds * 1000)])

    def lost(self, what: str, count: int) -> None:
        with self._lock:
            self._own.lost[what] += count

    def gone(self, workers: int) -> None:
        with self._lock:
            self._own.workers_gone += workers

    # ── several processes ────────────────────────────────────────────────────

    def told(self) -> bytes:
        with self._lock:
            return self._own.told()

    def hear(self, helper: str, told: bytes) -> None:
        try:
            counts = Counts.heard(told)
        except ValueError:
            return
        with self._lock:
            self._helpers[helper] = counts

    def ended(self, helper: str) -> None:
        with self._lock:
            self._ended.join(self._helpers.pop(helper, Counts()))

    # ── showing ──────────────────────────────────────────────────────────────

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            total = Counts()
            for one in (self._own, self._ended, *self._helpers.values()):
                total.join(one)
        yield from (*_of_deliveries(total), *_of_work(total), *_of_requests(total))
        yield from PROCESS_COLLECTOR.collect()
        yield from GC_COLLECTOR.collect()


def _of_deliveries(total: Counts) -> Iterator[Metric]:
    made: Counter[tuple[str, str]] = Counter(dict.fromkeys(_RESULTS, 0))
    for (ok, discarded, status, reason), count in total.attempts.items():
        result = "delivered" if ok else "discarded" if discarded else "failed"
        made[result, "" if ok else reason or class_of(status)] += count
    yield counted("lacre_attempts", "Attempts that were written down", ("result", "reason"), made.items())
    yield spread("lacre_attempt_seconds", "From the beginning of an attempt to its end", total.attempt)
    waited = "From the commit of an event to the first attempt to tell of it"
    yield spread("lacre_first_attempt_seconds", waited, total.first_attempt)


def _of_work(total: Counts) -> Iterator[Metric]:
    yield counted("lacre_events", "Events that were committed", ("type",), _single(total.events))
    ended = dict.fromkeys(product(total.job_milliseconds, _OUTCOMES), 0) | total.jobs
    yield counted("lacre_job_runs", "Jobs that ended", ("kind", "outcome"), ended.items())
    lasted = SummaryMetricFamily("lacre_job_seconds", "How long jobs took", labels=["kind"])
    for kind, milliseconds in total.job_milliseconds.items():
        runs = sum(count for (of, _), count in total.jobs.items() if of == kind)
        lasted.add_metric([kind], runs, milliseconds / 1000)
    yield lasted
    lost = _single(dict.fromkeys(_LOST, 0) | total.lost)
    yield counted("lacre_holds_lost", "Work that was in other hands when it was done", ("of",), lost)
    gone = [((), total.workers_gone)]
    yield counted("lacre_workers_gone", "Workers found dead, whose work was freed", (), gone)


def _of_requests(total: Counts) -> Iterator[Metric]:
    answered: Counter[str] = Counter(dict.fromkeys(_CLASSES, 0))
    for status, count in total.requests.items():
        answered[class_of(status)] += count
    yield counted("lacre_requests", "Requests that were answered", ("status",), _single(answered))
    yield spread("lacre_request_seconds", "How long answers took", total.request)


def spread(name: str, what: str, over: Spread) -> Metric:
    family = HistogramMetricFamily(name, what)
    family.add_metric([], list(over.cumulated()), over.sum / 1000)
    return family


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


def _single(counts: Mapping[str, int]) -> Iterator[tuple[Sequence[str], int]]:
    return (((value,), count) for value, count in counts.items())
