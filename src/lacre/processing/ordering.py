"""Puts the words of a page into printed lines, from top to bottom and from left to right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from lacre.processing.page import Word

_SAME_LINE = 0.35
"""Middles that differ by less than this part of the lower word's height stand in one line."""
_OPEN_LINES = 6
"""A word belongs to one of the last few lines: sorted by their middles, no other is near."""

_MIDDLE, _LEFT = itemgetter(0), attrgetter("box.left")


def in_lines(words: Iterable[Word]) -> tuple[Word, ...]:
    """The same words in reading order, with their lines numbered from 0."""
    lines: list[_Line] = []
    for middle, height, word in sorted(map(_placed, words), key=_MIDDLE):
        for line in reversed(lines[-_OPEN_LINES:]):
            if abs(middle - line.middle) < _SAME_LINE * min(height, line.height):
                line.add(word, middle, height)
                break
        else:
            lines.append(_Line([word], middle, height))
    lines.sort(key=attrgetter("middle"))
    return tuple(
        Word(word.text, word.box, word.confidence, number)
        for number, line in enumerate(lines)
        for word in sorted(line.words, key=_LEFT)
    )


@dataclass(slots=True)
class _Line:
    words: list[Word]
    middle: float
    height: float
    """The mean of its words'."""

    def add(self, word: Word, middle: float, height: float) -> None:
        count = len(self.words)
        self.middle = (self.middle * count + middle) / (count + 1)
        self.height = (self.height * count + height) / (count + 1)
        self.words.append(word)


def _placed(word: Word) -> tuple[float, float, Word]:
    """Its middle and height: asked for once, since pages have hundreds of words."""
    box = word.box
    return box.top + box.height / 2, box.height, word
