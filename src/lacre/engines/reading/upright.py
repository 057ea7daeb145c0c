"""Turns, straightens and cleans pictures of pages."""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
"""Height × width, 0 black to 255 white."""

STEEPEST = 7.0
FAINTEST = 0.05
"""Degrees; a page that is less askew is left as it is."""
_LOOKED_AT = 1_200
_COLUMNS = 32
_STEP = 0.25
"""Degrees: lines of print that are off by twice as much run into each other."""
_INK = 60
_LEAST_INK = 2e-5
_DARK = 90
"""A page whose middle level is darker is white on black."""


def cleaned(picture: Gray) -> Gray:
    """Dark on evenly white paper: shade, folds and stains change more slowly than ink."""
    if np.median(picture[::8, ::8]) < _DARK:
        picture = np.asarray(255 - picture, np.uint8)
    height, width = picture.shape
    small = cv2.resize(picture, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 11)
    wide = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(picture, wide, scale=255), np.uint8)


def is_blank(picture: Gray) -> bool:
    """Of a cleaned one: less ink than the dot of an i."""
    return bool(np.count_nonzero(picture < 255 - _INK) < _LEAST_INK * picture.size)


def skew(picture: Gray) -> float:
    """Degrees by which its lines fall to the left, so that it must be turned clockwise by as much."""
    scale = _LOOKED_AT / max(picture.shape)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = np.asarray(255 - small, np.uint8)
    ink[ink < _INK] = 0
    columns = _Columns(ink)
    best = float(max(np.arange(-STEEPEST, STEEPEST + 0.01, _STEP), key=columns.sharpness))
    for step in (_STEP / 2, _STEP / 4, _STEP / 8):
        # the first of equals: no turn that would move nothing
        best = max((best, best - step, best + step), key=columns.sharpness)
    return best if abs(best) > FAINTEST else 0.0


class _Columns:
    """The ink in the rows of narrow columns: slid against each other, they are as if the page were turned."""

    def __init__(self, ink: Gray) -> None:
        height, width = ink.shape
        spare = math.ceil(width / 2 * math.tan(math.radians(STEEPEST + 1))) + 1
        edges = np.linspace(0, width, _COLUMNS + 1).astype(int)
        self._rows = np.zeros((_COLUMNS, height + 2 * spare))
        for number, (left, right) in enumerate(pairwise(edges)):
            self._rows[number, spare : spare + height] = ink[:, left:right].sum(1, dtype=np.float64)
        self._middles = (edges[1:] + edges[:-1] - width) / 2

    def sharpness(self, degrees: float) -> float:
        """How much rows of ink and rows of paper differ once the page is turned by so much."""
        falls = np.rint(self._middles * math.tan(math.radians(degrees))).astype(int)
        rows = sum(np.roll(column, fall) for column, fall in zip(self._rows, falls, strict=True))
        return float((np.diff(rows) ** 2).sum())


def straightened(picture: Gray, degrees: float) -> Gray:
    """Turned clockwise about its middle; what comes into view is white."""
    if not degrees:
        return picture
    height, width = picture.shape
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    turned = cv2.warpAffine(
        picture, turning, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255, 255)
    )
    return np.asarray(turned, np.uint8)


def quarter_turned(picture: Gray, degrees: int) -> Gray:
    """Clockwise by 0, 90, 180 or 270."""
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90))
