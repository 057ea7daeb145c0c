"""What is asked of a list, as a tree; whoever parses it names its fields, the store makes SQL of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Operator(StrEnum):
    CONTAINS = ":"
    EQUAL = "="
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="


@dataclass(frozen=True)
class Span:
    """Whole numbers from `start` up to but not `end`: a day in microseconds, an amount in cents.

    An empty one, whose `start` is its `end`, lies between two numbers and equals none.
    """

    start: int
    end: int


@dataclass(frozen=True)
class Comparison:
    field: str
    operator: Operator
    value: str | Span


@dataclass(frozen=True)
class Negation:
    of: Query


@dataclass(frozen=True)
class Every:
    of: Sequence[Query]


@dataclass(frozen=True)
class Either:
    of: Sequence[Query]


Query: TypeAlias = Comparison | Negation | Every | Either
