"""One transaction as the repositories see it, whichever database is below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, CursorResult, Executable, Select, Table, select, tuple_
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects import sqlite

from lacre.kit.refusal import NotFound
from lacre.store.statements import NOTHING, Statement, Values

Rows: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Transaction(Protocol):
    """Reads see what is committed and what this transaction wrote (READ COMMITTED), on both databases."""

    @property
    def postgresql(self) -> bool: ...

    def read(self, statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Without locking anything."""
        ...

    def locked(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """What is found stays as it is, for others, until this transaction ends."""
        ...

    def take_turn(self) -> None:
        """On SQLite nobody else writes from here on; PostgreSQL has locks of its own for that."""
        ...

    def write(self, statement: Executable, rows: Rows | None = None) -> CursorResult[Any]: ...

    def look_up(self, statement: Statement, values: Values = NOTHING) -> Sequence[Any]:
        """Reads as `read` does, what is asked for every event."""
        ...

    def take(self, statement: Statement, values: Values) -> Sequence[Any]:
        """Writes, and gives the rows that it changed."""
        ...

    def run(self, statement: str, values: tuple[Any, ...]) -> int:
        """A statement in the driver's own words, of `batches.py` alone; how many rows it changed."""
        ...

    def run_each(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> int: ...


class Database(Protocol):
    def transaction(self) -> AbstractContextManager[Transaction]:
        """Leaving it cleanly commits, and returns only once that is safe from a power cut."""
        ...

    def close(self) -> None: ...


def put(
    transaction: Transaction, table: Table, rows: Iterable[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Inserts rows, or overwrites those that have the same key; all rows name the same columns."""
    kept = list(rows)
    if kept:
        transaction.write(_put(table, tuple(kept[0]), tuple(key), postgresql=transaction.postgresql), kept)


@cache
def _put(table: Table, columns: tuple[str, ...], key: tuple[str, ...], *, postgresql: bool) -> Executable:
    insert = (pg if postgresql else sqlite).insert(table)
    changed = {name: insert.excluded[name] for name in columns if name not in key}
    upsert: Executable = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
    return upsert


def put_if_new(transaction: Transaction, table: Table, row: Mapping[str, Any]) -> bool:
    """Inserts a row unless one with its key is there; whether it did."""
    dialect = pg if transaction.postgresql else sqlite
    inserted = dialect.insert(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return transaction.write(inserted).first() is not None


def listed_after(
    transaction: Transaction, place: Sequence[ColumnElement[Any]], one: ColumnElement[bool], what: str
) -> ColumnElement[bool]:
    """What a list, newest first, shows after the row that `one` names; `place` is what it is ordered by."""
    row = transaction.read(select(*place).where(one)).first()
    if row is None:
        raise NotFound(what)
    return tuple_(*place) < tuple_(*row)
