"""Puts the words of a page into printed lines, from top to bottom and from left to right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lacre.processing.page import Word

_SAME_LINE = 0.35
"""Middles that differ by less than this part of the lower word's height stand in one line."""
_OPEN_LINES = 6
"""A word belongs to one of the last few lines: sorted by their middles, no other is near."""


def in_lines(words: Iterable[Word]) -> tuple[Word, ...]:
    """The same words in reading order, with their lines numbered from 0."""
    lines: list[_Line] = []
    for word in sorted(words, key=_middle):
        line = next((one for one in reversed(lines[-_OPEN_LINES:]) if one.takes(word)), None)
        if line is None:
            lines.append(_Line([word], _middle(word), word.box.height))
        else:
            line.add(word)
    lines.sort(key=lambda line: line.middle)
    return tuple(
        # not `replace`: pages that were born digital have hundreds of words, and this is a part of their time
        Word(word.text, word.box, word.confidence, number)
        for number, line in enumerate(lines)
        for word in sorted(line.words, key=lambda word: word.box.left)
    )


@dataclass
class _Line:
    words: list[Word]
    middle: float
    height: float

    def takes(self, word: Word) -> bool:
        return abs(_middle(word) - self.middle) < _SAME_LINE * min(word.box.height, self.height)

    def add(self, word: Word) -> None:
        count = len(self.words)
        self.middle = (self.middle * count + _middle(word)) / (count + 1)
        self.height = (self.height * count + word.box.height) / (count + 1)
        self.words.append(word)


def _middle(word: Word) -> float:
    return word.box.top + word.box.height / 2
