"""SQLite on one machine: readers never wait, writers take turns and share their fsyncs."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, Select, create_engine, event

from lacre.kit.json import parsed
from lacre.store.columns import to_json
from lacre.store.statements import NOTHING, Statement, Values, with_lists
from lacre.store.transaction import Rows, Transaction

TURN_SECONDS = 60.0  # far longer than any honest unit of work
GROUP_SIZE = 64
GROUP_SECONDS = 0.02  # the first of a group waits no longer than this for others

BUSY_SECONDS = 30.0  # longer than another process keeps the file to itself
_LOOK_SECONDS = 0.0005
_SELDOM_SECONDS = 0.005
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}",
    # NORMAL loses acknowledged commits in a power cut: measured, 60 of 116
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",  # 64 MB; a page that is read again for each delivery is dear
    "PRAGMA wal_autocheckpoint = 8000",  # 32 MB: a checkpoint syncs twice, so not at every commit
)


class SqliteDatabase:
    def __init__(self, path: Path) -> None:
        self._engine = open_engine(path)
        self._writers = Writers(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        transaction = SqliteTransaction(self._engine, self._writers)
        try:
            yield transaction
        except BaseException:
            transaction.end(keep=False)
            raise
        transaction.end(keep=True)

    def close(self) -> None:
        self._writers.close()
        self._engine.dispose()


def open_engine(path: Path) -> Engine:
    """Transactions are begun by hand: SQLite must know at their beginning that they will write."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        f"sqlite:///{path}",
        isolation_level="AUTOCOMMIT",
        json_serializer=to_json,
        json_deserializer=parsed,
        hide_parameters=True,  # what fails is logged, and may hold secrets
        connect_args={"check_same_thread": False},
        pool_size=8,
        max_overflow=-1,  # bounded by the threads that there are
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()
    _write_ahead(connection, until=time.monotonic() + BUSY_SECONDS)


