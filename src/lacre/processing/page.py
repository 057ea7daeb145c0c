"""What was read on a page: words, bar codes and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class Box:
    """In points (1/72 inch), from the top left corner of the page as it is seen upright."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


class Word(Struct, frozen=True, gc=False):
    text: str
    box: Box
    confidence: float
    """0 to 1; 1 for text that was born digital."""
    line: int
    """In reading order; the words of one printed line share it."""


class Code(Struct, frozen=True, gc=False):
    """A bar code or QR code."""

    kind: str
    """`qr`, `code128`, `itf`, …"""
    text: str
    box: Box


class Source(StrEnum):
    DIGITAL = "digital"
    READ = "read"


class Page(Struct, frozen=True):
    number: int
    """From 1, in the document as it came."""
    width: float
    height: float
    """Points, upright."""
    words: tuple[Word, ...]
    codes: tuple[Code, ...]
    source: Source
    turned: int = 0
    """0, 90, 180 or 270 degrees clockwise, by which the scan was turned to stand upright."""
    skew: float = 0.0
    """Degrees that it was straightened by."""

    @property
    def lines(self) -> Iterator[list[Word]]:
        """The words of each printed line, in reading order."""
        for _, words in groupby(self.words, key=attrgetter("line")):
            yield list(words)

    @property
    def text(self) -> str:
        return "\n".join(" ".join(word.text for word in line) for line in self.lines)

    @property
    def confidence(self) -> float:
        """The mean over its characters; 1 of a page without any."""
        characters = sum(len(word.text) for word in self.words)
        if not characters:
            return 1.0
        return sum(word.confidence * len(word.text) for word in self.words) / characters
