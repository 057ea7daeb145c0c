"""What the benches of delivering have in common: a filled installation, and workers that deliver.

All that a real delivery needs is on: claims and fairness, wording and signing, the vetted way out, the
attempt log with headers and bodies, one log line an attempt.
"""

from __future__ import annotations

import atexit
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO, TypeVar

import structlog
from sqlalchemy import text

from bench.machine import own_cpu_seconds
from lacre.accounts.account import Account
from lacre.documents.links import Links
from lacre.engines import clock, collector
from lacre.engines.attempt_log import JsonAttemptLog
from lacre.kit.ids import AccountId, EndpointId, new_uuid
from lacre.kit.json import compact
from lacre.store.migrations.steps import migrate
from lacre.webhooks import actions, signature
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.headers import sendable
from lacre.webhooks.request import Request
from tests.support.database import PostgresServer, running_postgres
from tests.support.plain import Plain
from tests.support.working import Site

ENDPOINTS = 16
FILLING = "x" * 800  # the body is 1 kB then
File = TypeVar("File", bound=IO[Any])
SECRET = signature.as_secret(b"k" * 32)


@dataclass
class Signed(Plain):
    """Words and signs as the native dialect does."""

    def request(
        self, kept: KeptEvent, endpoint: Endpoint, *, links: Links, attempt: int, now: datetime
    ) -> Request:
        del links, attempt
        body = compact({"id": kept.id, "type": kept.event.type, "data": kept.event.facts})
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


@contextmanager
def opened(database: str, folder: str | Path) -> Iterator[Site]:
    site = Site(database, Path(folder), plain=Signed(), attempt_log=log_to_nowhere())
    collector.calm()  # as the commands do
    try:
        yield site
    finally:
        site.close()


def log_to_nowhere() -> JsonAttemptLog:
    """Lines are made as in production."""
    return JsonAttemptLog(_no_bytes(), clock.now)


def empty_file(folder: str | Path) -> str:
    """A migrated SQLite database; its URL."""
    database = f"sqlite:///{folder}/lacre.db"
    migrate(database)
    return database


def empty_database(server: PostgresServer) -> str:
    return server.create(template="lacre_template")


@contextmanager
def both_databases() -> Iterator[Mapping[str, tuple[Callable[[str | Path], str], int]]]:
    """For each kind, what makes an empty one (given a folder of its own), and its server's process or 0."""
    with running_postgres(durable=True) as server:
        yield {
            "sqlite": (empty_file, 0),
            "postgresql": (lambda _: empty_database(server), server_pid(server)),
        }


def server_pid(server: PostgresServer) -> int:
    """Of the process that starts, and waits for, all the others of PostgreSQL."""
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])


# ── what there is to deliver ─────────────────────────────────────────────────


def subscribed(site: Site, urls: Sequence[str]) -> AccountId:
    """An account with an endpoint at each URL, which each hear of everything."""
    account = site.account()
    secrets = Secrets(signing=(SECRET,), headers=(("X-Token", "s3cret"),))
    for url in urls:
        site.subscribe(account, url, secrets=secrets)
    return account


def accounts_with(site: Site, urls: Sequence[str]) -> Sequence[AccountId]:
    """An account of its own for each URL; many in a transaction, since there may be thousands."""
    made: list[AccountId] = []
    for first in range(0, len(urls), 500):
        with site.store.open_work() as work:
            for url in urls[first : first + 500]:
                account = Account(id=AccountId(new_uuid()), name=new_uuid(), created_at=clock.now())
                work.accounts.add(account)
                actions.subscribe(work, _endpoint(account.id, url))
                made.append(account.id)
    return made


def _endpoint(account_id: AccountId, url: str) -> Endpoint:
    return Endpoint(
        id=EndpointId(new_uuid()),
        account_id=account_id,
        number=0,
        dialect="plain",
        url=url,
        types=(),
        created_at=clock.now(),
        secrets=Secrets(signing=(SECRET,), headers=(("X-Token", "s3cret"),)),
    )


def fill(site: Site, url: str, deliveries: int) -> AccountId:
    """About that many, due now, to sixteen endpoints at one receiver."""
    account = subscribed(site, [f"{url}?endpoint={number}" for number in range(ENDPOINTS)])
    for first in range(0, deliveries // ENDPOINTS, 100):
        site.announce(account, min(100, deliveries // ENDPOINTS - first), filling=FILLING)
    return account


def until_delivered(site: Site) -> float:
    """Seconds, from now to the last commit."""
    began = time.perf_counter()
    while _left(site):
        time.sleep(0.15)  # the question costs the database something too
    return time.perf_counter() - began


def _left(site: Site) -> bool:
    with site.store.open_work() as work:
        return work.queue._transaction.read(_OPEN).first() is not None


_OPEN = text(
    "SELECT 1 FROM endpoint WHERE EXISTS (SELECT 1 FROM delivery WHERE endpoint_id = endpoint.id"
    " AND status = 'waiting' AND retry = 0) OR EXISTS (SELECT 1 FROM delivery WHERE endpoint_id = endpoint.id"
    " AND status = 'held')"
)


# ── workers in processes of their own ────────────────────────────────────────


@dataclass
class Hands:
    """Worker processes; what CPU they used is known once they ended."""

    pids: Sequence[int]
    cpu_seconds: float = 0.0


@contextmanager
def workers(database: str, folder: str | Path, count: int = 2) -> Iterator[Hands]:
    """Made ready before the clock runs."""
    spawn = get_context("spawn")
    begin, stop, used = spawn.Barrier(count + 1), spawn.Event(), spawn.SimpleQueue()
    arguments = (database, str(folder), begin, stop, used)
    processes = [spawn.Process(target=_work, args=arguments) for _ in range(count)]
    for process in processes:
        process.start()
    begin.wait()
    hands = Hands([process.pid or 0 for process in processes])
    try:
        yield hands
    finally:
        stop.set()
        for process in processes:
            hands.cpu_seconds += used.get()
            process.join()


def _work(database: str, folder: str, begin: Barrier, stop: Event, used: SimpleQueue[float]) -> None:
    with quietly(), opened(database, folder) as site:
        with site.store.open_work():
            """What every process builds once, at its first unit of work."""
        begin.wait()
        cpu = own_cpu_seconds()
        with site.at_work():
            stop.wait()
        used.put(own_cpu_seconds() - cpu)


@contextmanager
def quietly() -> Iterator[None]:
    """Log lines are made as in production, and written nowhere."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(_nowhere()),
        cache_logger_on_first_use=True,
    )
    yield
    structlog.reset_defaults()


# open to the end: loggers that were used once keep them
@cache
def _nowhere() -> TextIO:
    return _kept_open(Path("/dev/null").open("w"))


@cache
def _no_bytes() -> BinaryIO:
    return _kept_open(Path("/dev/null").open("wb"))


def _kept_open(file: File) -> File:
    atexit.register(file.close)
    return file
