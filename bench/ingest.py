"""Events kept per second with four deliveries each, in a transaction of their own, beside bare inserts.

With 1, 8 and 64 clients at once, each a thread, on SQLite (WAL, FULL) and on PostgreSQL (fsync on). Bare is
the same five rows in two plain tables, one transaction, with the driver alone: what nobody who keeps them
can do without.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from lacre.kit.ids import new_uuid
from lacre.store.migrations.steps import migrate
from tests.support.database import running_postgres
from tests.support.plain import Plain
from tests.support.working import Site

WRITERS = (1, 8, 64)
SECONDS = 2.0
LISTENERS = 4
FILLING = "x" * 800
TABLES = (
    "CREATE TABLE bare (id TEXT PRIMARY KEY, body TEXT)",
    "CREATE TABLE bare_delivery (id TEXT PRIMARY KEY, bare_id TEXT, endpoint INTEGER, status TEXT)",
)
BODY = json.dumps({"number": 0, "filling": FILLING})

Once = Callable[[], None]
Opening = Callable[[], Iterator[Once]]
"""Gives a function that keeps one event, for one thread."""


def measure(rounds: int = 3, *, seconds: float = SECONDS) -> dict[str, object]:
    rows: dict[str, list[tuple[float, float]]] = {}
    with _prepared() as pairs:
        for _ in range(rounds):
            for kind, (ours, bare) in pairs.items():
                for writers in WRITERS:
                    one = (_rate(ours, writers, seconds), _rate(bare, writers, seconds))
                    rows.setdefault(_named(kind, writers), []).append(one)
    return {name: _summary(runs) for name, runs in rows.items()}


@contextmanager
def _prepared() -> Iterator[dict[str, tuple[Opening, Opening]]]:
    with tempfile.TemporaryDirectory() as name, running_postgres(durable=True) as server:
        folder = Path(name)
        database, postgresql = f"sqlite:///{folder}/lacre.db", server.create(template="lacre_template")
        migrate(database)
        _make_tables(folder, postgresql)
        with closing(_site(database, folder)) as one, closing(_site(postgresql, folder / "pg")) as other:
            yield {
                "sqlite": (_into_lacre(one), _into_sqlite(folder / "bare.db")),
                "postgresql": (_into_lacre(other), _into_postgresql(postgresql)),
            }


def _site(database: str, folder: Path) -> Site:
    return Site(database, folder, plain=Plain())


def _make_tables(folder: Path, postgresql: str) -> None:
    with closing(_bare_file(folder / "bare.db")) as connection:
        for table in TABLES:
            connection.execute(table)
    with psycopg.connect(postgresql, autocommit=True) as session:
        for table in TABLES:
            session.execute(table.encode())


def _into_lacre(site: Site) -> Opening:
    account = site.account()
    for _ in range(LISTENERS):  # nobody delivers here: the rows stay where they are put
        site.subscribe(account, "http://127.0.0.1:9/")

    def opening() -> Iterator[Once]:
        yield lambda: _discard(site.announce(account, filling=FILLING))

    return opening


def _into_sqlite(file: Path) -> Opening:
    def opening() -> Iterator[Once]:
        with closing(_bare_file(file)) as connection:

            def once() -> None:
                event_id, rows = _bare_rows()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO bare VALUES (?, ?)", (event_id, BODY))
                connection.execute(f"INSERT INTO bare_delivery VALUES {_MANY.replace('%s', '?')}", rows)
                connection.execute("COMMIT")

            yield once

    return opening


def _into_postgresql(database: str) -> Opening:
    def opening() -> Iterator[Once]:
        with psycopg.connect(database, autocommit=True) as session:

            def once() -> None:
                event_id, rows = _bare_rows()
                with session.transaction():
                    session.execute("INSERT INTO bare VALUES (%s, %s)", (event_id, BODY))
                    session.execute(f"INSERT INTO bare_delivery VALUES {_MANY}".encode(), rows)

            yield once

    return opening


_MANY = ", ".join(["(%s, %s, %s, 'waiting')"] * LISTENERS)


def _bare_rows() -> tuple[str, list[str | int]]:
    event_id = new_uuid()
    return event_id, [value for number in range(LISTENERS) for value in (new_uuid(), event_id, number)]


def _bare_file(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=60)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _rate(opening: Opening, writers: int, seconds: float) -> float:
    """Events a second of all writers together."""
    counts: list[int] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=lambda: counts.append(_again_and_again(opening, until)))
        for _ in range(writers)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == writers, "a writer broke off"
    return sum(counts) / (time.perf_counter() - began)


def _again_and_again(opening: Opening, until: float) -> int:
    done = 0
    with contextmanager(opening)() as keep_one:
        while time.perf_counter() < until:
            keep_one()
            done += 1
    return done


def _summary(runs: list[tuple[float, float]]) -> dict[str, float]:
    ours, bare = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio = statistics.median(one / other for one, other in runs)
    return {"per_s": round(ours), "bare_per_s": round(bare), "ratio": round(ratio, 3)}


def _named(kind: str, writers: int) -> str:
    return f"{kind}, {writers} client{'s' if writers > 1 else ''}"


def _discard(_: object) -> None:
    """What it answers does not matter."""


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=2))
