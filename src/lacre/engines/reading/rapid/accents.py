"""Looks again at lines of capitals whose accents stand above what was looked at."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from lacre.engines.reading.rapid.finding import Strip
from lacre.engines.reading.rapid.recognising import LEFT_OUT, Recogniser, Sign, scaled
from lacre.engines.reading.upright import Gray

_FLATTER = 0.8
"""So that an accent is looked at, and a cedilla too."""
_FEWEST = 3
_MOSTLY = 0.75
"""Of the letters."""
_INK, _STROKE = 60, 3
"""Levels by which a letter is darker than its paper; pixels of a row that are one."""
_RULED = 0.6
"""Of a row: a rule of a table, and no letters."""


def with_accents(
    recogniser: Recogniser, picture: Gray, strips: Sequence[Strip], read: Sequence[list[Sign]]
) -> list[list[Sign]]:
    """What was read, or what is read at the second look."""
    found = list(read)
    again = [
        number
        for number, signs in enumerate(read)
        if are_capitals(signs) and reaches_out(picture, strips[number])
    ]
    second = recogniser.read(picture, [strips[number] for number in again], flatter=_FLATTER)
    for number, signs in zip(again, second, strict=True):
        found[number] = better(read[number], signs)
    return found


def are_capitals(signs: Sequence[Sign]) -> bool:
    letters = [sign.text for sign in signs if sign.text.isalpha()]
    return len(letters) >= _FEWEST and sum(map(str.isupper, letters)) >= _MOSTLY * len(letters)


def reaches_out(picture: Gray, strip: Strip) -> bool:
    """There is ink above or below what is looked at; rules of tables are none."""
    shown = scaled(picture, strip).shown
    dark = (shown < np.median(shown) - _INK).sum(1)
    dark[dark > _RULED * shown.shape[1]] = 0
    outside = np.concatenate((dark[:LEFT_OUT], dark[-LEFT_OUT:]))
    # what is in every row stands upright
    return bool((outside - dark.min() >= _STROKE).any())


def better(first: list[Sign], second: list[Sign]) -> list[Sign]:
    """The first with the accents of the second; or the surer, where they say other letters."""
    letters = [sign for sign in second if sign.text != " "]
    if _bare(first) == _bare(second):
        return [sign if sign.text == " " else _accented(sign, letters.pop(0)) for sign in first]
    return second if _sureness(second) > _sureness(first) else first


def _accented(first: Sign, second: Sign) -> Sign:
    """Accents are overlooked, and hardly ever made up."""
    return first if second.text.isascii() and not first.text.isascii() else second


def _bare(signs: Sequence[Sign]) -> str:
    """Without accents and blanks."""
    parted = unicodedata.normalize("NFD", "".join(sign.text for sign in signs).upper())
    return "".join(sign for sign in parted if sign != " " and not unicodedata.combining(sign))


def _sureness(signs: Sequence[Sign]) -> float:
    letters = [sign.confidence for sign in signs if sign.text != " "]
    return sum(letters) / max(1, len(letters))
