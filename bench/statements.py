"""How many SQL statements the databases execute for one event: kept with one delivery, delivered, settled.

Counted by the databases themselves (SQLite's trace, PostgreSQL's `pg_stat_statements`): all of them, also
`BEGIN` and `COMMIT`, each row of an `executemany` by itself, and those of a worker that looks in vain.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from bench.http_receiver import running_receiver
from bench.sites import FILLING, empty_database, empty_file, opened, quietly, subscribed, until_delivered
from tests.support.database import PostgresServer, running_postgres
from tests.support.working import Site

EVENTS = 500
PACED_EVENTS = 100
PACE = 50

Counted = Callable[[], int]


def measure() -> dict[str, dict[str, float]]:
    """For each database `statements` with a full queue, and `statements_paced` at 50 events a second."""
    rows: dict[str, dict[str, float]] = {}
    with running_receiver() as url, tempfile.TemporaryDirectory() as folder, quietly():
        with _traced() as counted, opened(empty_file(folder), folder) as site:
            rows["sqlite"] = _both(site, url, counted)
        with running_postgres(durable=False) as server, suppress(psycopg.Error):
            _install(server)
            database = empty_database(server)
            with _watched(server, database) as counted, opened(database, folder) as site:
                rows["postgresql"] = _both(site, url, counted)
    if "postgresql" not in rows:
        print("Statements on PostgreSQL are not counted: no pg_stat_statements", file=sys.stderr)
    return rows


def _both(site: Site, url: str, counted: Counted) -> dict[str, float]:
    account = subscribed(site, [url])

    def full() -> None:
        for _ in range(EVENTS):
            site.announce(account, filling=FILLING)
        with site.at_work():
            until_delivered(site)

    def paced() -> None:
        with site.at_work():
            for _ in range(PACED_EVENTS):
                site.announce(account, filling=FILLING)
                time.sleep(1 / PACE)

    return {
        "statements": round(_counting(full, counted) / EVENTS, 2),
        "statements_paced": round(_counting(paced, counted) / PACED_EVENTS, 2),
    }


def _counting(do: Callable[[], None], counted: Counted) -> int:
    before = counted()
    do()
    return counted() - before


@contextmanager
def _traced() -> Iterator[Counted]:
    """Every statement of every SQLite connection that is opened meanwhile."""
    numbers = count()

    def trace(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.set_trace_callback(lambda _statement: next(numbers))

    event.listen(Engine, "connect", trace)
    # a number is used up by asking
    asked = count()
    yield lambda: next(numbers) - next(asked)
    event.remove(Engine, "connect", trace)


def _install(server: PostgresServer) -> None:
    server.run("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    server.crash()
    server.run("CREATE EXTENSION pg_stat_statements")


@contextmanager
def _watched(server: PostgresServer, database: str) -> Iterator[Counted]:
    name = database.rpartition("/")[2]
    with psycopg.connect(server.url("postgres"), autocommit=True) as session:

        def counted() -> int:
            row = session.execute(_CALLS, [name]).fetchone()
            assert row
            return int(row[0])

        yield counted


_CALLS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
JOIN pg_database ON pg_database.oid = dbid WHERE datname = %s
"""
