"""Many rows in one statement, past SQLAlchemy's care for each of them.

What a worker writes comes hundreds at a time, and always in the same shape: the driver gets plain tuples. On
PostgreSQL a batch is one statement over arrays, on SQLite one prepared statement run for each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

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
            transaction.run(self._of_arrays, tuple(map(array, zip(*rows, strict=True))))
        else:
            transaction.run_each(self._of_values, rows)

    @cached_property
    def _of_values(self) -> str:
        places = ", ".join("?" * len(self.columns))
        return f"{self._into} VALUES ({places}) {self.otherwise}"

    @cached_property
    def _of_arrays(self) -> str:
        selected, arrays = _unnested(self.table, self.columns)
        return f"{self._into} SELECT {selected} FROM {arrays} {self.otherwise}"  # noqa: S608

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
            return transaction.run(self._of_arrays, (*map(array, zip(*rows, strict=True)), *values))
        return transaction.run_each(self._of_values, [row + values for row in rows])

    @cached_property
    def _of_values(self) -> str:
        changes = ", ".join(f"{name} = ?" for name in self.changed)
        found = " AND ".join(f"{name} = ?" for name in self.found_by)
        return f"UPDATE {self.table.name} SET {changes}{self._fixed} WHERE {found}{self._narrowed('?')}"  # noqa: S608

    @cached_property
    def _of_arrays(self) -> str:
        name, columns = self.table.name, self.changed + self.found_by
        selected, arrays = _unnested(self.table, columns)
        changes = ", ".join(f"{column} = given.{column}" for column in self.changed)
        found = " AND ".join(f"{name}.{column} = given.{column}" for column in self.found_by)
        given = f"(SELECT {selected} FROM {arrays}) AS given"  # noqa: S608
        return f"UPDATE {name} SET {changes}{self._fixed} FROM {given} WHERE {found}{self._narrowed('%s')}"  # noqa: S608

    @property
    def _fixed(self) -> str:
        return f", {self.fixed}" if self.fixed else ""

    def _narrowed(self, place: str) -> str:
        return f" AND {self.where.replace('?', place)}" if self.where else ""


def array(values: Iterable[Any]) -> str:
    """An array in PostgreSQL's own notation (its manual, 8.15.6): the driver is ten times slower at it."""
    return "{" + ",".join([_item(value) for value in values]) + "}"


def _item(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return str(value)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns)


def _unnested(table: Table, columns: Sequence[str]) -> tuple[str, str]:
    """What is selected, and from which arrays: JSON travels as text."""
    kinds = {column: _kind(table, column) for column in columns}
    arrays = ", ".join(f"%s::{'text' if kind == 'json' else kind}[]" for kind in kinds.values())
    selected = ", ".join(f"{column}::{kind} AS {column}" for column, kind in kinds.items())
    return selected, f"unnest({arrays}) AS arrays({_listed(columns)})"


def _kind(table: Table, column: str) -> str:
    """`VARCHAR(36)` is `varchar` here: a cast would cut what is too long instead of refusing it."""
    return str(table.c[column].type.compile(_DIALECT)).lower().partition("(")[0]
