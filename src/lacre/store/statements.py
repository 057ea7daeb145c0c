"""Statements on the way of every event, in the driver's own words, past SQLAlchemy's care for each.

For a statement that finds a row or two that care costs as much again as the statement itself.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from lacre.store.arrays import TextArray
from lacre.store.columns import to_json

Values: TypeAlias = Mapping[str, Any]
"""By name; a collection of texts is what `IN :name` looks in."""
NOTHING: Values = {}


@dataclass(frozen=True)
class Statement:
    sql: str
    """With `:name` for each value, the same on both databases; no `%`."""
    columns: tuple[str, ...] = ()
    """What the rows' parts are called."""

    @cached_property
    def on_postgresql(self) -> str:
        among = _AMONG.sub(f"= ANY(CAST({_LIST} AS varchar[]))", self.sql)
        return _NAMED.sub(r"%(\1)s", among)

    @cached_property
    def on_sqlite(self) -> str:
        return _AMONG.sub(r"IN (SELECT value FROM json_each(:\1))", self.sql)

    @cached_property
    def row(self) -> Callable[[Iterable[Any]], Any]:
        make: Callable[[Iterable[Any]], Any] = _named_tuple("Row", self.columns)._make
        return make


def hidden(value: str, kind: str) -> str:
    """A value that PostgreSQL does not reckon with when it plans: an array's length, a time, a limit.

    It would believe that a plan for just that one is better than one for all, and plan anew each time: for a
    statement that finds a row or two that takes several times as long as the rest.
    """
    return f"(SELECT CAST({value} AS {kind}))"


def with_arrays(values: Values) -> Values:
    """As PostgreSQL takes them."""
    return {name: TextArray(one) if isinstance(one, _MANY) else one for name, one in values.items()}


def with_lists(values: Values) -> Values:
    """As SQLite takes them."""
    return {name: to_json(list(one)) if isinstance(one, _MANY) else one for name, one in values.items()}


# mypy knows those with names written out only
_named_tuple: Any = namedtuple
_MANY = (list, tuple, set, frozenset)
_LIST = hidden(r":\1", "varchar[]")
_AMONG = re.compile(r"\bIN :(\w+)")
_NAMED = re.compile(r"(?<!:):([a-z_]+)\b")
