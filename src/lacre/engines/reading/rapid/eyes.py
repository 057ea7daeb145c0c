"""`Eyes` by the models of RapidOCR's wheel: find strips of text, name their signs, mend, cut into words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import cv2
import openvino

from lacre.engines.reading.eyes import Seen
from lacre.engines.reading.rapid.accents import with_accents
from lacre.engines.reading.rapid.finding import Finder, Strip
from lacre.engines.reading.rapid.recognising import Recogniser, Sign
from lacre.engines.reading.upright import Gray
from lacre.processing.letter import Letter
from lacre.processing.mending import mended, run_together
from lacre.processing.spelling import is_portuguese

_DOUBTFUL = 0.4
"""A strip that is surer than this on the mean is text."""
_UPRIGHT = 2.0
"""A strip this many times as high as wide is text that runs up the page, which we do not read."""


class RapidEyes:
    def __init__(self) -> None:
        cv2.setNumThreads(1)
        core = openvino.Core()
        self._finder = Finder(core)
        self._recogniser = Recogniser(core)

    def see(self, picture: Gray, languages: Sequence[str]) -> list[Seen]:  # noqa: ARG002 - one model for all
        level = [strip for strip in self._finder.find(picture) if strip.height <= _UPRIGHT * strip.width]
        read = with_accents(self._recogniser, picture, level, self._recogniser.read(picture, level))
        portuguese = is_portuguese("\n".join("".join(sign.text for sign in signs) for signs in read))
        return [
            word
            for strip, signs in zip(level, read, strict=True)
            for word in words_of(strip, signs, portuguese=portuguese)
        ]


def words_of(strip: Strip, signs: Sequence[Sign], *, portuguese: bool = True) -> Iterator[Seen]:
    if not signs or sum(sign.confidence for sign in signs) / len(signs) < _DOUBTFUL:
        return
    signs = _doubled(signs)
    text = mended([Letter(sign.text, sign.others) for sign in signs], portuguese=portuguese)
    yield from _cut(text, signs, strip)


def _doubled(signs: Sequence[Sign]) -> list[Sign]:
    """With the digits that must stand there twice."""
    twice = run_together("".join(sign.text for sign in signs))
    return [sign for at, sign in enumerate(signs) for _ in range(1 + (at in twice))]


_PIECES = re.compile(r"[^ –]+(?:–[^ –]+)*|–")
"""Of a line: a long dash stands by itself, unless it joins two words."""


def _cut(text: str, signs: Sequence[Sign], strip: Strip) -> Iterator[Seen]:
    """At the spaces, whose signs stand in the gaps: a word reaches half-way to them."""
    pitch = (signs[-1].at - signs[0].at) / max(1, len(signs) - 1) or strip.text_height / 2
    trim = (strip.height - strip.text_height) / 2
    for found in _PIECES.finditer(text):
        start, end = found.span()
        word = signs[start:end]
        before = signs[start - 1].at if start else max(strip.left, word[0].at - pitch)
        after = signs[end].at if end < len(text) else min(strip.right, word[-1].at + pitch)
        yield Seen(
            text=found[0],
            left=(before + word[0].at) / 2,
            top=strip.top + trim,
            right=(word[-1].at + after) / 2,
            bottom=strip.bottom - trim,
            confidence=sum(sign.confidence for sign in word) / len(word),
        )
