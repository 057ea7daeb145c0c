"""Removes what was kept long enough: a durable job that works for some seconds, and asks for itself again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from time import perf_counter, sleep

import structlog

from lacre.kit.jobs import HeldJob, Job
from lacre.kit.retention import PURGE, Step
from lacre.services import Services

_LOG = structlog.get_logger("lacre.purge")

FEWEST, FIRST, MOST = 50, 100, 500
"""Rows in one transaction, as many as take as long as a step should."""
STEP_SECONDS = 0.005
"""SQLite has one writer, and deliveries wait for it meanwhile."""
REST = 20.0
"""How many times as long as a step took the next one waits: of a hundred deliveries few meet one."""
LONGEST_REST = 0.5
TURN = timedelta(seconds=5)
"""Then the job ends, so that a worker that is told to stop need not wait for it."""
DELETED = timedelta(days=2)
"""How long after an endpoint's deletion something may be left of it: as long as nobody is at work."""
EVERY = timedelta(minutes=10)
"""Looks for rules that are due; how often each one is, it says itself."""


def purge(services: Services, job: HeldJob, now: datetime) -> None:
    until, left, rows = now + TURN, True, FIRST
    looked_at, removed = Counter[str](), Counter[str]()
    discarded = _discard(services, until)
    deleted = _discard_of_deleted(services, until)
    while left and services.clock() < until:
        began = perf_counter()
        step = _step(services, rows)
        took = perf_counter() - began
        left = step is not None
        if step is not None:
            looked_at[step.rule] += step.looked_at
            removed[step.rule] += step.removed
            rows = next_rows(rows, step.looked_at, took)
            _rest(took)
    shredded = _shred(services, until)
    if discarded:
        _LOG.warning("discarded", deliveries=discarded)
    if shredded:
        _LOG.info("shredded", files=shredded)
    _tell(looked_at, removed)
    _ask_again(services, job, services.clock() + (EVERY if deleted and not left else timedelta(0)))


def _discard(services: Services, until: datetime) -> int:
    """What waits for endpoints that we disabled, and that nobody mended."""
    days, gone = services.settings.keep_waiting_days, 0
    while days and services.clock() < until:
        now, began = services.clock(), perf_counter()
        with services.open_work() as work:
            some = work.health.discard_waiting(before=now - timedelta(days=days), limit=FIRST, now=now)
        gone += some
        if some < FIRST:
            break
        _rest(perf_counter() - began)
    return gone


def _discard_of_deleted(services: Services, until: datetime) -> bool:
    """Whether all is given up for now: what was under way as its endpoint was deleted waits again later."""
    while services.clock() < until:
        now, began = services.clock(), perf_counter()
        with services.open_work() as work:
            some = work.health.discard_of_deleted(since=now - DELETED, limit=MOST, now=now)
        if not some:
            return True
        _rest(perf_counter() - began)
    return False


def _shred(services: Services, until: datetime) -> int:
    """Files that invoices left behind: first the bytes, then that they were there."""
    gone = 0
    while services.clock() < until:
        with services.open_work() as work:
            some = work.books.invoices.left_files(limit=FIRST)
        if not some:
            break
        for digest in some:
            services.invoice_files.remove(digest)
        with services.open_work() as work:
            work.books.invoices.forget_files(some)
        gone += len(some)
    return gone


def _rest(worked_seconds: float) -> None:
    """Others want the database, too."""
    sleep(min(worked_seconds * REST, LONGEST_REST))


def next_rows(rows: int, looked_at: int, seconds: float) -> int:
    """For a step to take as long as it should; one that found less than it might says nothing about that."""
    if looked_at < rows and seconds < STEP_SECONDS:
        return rows
    fitting = int(rows * STEP_SECONDS / max(seconds, 0.0001))
    return min(max(fitting, rows // 2, FEWEST), rows * 2, MOST)


def _step(services: Services, rows: int) -> Step | None:
    with services.open_work() as work:
        return work.retention(services.settings).step(now=services.clock(), limit=rows)


def _tell(looked_at: Counter[str], removed: Counter[str]) -> None:
    """One line a turn for each table that had anything old."""
    for rule, count in looked_at.items():
        if count:
            _LOG.info("purged", rule=rule, looked_at=count, removed=removed[rule])


def _ask_again(services: Services, job: HeldJob, due_at: datetime) -> None:
    """The same job each time: however often it is cut off and tried again, there is only one to come."""
    with services.open_work() as work:
        work.jobs.add(Job(kind=PURGE, key=job.key, due_at=due_at))