def _write_ahead(connection: Any, *, until: float) -> None:  # noqa: ANN401 - the driver's
    """The mode stays with the file. While others change it too, SQLite says "locked" without waiting."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


class SqliteTransaction:
    """Reads by itself until it first locks or writes; from then on it has the writers' turn."""

    postgresql = False

    def __init__(self, engine: Engine, writers: Writers) -> None:
        self._engine = engine
        self._writers = writers
        self._reading: Connection | None = None
        self._writing: Connection | None = None

    def read(self, statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        return self._to_read().execute(statement, values)

    def locked(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        return self._turn().execute(statement, values)

    def take_turn(self) -> None:
        self._turn()

    def write(self, statement: Executable, rows: Rows | None = None) -> CursorResult[Any]:
        return self._turn().execute(statement, rows)

    def look_up(self, statement: Statement, values: Values = NOTHING) -> Sequence[Any]:
        return _rows(self._to_read(), statement, values)

    def take(self, statement: Statement, values: Values) -> Sequence[Any]:
        return _rows(self._turn(), statement, values)

    def run(self, statement: str, values: tuple[Any, ...]) -> int:
        return _driver(self._turn()).execute(statement, values).rowcount

    def run_each(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
        return _driver(self._turn()).executemany(statement, rows).rowcount

    def end(self, *, keep: bool) -> None:
        if self._reading is not None:
            self._reading.close()
        if self._writing is not None:
            self._writers.leave(keep=keep)

    def _to_read(self) -> Connection:
        if self._writing is not None:
            return self._writing
        if self._reading is None:
            self._reading = self._engine.connect()
        return self._reading

    def _turn(self) -> Connection:
        if self._writing is None:
            self._writing = self._writers.enter()
        return self._writing


class _Group:
    """Units of work that are committed together, each in a savepoint of its own."""

    def __init__(self) -> None:
        self.size = 0
        self.begun = time.monotonic()
        self._over = threading.Event()
        self._problem: BaseException | None = None

    def finish(self, problem: BaseException | None = None) -> None:
        self._problem = problem
        self._over.set()

    def wait(self) -> None:
        self._over.wait()
        if self._problem is not None:
            raise RuntimeError("the commit that this work was part of failed") from self._problem

    @property
    def full(self) -> bool:
        return self.size >= GROUP_SIZE or time.monotonic() - self.begun > GROUP_SECONDS


class Writers:
    """One connection that writes. Who comes while others wait leaves the commit to the last of them."""

    def __init__(self, engine: Engine, *, turn_seconds: float = TURN_SECONDS) -> None:
        self._engine = engine
        self._turn_seconds = turn_seconds
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._connection: Connection | None = None
        self._group: _Group | None = None

    def enter(self) -> Connection:
        self._wait_for_turn()
        try:
            return self._begin()
        except BaseException as problem:
            self._give_up(problem)
            self._turn.release()
            raise

    def leave(self, *, keep: bool) -> None:
        """Returns once the group is committed; a work that is not kept need not wait for it."""
        group = self._group
        try:
            self._end(group, keep=keep)
            if self._group is not None and (self._group.full or not self._waiting):
                self._commit(self._group)
        except BaseException as problem:
            self._give_up(problem)
            raise
        finally:
            self._turn.release()
        if keep and group is not None:
            group.wait()

    def close(self) -> None:
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _wait_for_turn(self) -> None:
        self._count(+1)
        came = self._turn.acquire(timeout=self._turn_seconds)
        self._count(-1)
        if not came:
            raise RuntimeError("the writers' turn never came: is one unit of work open inside another?")

    def _count(self, change: int) -> None:
        with self._counting:
            self._waiting += change

    def _begin(self) -> Connection:
        connection = self._connection
        if connection is None:
            connection = self._connection = self._engine.connect()
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        if self._group is None:
            _begin_writing(connection)
            self._group = _Group()
        else:
            connection.exec_driver_sql("SAVEPOINT work")
        self._group.size += 1
        return connection

    def _end(self, group: _Group | None, *, keep: bool) -> None:
        """Of a group's first all there is so far is its own, so that it needs no savepoint."""
        assert self._connection is not None  # noqa: S101 - somebody entered
        if group is None or group.size > 1:
            if not keep:
                self._connection.exec_driver_sql("ROLLBACK TO work")
            self._connection.exec_driver_sql("RELEASE work")
        elif not keep:
            self._connection.exec_driver_sql("ROLLBACK")
            self._group = None

    def _commit(self, group: _Group) -> None:
        assert self._connection is not None  # noqa: S101 - somebody entered
        self._connection.exec_driver_sql("COMMIT")
        self._group = None
        group.finish()

    def _give_up(self, problem: BaseException) -> None:
        """A full disk, or a lock that another process never gave up: the whole group is undone."""
        group, self._group = self._group, None
        if self._connection is not None:
            # the driver rolls back when a connection is invalidated, and a new one comes next time
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if group is not None:
            group.finish(problem)


def _rows(connection: Connection, statement: Statement, values: Values) -> Sequence[Any]:
    found = _driver(connection).execute(statement.on_sqlite, with_lists(values))
    return [statement.row(one) for one in found.fetchall()]


def _driver(connection: Connection) -> sqlite3.Connection:
    driver: Any = connection.connection.driver_connection
    return cast("sqlite3.Connection", driver)


def _begin_writing(connection: Connection) -> None:
    """Waits for other processes; SQLite's own patience sleeps up to a tenth of a second at a time, which is
    several times as long as a worker keeps the file."""
    driver = _driver(connection)
    until, pause = time.monotonic() + BUSY_SECONDS, _LOOK_SECONDS
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE").close()
            return
        except OperationalError as problem:
            # the upper bits say in which way it is busy
            if problem.sqlite_errorcode & 0xFF != SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(pause)
        pause = min(pause * 1.1, _SELDOM_SECONDS)
