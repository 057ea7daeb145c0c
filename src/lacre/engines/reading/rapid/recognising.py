"""Names the signs in strips of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import openvino
from numpy.typing import NDArray

from lacre.engines.reading.rapid.finding import Strip
from lacre.engines.reading.rapid.models import HEIGHT, compiled, levels, recognition
from lacre.engines.reading.upright import Gray

SCALED = 48
"""Pixels that a whole strip is scaled to; of these the middle `HEIGHT` are looked at, the rest is paper."""
LEFT_OUT = (SCALED - HEIGHT) // 2
"""Rows above, and as many below."""
_STRIDE = 8
"""Pixels per answer: narrower letters would run together."""
_WIDEST = 4096
_SHEETS = (1024, 2048, 3072, _WIDEST)
"""Strips are looked at side by side on sheets of the narrowest of these widths that takes each of them: the
engine prepares itself anew for every width, and a short strip by itself is hardly cheaper than a long one."""
_GAP = 48
"""Pixels of paper between two strips: wider than a space, so that neither goes on in the other."""
_POSSIBLE = 0.005
_BLANK = 0.05
"""A step of nothing that may be a blank by as much is one: inside of words it is hardly ever 0.01."""
_SURELY = 0.5


@dataclass(frozen=True, slots=True)
class Sign:
    text: str
    confidence: float
    at: float
    """Pixels from the left of the picture to its middle."""
    others: str = ""
    """What else it may be, likeliest first."""


@dataclass(frozen=True)
class Crop:
    """A strip as the model wants it, pixels of it per pixel of the picture, and where it begins there."""

    shown: Gray
    scale: float
    left: float


class Recogniser:
    def __init__(self, core: openvino.Core) -> None:
        known = recognition(core)
        self._signs, self._space = known.signs, known.signs.index(" ")
        self._asked = compiled(core, known.quickest(core)).create_infer_request()

    def read(self, picture: Gray, strips: Sequence[Strip], *, flatter: float = 1.0) -> list[list[Sign]]:
        """What stands in each of the strips; `flatter` makes them lower, so that more is looked at."""
        crops = [cropped(picture, strip, flatter) for strip in strips]
        read: list[list[Sign]] = [[] for _ in crops]
        for sheet in _sheets([crop.shown.shape[1] for crop in crops]):
            (scores,) = self._asked.infer([levels([_laid(sheet, crops)])]).values()
            for number, at in sheet.places:
                crop = crops[number]
                steps = slice(at // _STRIDE, (at + crop.shown.shape[1]) // _STRIDE)
                read[number] = self._decoded(scores[0][steps], crop.scale, crop.left)
        return read

    def _decoded(self, scores: NDArray[np.float32], scale: float, left: float) -> list[Sign]:
        """Steps that name the same sign are one sign; between two of the same there is a step of nothing."""
        best = scores.argmax(1)
        best[(best == 0) & (scores[:, self._space] > _BLANK)] = self._space
        starts = np.flatnonzero((best != 0) & (best != np.concatenate(([0], best[:-1]))))
        signs = [
            self._sign(scores[step], int(best[step]), left + (float(step) + 0.5) * _STRIDE / scale)
            for step in starts
        ]
        return [one for at, one in enumerate(signs) if not parts_number(signs[max(0, at - 1) : at + 2])]

    def _sign(self, scores: NDArray[np.float32], best: int, at: float) -> Sign:
        possible = np.flatnonzero(scores > _POSSIBLE)
        ordered = possible[np.argsort(-scores[possible])]
        others = "".join(self._signs[other] for other in ordered if other not in (0, best))
        return Sign(self._signs[best], float(scores[best]), at, others)


def parts_number(around: Sequence[Sign]) -> bool:
    """`337, 79`: a doubtful blank behind a comma between digits."""
    if len(around) < 3 or around[1].text != " " or around[1].confidence > _SURELY:
        return False
    return around[0].text in ",." and around[2].text.isdigit()


@dataclass
class _Sheet:
    """Strips side by side."""

    width: int
    places: list[tuple[int, int]]
    """Which strip, and where it begins."""
    free: int = 0
    """From here on."""

    def takes(self, width: int) -> bool:
        return self.free + width <= self.width

    def add(self, number: int, width: int) -> None:
        self.places.append((number, self.free))
        self.free += width + _GAP


def _sheets(widths: Sequence[int]) -> list[_Sheet]:
    """The widest strips first; narrow ones fill what is left."""
    sheets: list[_Sheet] = []
    for number in sorted(range(len(widths)), key=widths.__getitem__, reverse=True):
        width = widths[number]
        if width:
            sheet = next((one for one in sheets if one.takes(width)), None)
            if sheet is None:
                sheet = _Sheet(next(size for size in _SHEETS if size >= width), [])
                sheets.append(sheet)
            sheet.add(number, width)
    return sheets


def _laid(sheet: _Sheet, crops: Sequence[Crop]) -> Gray:
    laid = np.full((HEIGHT, sheet.width), 255, np.uint8)
    for number, at in sheet.places:
        shown = crops[number].shown
        laid[:, at : at + shown.shape[1]] = shown
    return laid


def cropped(picture: Gray, strip: Strip, flatter: float = 1.0) -> Crop:
    """What is looked at of a strip: without the paper above and below."""
    whole = scaled(picture, strip, flatter)
    return replace(whole, shown=whole.shown[LEFT_OUT : SCALED - LEFT_OUT])


def scaled(picture: Gray, strip: Strip, flatter: float = 1.0) -> Crop:
    """The whole strip, its middle in the middle of `SCALED` rows."""
    height, width = picture.shape
    left, top = max(0, int(strip.left)), max(0, int(strip.top))
    right, bottom = min(width, int(strip.right) + 1), min(height, int(strip.bottom) + 1)
    if right <= left or bottom <= top:
        return Crop(np.zeros((SCALED, 0), np.uint8), 1.0, 0.0)
    scale = min(SCALED / (bottom - top), _WIDEST / (right - left))
    part = picture[top:bottom, left:right]
    wide, high = max(_STRIDE, round((right - left) * scale)), max(1, round((bottom - top) * scale * flatter))
    small = cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    framed = np.full((SCALED, -(-wide // _STRIDE) * _STRIDE), int(np.median(small)), np.uint8)
    above = (SCALED - high) // 2
    framed[above : above + high, :wide] = small
    return Crop(framed, scale, left)
