"""Names the signs in strips of text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import openvino
from numpy.typing import NDArray

from lacre.engines.reading.rapid.finding import Strip
from lacre.engines.reading.rapid.models import HEIGHT, ONE_THREAD, recognition
from lacre.engines.reading.upright import Gray

SCALED = 48
"""Pixels that a whole strip is scaled to; of these the middle `HEIGHT` are looked at, the rest is paper."""
_STRIDE = 8
"""Pixels per answer: narrower letters would run together."""
_STEP = 32
"""Widths are rounded up to it, since the engine prepares itself for each anew."""
_WIDEST = 4096
_POSSIBLE = 0.005


@dataclass(frozen=True, slots=True)
class Sign:
    text: str
    confidence: float
    at: float
    """Pixels from the left of the picture to its middle."""
    others: str = ""
    """What else it may be, likeliest first."""


class Recogniser:
    def __init__(self, core: openvino.Core) -> None:
        known = recognition(core)
        self._signs = known.signs
        self._asked = core.compile_model(known.model, "CPU", ONE_THREAD).create_infer_request()

    def read(self, picture: Gray, strip: Strip) -> list[Sign]:
        crop, scale, left = _cropped(picture, strip)
        if not crop.size:
            return []
        levels = np.repeat((crop.astype(np.float32) / 127.5 - 1)[None, None], 3, axis=1)
        (scores,) = self._asked.infer([levels]).values()
        return self._decoded(scores[0], scale, left)

    def _decoded(self, scores: NDArray[np.float32], scale: float, left: float) -> list[Sign]:
        """Steps that name the same sign are one sign; between two of the same there is a step of nothing."""
        best = scores.argmax(1)
        starts = np.flatnonzero((best != 0) & (best != np.concatenate(([0], best[:-1]))))
        return [
            self._sign(scores[step], int(best[step]), left + (float(step) + 0.5) * _STRIDE / scale)
            for step in starts
        ]

    def _sign(self, scores: NDArray[np.float32], best: int, at: float) -> Sign:
        possible = np.flatnonzero(scores > _POSSIBLE)
        ordered = possible[np.argsort(-scores[possible])]
        others = "".join(self._signs[other] for other in ordered if other not in (0, best))
        return Sign(self._signs[best], float(scores[best]), at, others)


def _cropped(picture: Gray, strip: Strip) -> tuple[Gray, float, float]:
    """The strip as the model wants it, pixels of it per pixel of the picture, and where it begins there."""
    height, width = picture.shape
    left, top = max(0, int(strip.left)), max(0, int(strip.top))
    right, bottom = min(width, int(strip.right) + 1), min(height, int(strip.bottom) + 1)
    if right <= left or bottom <= top:
        return np.zeros((0, 0), np.uint8), 1.0, 0.0
    scale = min(SCALED / (bottom - top), _WIDEST / (right - left))
    part = picture[top:bottom, left:right]
    wide, high = max(_STRIDE, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    small = cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    paper = int(np.median(small))
    framed = np.full((SCALED, -(-wide // _STEP) * _STEP), paper, np.uint8)
    above = (SCALED - high) // 2
    framed[above : above + high, :wide] = small
    cut = (SCALED - HEIGHT) // 2
    return np.ascontiguousarray(framed[cut : SCALED - cut]), scale, left
