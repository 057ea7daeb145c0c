"""Many rows in one statement, past SQLAlchemy's care for each of them.

What a worker writes comes hundreds at a time, and always in the same shape: the driver gets plain tuples. On
PostgreSQL a batch is one statement over arrays, on SQLite one prepared statement run for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from lacre.store.arrays import ARRAYS, Array
from lacre.store.statements import hidden
from lacre.store.transaction import Transaction

Row: TypeAlias = tuple[Any, ...]
"""As the driver takes it: JSON is text, an instant microseconds."""
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Insert:
    table: Table
    columns: tuple[str, ...]
    otherwise: str = ""
    """What becomes of a row that is there already, in SQL: `ON CONFLICT …`."""

    def run(self, transaction: Transaction, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if transaction.postgresql:
            transaction.run(self._of_arrays, _columns(self._kinds, rows))
        else:
            transaction.run_each(self._of_values, rows)

    @cached_property
    def _of_values(self) -> str:
        places = ", ".join("?" * len(self.columns))
        return f"{self._into} VALUES ({places}) {self.otherwise}"

    @cached_property
    def _of_arrays(self) -> str:
        selected, arrays = _unnested(self.columns, self._kinds)
        return f"{self._into} SELECT {selected} FROM {arrays} {self.otherwise}"  # noqa: S608

    @cached_property
    def _kinds(self) -> Sequence[str]:
        return [_kind(self.table, column) for column in self.columns]

    @property
    def _into(self) -> str:
        return f"INSERT INTO {self.table.name} ({_listed(self.columns)})"


@dataclass(frozen=True)
class Update:
    """A row is the changed columns, then those it is found by."""

    table: Table
    changed: tuple[str, ...]
    found_by: tuple[str, ...]
    fixed: str = ""
    """What becomes the same in all rows, in SQL."""
    where: str = ""
    """What narrows it, in SQL, with columns named by their table, and a `?` for each of `values`."""

    def run(self, transaction: Transaction, rows: Sequence[Row], *values: str) -> int:
        """How many rows were changed; `values` fill the places in `where`, the same for all rows."""
        if not rows:
            return 0
        if transaction.postgresql:
            return transaction.run(self._of_arrays, (*_columns(self._kinds, rows), *values))
        return transaction.run_each(self._of_values, [row + values for row in rows])

    @cached_property
    def _of_values(self) -> str:
        changes = ", ".join(f"{name} = ?" for name in self.changed)
        found = " AND ".join(f"{name} = ?" for name in self.found_by)
        return f"UPDATE {self.table.name} SET {changes}{self._fixed} WHERE {found}{self._narrowed('?')}"  # noqa: S608

    @cached_property
    def _of_arrays(self) -> str:
        name, columns = self.table.name, self.changed + self.found_by
        selected, arrays = _unnested(columns, self._kinds)
        changes = ", ".join(f"{column} = given.{column}" for column in self.changed)
        found = " AND ".join(f"{name}.{column} = given.{column}" for column in self.found_by)
        given = f"(SELECT {selected} FROM {arrays}) AS given"  # noqa: S608
        return f"UPDATE {name} SET {changes}{self._fixed} FROM {given} WHERE {found}{self._narrowed('%s')}"  # noqa: S608

    @cached_property
    def _kinds(self) -> Sequence[str]:
        return [_kind(self.table, column) for column in self.changed + self.found_by]

    @property
    def _fixed(self) -> str:
        return f", {self.fixed}" if self.fixed else ""

    def _narrowed(self, place: str) -> str:
        return f" AND {self.where.replace('?', place)}" if self.where else ""


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns)


def _unnested(columns: Sequence[str], kinds: Sequence[str]) -> tuple[str, str]:
    """What is selected, and from which arrays: JSON travels as text."""
    arrays = ", ".join(hidden("%s", f"{'text' if kind == 'json' else kind}[]") for kind in kinds)
    selected = ", ".join(f"{column}::{kind} AS {column}" for column, kind in zip(columns, kinds, strict=True))
    return selected, f"unnest({arrays}) AS arrays({_listed(columns)})"


def _columns(kinds: Sequence[str], rows: Sequence[Row]) -> tuple[Array, ...]:
    columns = zip(*rows, strict=True)
    return tuple([ARRAYS[kind](column) for kind, column in zip(kinds, columns, strict=True)])


def _kind(table: Table, column: str) -> str:
    """`VARCHAR(36)` is `varchar` here: a cast would cut what is too long instead of refusing it."""
    return str(table.c[column].type.compile(_DIALECT)).lower().partition("(")[0]
