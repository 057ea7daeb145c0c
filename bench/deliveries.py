"""Deliveries per second and the cost of each, every attempt committed, beside a bare libcurl loop and others.

Lacre on SQLite and on PostgreSQL, with two workers on each (`LACRE_DELIVERY_PROCESSES`), and on SQLite with
one too; a team's own Celery and BullMQ; and the bare loop to the same receiver, which keeps nothing. The
rounds are interleaved, and each round's ratios are taken within it, so that a busy machine slows all of them.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from bench import statements
from bench.baselines import rate, tools
from bench.exchanges import bare, measured
from bench.http_receiver import running_receiver
from bench.machine import cpu_seconds
from bench.sites import (
    ENDPOINTS,
    empty_database,
    empty_file,
    fill,
    opened,
    quietly,
    server_pid,
    until_delivered,
    workers,
)
from tests.support.database import PostgresServer, running_postgres

JOBS = {"celery": 600, "bullmq": 3_000}
"""Fewer for those that need longer: a rate is a rate."""


@dataclass(frozen=True)
class Run:
    """Deliveries a second, and CPU microseconds for each: the workers', and the servers' they need."""

    per_s: float
    cpu_us: float
    server_us: float = 0.0


Runner = Callable[[], Run]


def measure(rounds: int = 3, *, deliveries: int = 64_000, others: bool = True) -> dict[str, object]:
    """`{"bare": {"per_s", "cpu_us"}, "sqlite": {"per_s", "cpu_us", "ratio", …}, …}`, medians."""
    deliveries -= deliveries % ENDPOINTS
    runs: dict[str, list[Run]] = {}
    with running_receiver() as url, running_postgres(durable=True) as server, quietly(), ExitStack() as stack:
        runners: dict[str, Runner] = {
            "bare": lambda: Run(*measured(bare, url, deliveries)),
            "sqlite": partial(_on_sqlite, url, deliveries),
            "sqlite_alone": partial(_on_sqlite, url, deliveries, count=1),
            "postgresql": partial(_on_postgresql, server, url, deliveries),
        }
        if others:
            runners |= stack.enter_context(_baselines(server, url))
        for _ in range(rounds):
            _one_round(runners, runs)
    rows = {name: _summary(one, runs) for name, one in runs.items()}
    for kind, counted in statements.measure().items():
        rows[kind] |= counted
    return dict(rows)


def _one_round(runners: dict[str, Runner], runs: dict[str, list[Run]]) -> None:
    """A baseline that breaks off is left out of all rounds."""
    for name, run in list(runners.items()):
        try:
            runs.setdefault(name, []).append(run())
        except tools.Unavailable as problem:
            print(f"{name} is left out: {problem}", file=sys.stderr)
            del runners[name], runs[name]


def _on_sqlite(url: str, deliveries: int, *, count: int = 2) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        database = empty_file(folder)
        with opened(database, folder) as site:
            fill(site, url, deliveries)
            with workers(database, folder, count) as hands:
                took = until_delivered(site)
        return Run(deliveries / took, hands.cpu_seconds / deliveries * 1e6)


def _on_postgresql(server: PostgresServer, url: str, deliveries: int) -> Run:
    """Two workers in processes of their own."""
    database, pid = empty_database(server), server_pid(server)
    with tempfile.TemporaryDirectory() as folder, opened(database, folder) as site:
        fill(site, url, deliveries)
        # what autovacuum would have found out within a minute
        server.look_at(database)
        with workers(database, folder) as hands:
            served = cpu_seconds(pid)
            took = until_delivered(site)
            served = cpu_seconds(pid) - served
        return Run(deliveries / took, hands.cpu_seconds / deliveries * 1e6, served / deliveries * 1e6)


@contextmanager
def _baselines(server: PostgresServer, url: str) -> Iterator[Mapping[str, Runner]]:
    """Those that can be had here; of the others it says what is missing."""
    runners: dict[str, Runner] = {}
    with ExitStack() as stack:
        for name, set_up in {"celery": tools.celery, "bullmq": tools.bullmq}.items():
            try:
                baseline, redis = set_up(), stack.enter_context(tools.running_redis())
            except tools.Unavailable as problem:
                print(f"{name} is left out: {problem}", file=sys.stderr)
            else:
                database = server.create()
                runners[name] = partial(_of_others, baseline, redis, database, JOBS[name], url, server)
        yield runners


def _of_others(
    baseline: tools.Baseline, redis: tools.Redis, database: str, jobs: int, url: str, server: PostgresServer
) -> Run:
    place = rate.Place(redis=redis, database=database, database_pid=server_pid(server), url=url)
    return Run(*rate.run(baseline, place, jobs))


def _summary(mine: list[Run], all_runs: Mapping[str, list[Run]]) -> dict[str, float]:
    """`ratio` is of the bare rate; for the others, `…_times` is how much quicker Lacre is."""
    row = {
        "per_s": round(statistics.median(run.per_s for run in mine)),
        "cpu_us": round(statistics.median(run.cpu_us for run in mine), 1),
        "server_us": round(statistics.median(run.server_us for run in mine), 1),
        "ratio": round(_ratio(mine, all_runs["bare"]), 4),
    }
    for kind in ("sqlite", "postgresql"):
        row[f"{kind}_times"] = round(_ratio(all_runs[kind], mine), 2)
    return row


def _ratio(some: list[Run], others: list[Run]) -> float:
    return statistics.median(one.per_s / other.per_s for one, other in zip(some, others, strict=True))


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=2))
