"""Parts of a form, each from its title down to the next: several parties are told of by the same names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lacre.processing.layout import Sheet
from lacre.processing.normal import folded
from lacre.processing.page import Box

_ALIKE = 0.84
"""How many of a title's letters must have been read right."""


@dataclass(frozen=True)
class Sections:
    """Where titles stand, by the number of the page: from the top down."""

    titles: Mapping[int, Sequence[tuple[float, str]]]

    @classmethod
    def on(cls, sheets: Sequence[Sheet], known: frozenset[str]) -> Sections:
        return cls({sheet.page.number: _titles(sheet, known) for sheet in sheets} if known else {})

    def of(self, titles: Sequence[str], sheet: Sheet) -> Callable[[Box], bool]:
        """Whether something stands in the section of one of these; anything does where there are none.

        What a title stands beside is in its section: forms have it at the left of the first line.
        """
        if not titles:
            return lambda _: True
        wanted, there = {folded(title) for title in titles}, self.titles.get(sheet.page.number, ())
        tops = [top for top, _ in there]
        return lambda box: (at := bisect_left(tops, box.bottom)) > 0 and there[at - 1][1] in wanted


def _titles(sheet: Sheet, known: frozenset[str]) -> list[tuple[float, str]]:
    found = ((one.box.top, _title(folded(one.text), known)) for row in sheet.rows for one in row.stretches)
    return sorted((top, title) for top, title in found if title is not None)


def _title(text: str, known: frozenset[str]) -> str | None:
    """The longest that it begins with: that a party is not named is said after its title."""
    return max((title for title in known if _begins(text, title)), key=len, default=None)


def _begins(text: str, title: str) -> bool:
    right = sum(sign == meant for sign, meant in zip(text, title, strict=False))
    return right >= len(title) * _ALIKE
