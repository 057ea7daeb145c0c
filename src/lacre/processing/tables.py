"""Tables that are plain: a row of headers, and values under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from operator import ne

from lacre.processing.document_type import Column, Field, Kind
from lacre.processing.extraction import Value
from lacre.processing.finding import ALIKE
from lacre.processing.layout import Row, Sheet, Stretch, around, confidence
from lacre.processing.normal import folded, normal
from lacre.processing.page import Box, Word

MOST_ROWS = 500
_CLOSER = 0.7
_SHORTEST = 3
"""Letters of a heading of which one may be another."""
_MISSES = 2
"""Rows without a value of their own after which a table is over."""


def table(field: Field, sheets: Sequence[Sheet]) -> Value | None:
    """Its rows over all pages, as a list of objects; headers may come again on each page."""
    rows: list[dict[str, str | None]] = []
    words: list[Word] = []
    first: int | None = None
    for sheet in sheets:
        for place, row in enumerate(sheet.rows):
            edges = _edges(field.columns, row)
            if edges is not None:
                found = _rows(field.columns, edges, row, sheet.rows[place + 1 :])
                rows += [one for one, _ in found]
                words += [word for _, some in found if first in (None, sheet.page.number) for word in some]
                first = first or sheet.page.number
                break
    if not rows or not words:
        return None
    kept = [dict(one) for one in rows[:MOST_ROWS]]
    return Value(
        field=field.name, value=kept, confidence=round(confidence(words), 4), page=first, box=around(words)
    )


def _edges(columns: Sequence[Column], row: Row) -> list[tuple[float, float]] | None:
    """Where each column begins and ends, if this row holds all their headers."""
    boxes = [_header(column, row) for column in columns]
    known = [box for box in boxes if box is not None]
    if len(known) < len(boxes) or len(known) < 2:
        return None
    # columns that nobody asks for part the others too
    ordered = [one.box for one in row.stretches]
    middles = [(box.right + after.left) / 2 for box, after in pairwise(ordered)]
    edges = list(zip([0.0, *middles], [*middles, float("inf")], strict=True))
    return [edges[ordered.index(box)] for box in known]


def _header(column: Column, row: Row) -> Box | None:
    for text in column.headers:
        for stretch in row.stretches:
            if _alike(folded(stretch.text), folded(text)):
                return stretch.box
    return None


def _alike(read: str, heading: str) -> bool:
    """`CPE` is `CPF`: one letter of a short heading too, since all of a row's headings must be there."""
    if len(read) == len(heading) >= _SHORTEST and sum(map(ne, read, heading)) <= 1:
        return True
    return SequenceMatcher(None, read, heading).ratio() >= ALIKE


def _rows(
    columns: Sequence[Column], edges: Sequence[tuple[float, float]], header: Row, rows: Sequence[Row]
) -> list[tuple[dict[str, str | None], list[Word]]]:
    found: list[tuple[dict[str, str | None], list[Word]]] = []
    misses, pitch = 0, rows[0].box.top - header.box.bottom if rows else 0.0
    for row in rows:
        values, words = _values(columns, edges, row)
        if sum(one is not None for one in values.values()) * 2 > len(columns):
            found.append((values, words))
            misses = 0
        elif found and _goes_on(columns, values, words, found[-1][1], pitch):
            _join(found[-1][0], values)
        else:
            misses += 1
        if misses >= _MISSES:
            break
    return found


def _goes_on(
    columns: Sequence[Column],
    values: Mapping[str, str | None],
    words: Sequence[Word],
    above: Sequence[Word],
    pitch: float,
) -> bool:
    """A second line of a cell's text, closer below the first than rows are to each other."""
    texts = {one.name for one in columns if one.kind in (Kind.TEXT, Kind.NAME)}
    filled = {name for name, value in values.items() if value is not None}
    near = bool(words) and around(words).top - around(above).bottom < pitch * _CLOSER
    return near and filled <= texts


def _join(row: dict[str, str | None], more: Mapping[str, str | None]) -> None:
    for name, value in more.items():
        if value is not None:
            row[name] = f"{row[name]} {value}" if row[name] else value


def _values(
    columns: Sequence[Column], edges: Sequence[tuple[float, float]], row: Row
) -> tuple[dict[str, str | None], list[Word]]:
    values: dict[str, str | None] = {}
    used: list[Word] = []
    cells = _cells(edges, row)
    for column, words in zip(columns, cells, strict=True):
        found = normal(column.kind, " ".join(one.text for one in words)) if words else None
        values[column.name] = found.value if found else None
        used += words if found else []
    return values, used


def _cells(edges: Sequence[tuple[float, float]], row: Row) -> list[list[Word]]:
    """A stretch that begins under one header and ends before the middle of the next is all that one's."""
    cells: list[list[Word]] = [[] for _ in edges]
    for stretch in row.stretches:
        parts = [(one,) for one in stretch.words] if _spans(edges, stretch, row) else [stretch.words]
        for words in parts:
            place = _column(edges, words[0].box.left + min(words[0].box.width, 12) / 2)
            if place is not None:
                cells[place] += words
    return cells


def _spans(edges: Sequence[tuple[float, float]], stretch: Stretch, row: Row) -> bool:
    """Several columns, with nothing wide between them; not when the last of them has something of its own."""
    end = stretch.words[-1].box
    first, last = _column(edges, stretch.box.left), _column(edges, end.left + end.width / 2)
    others = {_column(edges, one.box.left) for one in row.stretches if one is not stretch}
    return len(stretch.words) > 1 and first != last and last not in others


def _column(edges: Sequence[tuple[float, float]], place: float) -> int | None:
    return next((at for at, (left, right) in enumerate(edges) if left <= place < right), None)


def is_table(field: Field) -> bool:
    return field.kind is Kind.TABLE
