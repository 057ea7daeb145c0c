"""A page as rules look at it: printed lines, cut where a wide gap parts two things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from lacre.processing.page import Box, Page, Word

WIDE_GAP = 1.15
"""Times the height of the words beside it: between columns, and not between words."""
_SAME_ROW = 0.45
_OVERLAP = 0.5
"""Of the narrower of two words: those that stand over each other by more are of two rows."""
_OPEN_ROWS = 4
"""A word is of one of the last few rows: sorted by their middles, no other is near."""


@dataclass(frozen=True)
class Stretch:
    """Words that stand together on a line."""

    page: int
    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        return around(self.words)

    @property
    def confidence(self) -> float:
        return confidence(self.words)

    def part(self, start: int, end: int) -> Stretch:
        """The words that these characters of its text touch."""
        at, kept = 0, []
        for word in self.words:
            if at < end and at + len(word.text) > start:
                kept.append(word)
            at += len(word.text) + 1
        return Stretch(self.page, tuple(kept))


@dataclass(frozen=True)
class Row:
    """All that stands at one height, from left to right."""

    stretches: tuple[Stretch, ...]

    @cached_property
    def whole(self) -> Stretch:
        page = self.stretches[0].page
        return Stretch(page, tuple(word for one in self.stretches for word in one.words))

    @property
    def box(self) -> Box:
        return self.whole.box


@dataclass(frozen=True)
class Sheet:
    page: Page
    rows: tuple[Row, ...]

    def below(self, box: Box) -> Iterator[Row]:
        """From the next row down."""
        middle = box.top + box.height / 2
        return (row for row in self.rows if _middle(row.box) > middle + box.height * 0.5)


def sheet_of(page: Page) -> Sheet:
    """Rows by height and not by the reader's lines: a reader may take columns one after the other."""
    parted = (part for one in page.words if one.text.strip() for part in _parted(one))
    words = sorted(parted, key=lambda one: _middle(one.box))
    rows: list[list[Word]] = []
    for word in words:
        row = next((one for one in reversed(rows[-_OPEN_ROWS:]) if _on_row(word, one)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    return Sheet(page, tuple(_row(page.number, row) for row in rows))


_NUMBER = r"\d{3}\.\d{3}\.\d{3}-|\d{2}\.\w{3}\.\w{3}/|\d{2}/\d{2}/\d{4}|\d{1,3}(?:\.\d{3})*,\d{2}$"
_JOINED = re.compile(
    rf"([^\W\d_][^\W_]*\.?:(?!//)|[^\W\d_]{{2,}}\.(?=\d)|[^\W\d_](?:[^\W\d_]|/)+(?={_NUMBER}))(.+)"
)


def _parted(word: Word) -> Iterator[Word]:
    """`Ag.4402` is a name and its value, which a reader that saw no gap gave as one word."""
    found = _JOINED.fullmatch(word.text)
    if found is None:
        yield word
        return
    box = word.box
    share = len(found[1]) / len(word.text) * box.width
    left, right = (
        Box(box.left, box.top, share, box.height),
        Box(box.left + share, box.top, box.width - share, box.height),
    )
    yield replace(word, text=found[1], box=left)
    yield replace(word, text=found[2], box=right)


def around(words: Sequence[Word]) -> Box:
    left, top = min(one.box.left for one in words), min(one.box.top for one in words)
    right, bottom = max(one.box.right for one in words), max(one.box.bottom for one in words)
    return Box(left, top, right - left, bottom - top)


def confidence(words: Sequence[Word]) -> float:
    """The mean over the characters."""
    total = sum(len(one.text) for one in words)
    return sum(one.confidence * len(one.text) for one in words) / total if total else 0.0


def _on_row(word: Word, row: Sequence[Word]) -> bool:
    """At the height of what is next to it: on a page that is still askew, rows fall; and under nothing."""
    near = min(row, key=lambda one: _apart(one.box, word.box))
    # a hyphen is as low as it is thin: the taller of two says how high the row is
    height = max(word.box.height, near.box.height)
    beside = _apart(near.box, word.box) > -_OVERLAP * min(word.box.width, near.box.width)
    return beside and abs(_middle(word.box) - _middle(near.box)) < height * _SAME_ROW


def _apart(one: Box, other: Box) -> float:
    """Points between them from side to side; negative where one stands over the other."""
    return max(one.left - other.right, other.left - one.right)


def _row(page: int, words: list[Word]) -> Row:
    ordered = sorted(words, key=lambda one: one.box.left)
    stretches: list[list[Word]] = [[ordered[0]]]
    for word in ordered[1:]:
        before = stretches[-1][-1]
        gap = word.box.left - before.box.right
        if gap > WIDE_GAP * max(before.box.height, word.box.height):
            stretches.append([])
        stretches[-1].append(word)
    return Row(tuple(Stretch(page, tuple(one)) for one in stretches))


def _middle(box: Box) -> float:
    return box.top + box.height / 2
