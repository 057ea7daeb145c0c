"""Arrays in PostgreSQL's binary form: neither side spells out and reads back what thousands of rows hold.

The form is that of `array_send` and of the elements' own `…_send`, the same in every version; the numbers of
types are those of its catalogue (`pg_type.dat`), which never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from struct import Struct
from typing import Any, ClassVar

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD = Struct("!iiIii").pack
"""Dimensions, whether any is null, the kind of the elements, how many, and the number of the first."""
_LENGTH = Struct("!i").pack
_NULL = _LENGTH(-1)


class Array:
    """As a statement's parameter."""

    __slots__ = ("content",)
    oid: ClassVar[int]
    element: ClassVar[int]

    def __init__(self, values: Iterable[Any]) -> None:
        packed = self.packed(values)
        self.content = _HEAD(1, 1, self.element, len(packed), 1) + b"".join(packed)

    def packed(self, values: Iterable[Any]) -> list[bytes]:
        """Each element, its length before it."""
        raise NotImplementedError


class BytesArray(Array):
    oid, element = 1001, 17

    def packed(self, values: Iterable[bytes | None]) -> list[bytes]:
        return [_NULL if value is None else _LENGTH(len(value)) + value for value in values]


class TextArray(BytesArray):
    oid, element = 1009, 25

    def packed(self, values: Iterable[str | None]) -> list[bytes]:  # type: ignore[override]
        return super().packed([None if value is None else value.encode() for value in values])


class _NumberArray(Array):
    form: ClassVar[Struct]
    size: ClassVar[int]

    def packed(self, values: Iterable[float | None]) -> list[bytes]:
        pack, size = self.form.pack, self.size
        return [_NULL if value is None else pack(size, value) for value in values]


class BooleanArray(_NumberArray):
    oid, element, form, size = 1000, 16, Struct("!i?"), 1


class SmallintArray(_NumberArray):
    oid, element, form, size = 1005, 21, Struct("!ih"), 2


class IntegerArray(_NumberArray):
    oid, element, form, size = 1007, 23, Struct("!ii"), 4


class BigintArray(_NumberArray):
    oid, element, form, size = 1016, 20, Struct("!iq"), 8


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return obj.content


ARRAYS: Mapping[str, type[Array]] = {
    "text": TextArray,
    "varchar": TextArray,
    # as the text that it is
    "json": TextArray,
    "bytea": BytesArray,
    "boolean": BooleanArray,
    "smallint": SmallintArray,
    "integer": IntegerArray,
    "bigint": BigintArray,
}
"""By the names of columns' types."""
for _kind in {*ARRAYS.values()}:
    psycopg.adapters.register_dumper(
        _kind, type(f"{_kind.__name__}Dumper", (_ArrayDumper,), {"oid": _kind.oid})
    )
