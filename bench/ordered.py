"""Deliveries in order, each begun once the one before it in its lane is recorded: one lane, 500 lanes, none.

With two workers on SQLite and on PostgreSQL, its own processes counted.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence

from bench.http_receiver import running_receiver
from bench.machine import cpu_seconds
from bench.sites import FILLING, SECRET, both_databases, opened, quietly, until_delivered, workers
from lacre.webhooks.endpoint import Secrets
from lacre.webhooks.lane import Ordering
from tests.support.working import Site

LANES = 500
ORDERS: Mapping[str, tuple[Ordering, int]] = {
    "one lane": (Ordering.ENDPOINT, 1_000),
    f"{LANES} lanes": (Ordering.SUBJECT, 8_000),
    "no order": (Ordering.NONE, 8_000),
}
"""How many deliveries to one endpoint."""


def measure(rounds: int = 3) -> dict[str, object]:
    """`{"sqlite, one lane": {"per_s", "cpu_us", "server_us"}, …}`, medians of interleaved rounds."""
    runs: dict[str, list[Sequence[float]]] = {}
    with running_receiver() as url, both_databases() as databases, quietly():
        for _ in range(rounds):
            for kind, (make, pid) in databases.items():
                for title, (ordering, count) in ORDERS.items():
                    with tempfile.TemporaryDirectory() as folder:
                        run = _run(make(folder), folder, url, ordering, count, pid)
                    runs.setdefault(f"{kind}, {title}", []).append(run)
    return {name: _summary(of) for name, of in runs.items()}


def _run(database: str, folder: str, url: str, ordering: Ordering, count: int, pid: int) -> Sequence[float]:
    with opened(database, folder) as site:
        _fill(site, url, ordering, count)
        with workers(database, folder) as hands:
            served = _served(pid)
            took = until_delivered(site)
            served = _served(pid) - served
    return count / took, hands.cpu_seconds / count * 1e6, served / count * 1e6


def _fill(site: Site, url: str, ordering: Ordering, count: int) -> None:
    account = site.account()
    site.subscribe(account, url, secrets=Secrets(signing=(SECRET,)), ordering=ordering)
    for number in range(LANES):
        site.announce(account, count // LANES, subject_id=f"subject {number}", filling=FILLING)


def _served(pid: int) -> float:
    return cpu_seconds(pid) if pid else 0.0


def _summary(runs: Sequence[Sequence[float]]) -> dict[str, float]:
    per_s, cpu_us, server_us = (statistics.median(column) for column in zip(*runs, strict=True))
    return {"per_s": round(per_s), "cpu_us": round(cpu_us), "server_us": round(server_us)}


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=2))
