"""Deliveries per second, with every attempt committed, beside a bare libcurl loop to the same receiver.

All that a real delivery needs is on: claims and fairness, wording and signing, the vetted way out, the
attempt log with headers and bodies, one log line an attempt. The rounds are interleaved, and each round's
ratio is taken within it, so that a busy machine slows both.
"""

from __future__ import annotations

import json
import logging
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

import structlog
from sqlalchemy import text
from tests.support.database import PostgresServer, running_postgres
from tests.support.plain import Plain
from tests.support.working import Site

from bench.exchanges import bare, measured
from bench.http_receiver import running_receiver
from lacre.documents.links import Links
from lacre.kit.json import canonical
from lacre.store.migrations.steps import migrate
from lacre.webhooks import signature
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.headers import sendable
from lacre.webhooks.request import Request

ENDPOINTS = 16
FILLING = "x" * 800  # the body is 1 kB then
SECRET = signature.as_secret(b"k" * 32)


@dataclass
class Signed(Plain):
    """Words and signs as the native dialect does."""

    worded: int = 0

    def request(
        self, kept: KeptEvent, endpoint: Endpoint, *, links: Links, attempt: int, now: datetime
    ) -> Request:
        del links, attempt
        self.worded += 1
        body = canonical({"id": kept.id, "type": kept.event.type, "data": kept.event.facts})
        signed = signature.headers(endpoint.secrets.signing, message_id=kept.id, at=now, body=body)
        return Request(
            method="POST",
            url=endpoint.url,
            headers=(
                ("Content-Type", "application/json"),
                ("User-Agent", "Lacre"),
                *signed,
                *sendable(endpoint.secrets.headers),
            ),
            body=body,
            deadline_seconds=20,
        )


def measure(rounds: int = 3, *, deliveries: int = 16_000) -> dict[str, object]:
    """`{"bare": {"per_s", "cpu_us"}, "sqlite": {"per_s", "cpu_us", "ratio"}, …}`, medians over the rounds."""
    rows: dict[str, list[tuple[float, float]]] = {"bare": [], "sqlite": [], "postgresql": []}
    with running_receiver() as url, running_postgres(durable=True) as server, _quietly():
        for _ in range(rounds):
            rows["bare"].append(measured(bare, url, deliveries))
            rows["sqlite"].append(_on_sqlite(url, deliveries))
            rows["postgresql"].append(_on_postgresql(server, url, deliveries))
    return {name: _summary(runs, rows["bare"]) for name, runs in rows.items()}


def _on_sqlite(url: str, deliveries: int) -> tuple[float, float]:
    """A worker in this process."""
    with tempfile.TemporaryDirectory() as name, _site(_empty(name), name, url, deliveries) as site:
        cpu = _cpu_seconds()
        with site.at_work():
            per_s = _until_delivered(site, deliveries)
        return per_s, (_cpu_seconds() - cpu) / deliveries * 1e6


def _on_postgresql(server: PostgresServer, url: str, deliveries: int) -> tuple[float, float]:
    """Two workers in processes of their own; the CPU is theirs, without the database's."""
    database = server.create(template="lacre_template")
    with tempfile.TemporaryDirectory() as name, _site(database, name, url, deliveries) as site:
        with _two_workers(database, name) as used:
            per_s = _until_delivered(site, deliveries)
        return per_s, sum(used) / deliveries * 1e6


def _empty(folder: str) -> str:
    database = f"sqlite:///{folder}/lacre.db"
    migrate(database)
    return database


@contextmanager
def _site(database: str, folder: str, url: str, deliveries: int) -> Iterator[Site]:
    site = Site(database, Path(folder), plain=Signed())
    _fill(site, url, deliveries)
    yield site
    site.close()


@contextmanager
def _two_workers(database: str, folder: str) -> Iterator[list[float]]:
    """Made ready before the clock runs; the list holds the CPU seconds of each once the context is over."""
    spawn = get_context("spawn")
    begin, stop, used = spawn.Barrier(3), spawn.Event(), spawn.SimpleQueue()
    hands = [spawn.Process(target=_work, args=(database, folder, begin, stop, used)) for _ in range(2)]
    for hand in hands:
        hand.start()
    begin.wait()
    spent: list[float] = []
    yield spent
    stop.set()
    for hand in hands:
        spent.append(used.get())
        hand.join()


def _work(database: str, folder: str, begin: Barrier, stop: Event, used: SimpleQueue[float]) -> None:
    with _quietly():
        site = Site(database, Path(folder), plain=Signed())
        begin.wait()
        cpu = _cpu_seconds()
        with site.at_work():
            stop.wait()
        used.put(_cpu_seconds() - cpu)
        site.close()


def _fill(site: Site, url: str, deliveries: int) -> None:
    account = site.account()
    for number in range(ENDPOINTS):
        secrets = Secrets(signing=(SECRET,), headers=(("X-Token", "s3cret"),))
        site.subscribe(account, f"{url}?endpoint={number}", secrets=secrets)
    for _ in range(deliveries // ENDPOINTS // 100):
        site.announce(account, 100, filling=FILLING)


def _until_delivered(site: Site, deliveries: int) -> float:
    """Deliveries per second, from now to the last commit."""
    began = time.perf_counter()
    while _left(site):
        time.sleep(0.02)
    return deliveries / (time.perf_counter() - began)


def _left(site: Site) -> bool:
    with site.store.open_work() as work:
        return work.queue._transaction.read(_OPEN).first() is not None


_OPEN = text(
    "SELECT 1 FROM endpoint WHERE EXISTS (SELECT 1 FROM delivery WHERE endpoint_id = endpoint.id"
    " AND status = 'waiting') OR EXISTS (SELECT 1 FROM delivery WHERE endpoint_id = endpoint.id"
    " AND status = 'held')"
)


def _summary(runs: list[tuple[float, float]], bare_runs: list[tuple[float, float]]) -> dict[str, float]:
    per_s, cpu_us = (statistics.median(column) for column in zip(*runs, strict=True))
    ratios = [one[0] / plain[0] for one, plain in zip(runs, bare_runs, strict=True)]
    return {"per_s": round(per_s), "cpu_us": round(cpu_us, 1), "ratio": round(statistics.median(ratios), 3)}


@contextmanager
def _quietly() -> Iterator[None]:
    """Log lines are made as in production, and written nowhere."""
    with Path("/dev/null").open("w") as nowhere:
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.JSONRenderer(),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            logger_factory=structlog.PrintLoggerFactory(nowhere),
            cache_logger_on_first_use=True,
        )
        yield
        structlog.reset_defaults()


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=2))
