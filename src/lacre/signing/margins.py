"""Signatures as a text in the margin of every page, instead of a mark somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from lacre.signing.layout import PageSize, Place


class Edge(StrEnum):
    """Whose margin; at the sides the text is turned."""

    LEFT = "left"
    BOTTOM = "bottom"
    RIGHT = "right"


_AWAY, _THICK, _GAP = 4.0, 14.0, 2.0
"""From the edge of the page, across a text, and between two: points."""
_IN_A_ROW = {Edge.LEFT: 4, Edge.BOTTOM: 3, Edge.RIGHT: 4}
_MOST_ROWS = 6
"""Then they are set over each other: text in the middle of the page would be covered."""


def places(edge: Edge, pages: Sequence[PageSize], position: int) -> Iterator[Place]:
    """One on each page, of the signer at this position among all: never where another's is."""
    row, column = divmod(position, _IN_A_ROW[edge])
    away = _AWAY + min(row, _MOST_ROWS - 1) * (_THICK + _GAP)
    for number, size in enumerate(pages):
        yield _place(edge, number, size, away, column)


def _place(edge: Edge, page: int, size: PageSize, away: float, column: int) -> Place:
    lies = edge is Edge.BOTTOM
    along, across = (size.width, size.height) if lies else (size.height, size.width)
    long = (along - 2 * _AWAY) / _IN_A_ROW[edge]
    start, length = 100 * (_AWAY + column * long) / along, 100 * (long - _GAP) / along
    near, thick = 100 * min(away, across - _THICK) / across, 100 * _THICK / across
    if lies:
        return Place(page=page, left=start, bottom=near, width=length, height=thick)
    left = near if edge is Edge.LEFT else 100 - near - thick
    return Place(page=page, left=left, bottom=start, width=thick, height=length)
