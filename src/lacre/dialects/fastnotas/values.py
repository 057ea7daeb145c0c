"""What a field of theirs may be compared with, and what that means in ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import ceil, floor
from typing import Protocol

from lacre.fiscal.query import Comparison, Either, Operator, Query, Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FRACTION = re.compile(r"\.(\d{1,6})")
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,10})?")


class NotAValue(Exception):
    """Why a text cannot be a field's value."""


class Field(Protocol):
    def compared(self, name: str, operator: Operator, value: str) -> Query:
        """Raises `NotAValue`."""
        ...


@dataclass(frozen=True)
class Text:
    """Case and accents don't matter."""

    column: str = ""

    def compared(self, name: str, operator: Operator, value: str) -> Query:
        return Comparison(self.column or name, operator, value.replace("\0", ""))


@dataclass(frozen=True)
class Digits:
    """A CPF or CNPJ, also with the signs that people put between."""

    def compared(self, name: str, operator: Operator, value: str) -> Query:
        clean = re.sub(r"[^0-9A-Za-z]", "", value)
        if not clean:
            raise NotAValue("não tem letras nem números")
        return Comparison(name, operator, clean)


@dataclass(frozen=True)
class Choice:
    """One of their words, each of which is a word of ours; a part of one means all that have it."""

    words: Mapping[str, str] = field(hash=False)
    column: str = ""

    def compared(self, name: str, operator: Operator, value: str) -> Query:
        column, said = self.column or name, value.casefold()
        match operator:
            case Operator.EQUAL:
                meant = [ours for theirs, ours in self.words.items() if theirs.casefold() == said]
            case Operator.CONTAINS:
                meant = [ours for theirs, ours in self.words.items() if said in theirs.casefold()]
            case _:
                raise NotAValue("só se compara com : e =")
        return Either(tuple(Comparison(column, Operator.EQUAL, one) for one in meant))


@dataclass(frozen=True)
class Number:
    """Kept `scale` times as large: amounts are kept in cents."""

    scale: int = 1

    def compared(self, name: str, operator: Operator, value: str) -> Query:
        if not _NUMBER.fullmatch(value):
            raise NotAValue(f"não é um número: {value[:40]}")
        try:
            scaled = Decimal(value.replace(",", ".")) * self.scale
        except InvalidOperation:
            raise NotAValue(f"não é um número: {value[:40]}") from None
        return Comparison(name, operator, Span(ceil(scaled), floor(scaled) + 1))


@dataclass(frozen=True)
class Instant:
    """A day, or an instant as it is shown; both in UTC unless another zone is said."""

    def compared(self, name: str, operator: Operator, value: str) -> Query:
        try:
            start, length = _read(value)
        except (ValueError, OverflowError):
            raise NotAValue(f"não é uma data: {value[:40]}") from None
        micros = (start - _EPOCH) // _MICROSECOND
        return Comparison(name, operator, Span(micros, micros + length // _MICROSECOND))


def _read(value: str) -> tuple[datetime, timedelta]:
    """When it begins, and for how long what was said is true."""
    if _DAY.fullmatch(value):
        day = date.fromisoformat(value)
        return datetime(day.year, day.month, day.day, tzinfo=UTC), timedelta(days=1)
    instant = datetime.fromisoformat(value)
    aware = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    fraction = _FRACTION.search(value)
    return aware, timedelta(microseconds=10 ** (6 - len(fraction[1]))) if fraction else timedelta(seconds=1)
