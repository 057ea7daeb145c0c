"""Pages as a reader of bad scans might say them: letters taken for their likes, words moved and unsure."""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec.structs import replace

from lacre.processing.page import Box, Page, Word

_ALIKE = {
    "0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8",
    "2": "Z", "ç": "c", "ã": "a", "é": "e", "í": "i", "õ": "o", "ó": "o", "m": "n", "c": "e",
    ".": ",", "6": "b", "9": "g",
}  # fmt: skip
_JITTER = 0.8
"""Points."""


def misread(pages: Sequence[Page], seed: str, *, share: float) -> list[Page]:
    """`share` of the letters that have a like are taken for it; codes are gone, as on a torn page."""
    draw = random.Random(seed)
    return [
        replace(one, words=tuple(_word(word, draw, share) for word in one.words), codes=()) for one in pages
    ]


def _word(word: Word, draw: random.Random, share: float) -> Word:
    text = "".join(_ALIKE[sign] if sign in _ALIKE and draw.random() < share else sign for sign in word.text)
    box = Box(
        word.box.left + draw.uniform(-_JITTER, _JITTER),
        word.box.top + draw.uniform(-_JITTER, _JITTER),
        word.box.width,
        word.box.height,
    )
    return Word(text, box, 0.7 if text != word.text else 0.97, word.line)
