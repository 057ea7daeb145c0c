"""PostgreSQL, for many nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from math import inf
from time import monotonic
from typing import Any, cast

import psycopg
from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Engine,
    Executable,
    Select,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from lacre.kit.json import parsed
from lacre.store.columns import to_json
from lacre.store.statements import NOTHING, Statement, Values, with_arrays
from lacre.store.transaction import Rows, Transaction

# a stopped process must not keep others waiting for its locks; a dead host must not keep its sessions
_SESSION = (
    "-c idle_in_transaction_session_timeout=60s -c lock_timeout=60s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    " -c timezone=UTC -c synchronous_commit=on"
    # compiling takes longer than any of our statements; and what is due is read from memory, not from a disk
    " -c jit=off -c random_page_cost=1.1"
)

RESTED_SECONDS = 1.0
"""After which a connection is asked whether its server is still there."""


class NotADatabaseUrl(ArgumentError):
    """LACRE_DATABASE_URL is written postgresql://user:password@host/name."""


class PostgresDatabase:
    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)

    @property
    def engine(self) -> Engine:
        return self._engine

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._engine.begin() as connection:
            yield PostgresTransaction(connection)

    def close(self) -> None:
        self._engine.dispose()


class PostgresTransaction:
    postgresql = True

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        return self._connection.execute(statement, values)

    def locked(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        # not FOR UPDATE: rows that only refer to this one may come meanwhile
        locking = statement.with_for_update(key_share=True, of=_locked_table(statement))
        return self._connection.execute(locking, values)

    def take_turn(self) -> None:
        """Writers have no turns."""

    def write(self, statement: Executable, rows: Rows | None = None) -> CursorResult[Any]:
        return self._connection.execute(statement, rows)

    def look_up(self, statement: Statement, values: Values = NOTHING) -> Sequence[Any]:
        found = self._cursor.execute(statement.on_postgresql, with_arrays(values))
        return [statement.row(one) for one in found.fetchall()]

    take = look_up

    def run(self, statement: str, values: tuple[Any, ...]) -> int:
        return self._cursor.execute(statement, values).rowcount

    def run_each(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
        self._cursor.executemany(statement, rows)
        return self._cursor.rowcount

    @cached_property
    def _cursor(self) -> psycopg.Cursor[tuple[Any, ...]]:
        """Of the transaction that SQLAlchemy has begun, and will commit."""
        driver: Any = self._connection.connection.driver_connection
        return cast("psycopg.Cursor[tuple[Any, ...]]", driver.cursor())


def open_engine(url: str) -> Engine:
    engine = create_engine(
        driver_url(url),
        json_serializer=to_json,
        json_deserializer=parsed,
        hide_parameters=True,  # what fails is logged, and may hold secrets
        pool_size=10,
        max_overflow=30,
        # whoever was used just now has its statements planned, and is known to reach the server
        pool_use_lifo=True,
        connect_args={"options": _SESSION, "connect_timeout": 10},
    )
    event.listen(engine, "checkin", _used)
    event.listen(engine, "checkout", _wake)
    return engine


def _used(_driver: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = monotonic()


def _wake(driver: psycopg.Connection[Any], record: ConnectionPoolEntry, _lent: object) -> None:
    """Raises what makes the pool try another, of one that has rested and whose server is no longer there.

    To ask each time would cost each unit of work a round trip; who used it just now knows as much.
    """
    if monotonic() - record.info.get("used_at", inf) > RESTED_SECONDS:
        try:
            driver.execute(";")
            driver.rollback()
        except psycopg.Error as away:
            raise InvalidatePoolError from away


def driver_url(url: str) -> URL:
    """`postgresql://…` as an operator writes it, for the driver that we bring."""
    return read_url(url).set(drivername="postgresql+psycopg")


def read_url(url: str) -> URL:
    """Of either kind that there is a store for."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise NotADatabaseUrl(NotADatabaseUrl.__doc__) from None
    if parsed.drivername.partition("+")[0] not in ("postgresql", "postgres", "sqlite"):
        raise NotADatabaseUrl(NotADatabaseUrl.__doc__)
    return parsed


def _locked_table(statement: Select[Any]) -> Any:  # noqa: ANN401 - a table
    """The table whose columns are selected, not those it was only joined to."""
    return statement.selected_columns[0].table
