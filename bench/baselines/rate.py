"""How quickly a baseline does its jobs, and what each costs: from the tenth of them to the last."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.baselines.tools import Baseline, Redis, Unavailable, environment, must
from bench.machine import cpu_seconds

TABLE = """
CREATE TABLE attempt (
    id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), delivery text NOT NULL,
    status int NOT NULL, milliseconds int NOT NULL, detail jsonb NOT NULL, answer text NOT NULL
)
"""
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a baseline finds its jobs, keeps its attempts and posts to."""

    redis: Redis
    database: str
    database_pid: int
    url: str


def run(baseline: Baseline, place: Place, jobs: int) -> tuple[float, float, float]:
    """Deliveries a second, and CPU microseconds for each: the workers', and both servers'.

    The jobs are put before the clock runs, and the worker has begun when it does.
    """
    around = environment(place.redis, place.database)
    place.redis.empty()
    place.redis.sync("no")  # putting jobs is not what is measured
    must([*baseline.enqueue, str(jobs), place.url], baseline.folder, around)
    place.redis.sync("always")
    with psycopg.connect(place.database, autocommit=True) as session:
        session.execute("DROP TABLE IF EXISTS attempt")
        session.execute(TABLE)
        with _at_work(baseline, around) as pid:
            servers = (place.database_pid, place.redis.pid)
            return _measured(lambda: _done(session), jobs, pid, servers)


@contextmanager
def _at_work(baseline: Baseline, around: dict[str, str]) -> Iterator[int]:
    with Path("/dev/null").open("w") as nowhere:
        process = subprocess.Popen(
            baseline.work, cwd=baseline.folder, env=around, stdout=nowhere, stderr=subprocess.STDOUT
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            _wait_or_kill(process)


def _measured(
    done: Callable[[], int], jobs: int, pid: int, servers: tuple[int, ...]
) -> tuple[float, float, float]:
    first = _until(done, jobs // 10)
    began, spent, served = time.perf_counter(), cpu_seconds(pid), sum(map(cpu_seconds, servers))
    last = _until(done, jobs)
    took = time.perf_counter() - began
    spent, served = cpu_seconds(pid) - spent, sum(map(cpu_seconds, servers)) - served
    measured = last - first
    return measured / took, spent / measured * 1e6, served / measured * 1e6


def _until(done: Callable[[], int], wanted: int) -> int:
    until = time.monotonic() + PATIENCE_SECONDS
    while (count := done()) < wanted:
        if time.monotonic() > until:
            raise Unavailable(f"it did {count} of {wanted} jobs in {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.02)
    return count


def _done(session: psycopg.Connection) -> int:
    # each row takes the next number: quicker to ask for than a count
    row = session.execute("SELECT max(id) FROM attempt").fetchone()
    return row[0] or 0 if row else 0


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
