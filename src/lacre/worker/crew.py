"""The threads that do jobs: each lane has its own, so that one kind of work never waits for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from time import perf_counter

import structlog

from lacre.kit.jobs import HeldJob, HoldLost, JobQueue
from lacre.kit.refusal import Refusal
from lacre.kit.times import scaled
from lacre.services import Services
from lacre.worker.crash import Crash, Guard
from lacre.worker.jobs import Failed, Handler, Lane, retry_wait

log = structlog.get_logger("lacre.jobs")

PATIENCE_SECONDS = 1.0
"""Between tries to write down what became of a job, while the database is away."""


class Crew:
    """`turn` from one thread; the jobs themselves run in threads of their own."""

    def __init__(
        self,
        services: Services,
        worker_id: str,
        *,
        guard: Guard,
        handlers: Mapping[str, Handler],
        lanes: Sequence[Lane],
        news: threading.Event,
    ) -> None:
        """`news` is set when a job ended: there may be something to do."""
        self._services, self._worker_id, self._guard = services, worker_id, guard
        self._handlers, self._news = handlers, news
        self._lanes = [_Running(lane, handlers) for lane in lanes]
        self._closing = threading.Event()

    def turn(self) -> None:
        """Claims as many due jobs as there are free hands, and begins them."""
        free = [lane for lane in self._lanes if lane.room]
        if not free:
            return
        with self._services.open_work() as work:
            now = self._services.clock()
            claimed = [(lane, job) for lane in free for job in lane.claim(work.queue, self._worker_id, now)]
        for lane, job in claimed:
            lane.begin(partial(self._do, lane, job))

    def close(self) -> None:
        """Waits for the jobs under way."""
        self._closing.set()
        for lane in self._lanes:
            lane.close()

    # ── one job, in a thread of its lane ─────────────────────────────────────

    def _do(self, lane: _Running, job: HeldJob) -> None:
        log.info("job_begun", kind=job.kind, key=job.key, attempt=job.attempts)
        began = perf_counter()
        outcome = self._guard(partial(self._attempt, job))
        took = perf_counter() - began
        failed = Failed(problem=outcome.problem) if isinstance(outcome, Crash) else outcome
        while isinstance(became := self._guard(partial(self._settle, job, failed)), Crash):
            if self._closing.wait(PATIENCE_SECONDS):
                break
        else:
            self._services.measures.worked(job.kind, became, took)
        lane.end()
        self._news.set()

    def _attempt(self, job: HeldJob) -> Failed | None:
        try:
            return self._handlers[job.kind](self._services, job, self._services.clock())
        except Refusal as refusal:
            return Failed(problem=refusal.message, retry=False)

    def _settle(self, job: HeldJob, failed: Failed | None) -> str:
        try:
            return self._write(job, failed)
        except HoldLost:
            log.warning("job_taken_over", kind=job.kind, key=job.key)
            self._services.measures.lost("jobs", 1)
            return "taken_over"

    def _write(self, job: HeldJob, failed: Failed | None) -> str:
        now, wait = self._services.clock(), retry_wait(job, failed) if failed else None
        with self._services.open_work() as work:
            if failed is None:
                work.queue.finish(self._worker_id, job.id, now=now)
            elif wait is None:
                work.queue.give_up(self._worker_id, job.id, now=now, problem=failed.problem)
            else:
                due_at = now + scaled(wait, self._services.settings.time_scale)
                work.queue.retry(self._worker_id, job.id, due_at=due_at, problem=failed.problem)
        return _tell(job, failed, given_up=wait is None)


class _Running:
    """A lane at work: the crew's thread asks for `room` and begins jobs, the lane's own end them."""

    def __init__(self, lane: Lane, handlers: Mapping[str, Handler]) -> None:
        # what nobody here can do is left to workers that can
        self.kinds = tuple(kind for kind in lane.kinds if kind in handlers)
        self._share = lane.share
        self._free = lane.at_once if self.kinds else 0
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(lane.at_once, thread_name_prefix="lacre-job")

    @property
    def room(self) -> int:
        return self._free

    def claim(self, queue: JobQueue, worker_id: str, now: datetime) -> Sequence[HeldJob]:
        return queue.claim(worker_id, now=now, limit=self.room, kinds=self.kinds, share=self._share)

    def begin(self, do: Callable[[], None]) -> None:
        with self._lock:
            self._free -= 1
        self._threads.submit(do)

    def end(self) -> None:
        with self._lock:
            self._free += 1

    def close(self) -> None:
        self._threads.shutdown(wait=True)


def _tell(job: HeldJob, failed: Failed | None, *, given_up: bool) -> str:
    """One line a job; what became of it."""
    told = {"kind": job.kind, "key": job.key, "attempt": job.attempts}
    if failed is None:
        log.info("job_done", **told)
        return "done"
    elif given_up:
        log.error("job_given_up", **told, problem=failed.problem)
        return "given_up"
    else:
        log.warning("job_failed", **told, problem=failed.problem)
        return "failed"
