"""Parts of a form, each from its title down to the next: several parties are told of by the same names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from lacre.processing.layout import Sheet, Stretch
from lacre.processing.normal import folded
from lacre.processing.page import Box

_ALIKE = 0.84
"""How many of a title's letters must have been read right."""


def section_of(titles: Sequence[str], sheet: Sheet, others: frozenset[str]) -> Callable[[Box], bool]:
    """Whether something stands in the section of one of these titles; anything does where there are none.

    What a title stands beside is in its section: forms have it at the left of the first line.
    """
    if not titles:
        return lambda _: True
    wanted = {folded(title) for title in titles}
    starts = [(stretch.box.top, title in wanted) for stretch, title in _titles(sheet, others)]
    tops = [top for top, _ in starts]
    return lambda box: (at := bisect_left(tops, box.bottom)) > 0 and starts[at - 1][1]


def _titles(sheet: Sheet, known: frozenset[str]) -> list[tuple[Stretch, str]]:
    """From the top down."""
    found = [
        (stretch, title)
        for row in sheet.rows
        for stretch in row.stretches
        if (title := _title(folded(stretch.text), known)) is not None
    ]
    return sorted(found, key=lambda one: one[0].box.top)


def _title(text: str, known: frozenset[str]) -> str | None:
    """The longest that it begins with: that a party is not named is said after its title."""
    return max((title for title in known if _begins(text, title)), key=len, default=None)


def _begins(text: str, title: str) -> bool:
    right = sum(sign == meant for sign, meant in zip(text, title, strict=False))
    return right >= len(title) * _ALIKE
