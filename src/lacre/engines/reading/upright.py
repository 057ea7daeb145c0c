"""Turns, straightens and cleans pictures of pages."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
"""Height × width, 0 black to 255 white."""

STEEPEST = 7.0
FAINTEST = 0.05
"""Degrees; a page that is less askew is left as it is."""
_LOOKED_AT = 800
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
    best = max(np.arange(-STEEPEST, STEEPEST + 0.01), key=lambda degrees: _sharpness(ink, float(degrees)))
    for step in (0.5, 0.25, 0.125, 0.06):
        best = max((best - step, best, best + step), key=lambda degrees: _sharpness(ink, float(degrees)))
    return float(best) if abs(best) > FAINTEST else 0.0


def _sharpness(ink: Gray, degrees: float) -> float:
    """How much rows of ink and rows of paper differ once it is turned by so much."""
    rows = _rotated(ink, degrees, cv2.INTER_LINEAR, 0).sum(1, dtype=np.float64)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def straightened(picture: Gray, degrees: float) -> Gray:
    """Turned clockwise about its middle; what comes into view is white."""
    return _rotated(picture, degrees, cv2.INTER_CUBIC, 255) if degrees else picture


def quarter_turned(picture: Gray, degrees: int) -> Gray:
    """Clockwise by 0, 90, 180 or 270."""
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90))


def _rotated(picture: Gray, degrees: float, smoothly: int, around: int) -> Gray:
    height, width = picture.shape
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    turned = cv2.warpAffine(picture, turning, (width, height), flags=smoothly, borderValue=(around,) * 4)
    return np.asarray(turned, np.uint8)
