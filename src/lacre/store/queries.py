"""What is asked of a list, as SQL: every value is a parameter, every column one that the list offers."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, and_, false, not_, or_, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from lacre.fiscal.query import Comparison, Either, Every, Negation, Operator, Query, Span
from lacre.store.columns import folded

Columns: TypeAlias = ReadOnlyColumnCollection[str, Column[Any]]
LARGEST = 2**63 - 1
"""Of a column of whole numbers, on both databases."""


def condition(query: Query | None, columns: Columns) -> ColumnElement[bool]:
    """Raises `KeyError` of a field that the list does not offer: whoever parsed it let it pass."""
    match query:
        case None:
            return true()
        case Negation(of=one):
            return not_(condition(one, columns))
        case Every(of=parts):
            return and_(true(), *(condition(one, columns) for one in parts))
        case Either(of=parts):
            return or_(false(), *(condition(one, columns) for one in parts))
        case Comparison():
            column = columns[query.field]
            # what is not there compares as false, and so its negation as true
            return and_(column.is_not(None), _compared(column, query))


def _compared(column: Column[Any], asked: Comparison) -> ColumnElement[bool]:
    if isinstance(asked.value, Span):
        return _within(column, asked.operator, asked.value)
    return _of_text(column, asked.operator, folded(asked.value))


def _within(column: Column[Any], operator: Operator, span: Span) -> ColumnElement[bool]:
    start, end = _bounded(span.start), _bounded(span.end)
    match operator:
        case Operator.CONTAINS | Operator.EQUAL:
            return and_(column >= start, column < end)
        case Operator.ABOVE:
            return column >= end
        case Operator.AT_LEAST:
            return column >= start
        case Operator.BELOW:
            return column < start
        case Operator.AT_MOST:
            return column < end


def _of_text(column: Column[Any], operator: Operator, value: str) -> ColumnElement[bool]:
    match operator:
        case Operator.CONTAINS:
            return column.contains(value, autoescape=True)
        case Operator.EQUAL:
            return column == value
        case Operator.ABOVE:
            return column > value
        case Operator.AT_LEAST:
            return column >= value
        case Operator.BELOW:
            return column < value
        case Operator.AT_MOST:
            return column <= value


def _bounded(number: int) -> int:
    return max(-LARGEST, min(LARGEST, number))
