"""Where text stands on an upright page: a map of likelihood, cut into strips."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import openvino
from numpy.typing import NDArray

from lacre.engines.reading.rapid.models import compiled, finding_model, levels
from lacre.engines.reading.upright import Gray

LONGEST_SIDE, SHORTEST_SIDE = 960, 680
"""Pixels that the map is made from, as many as A4 has: more finds no more there, and costs with the area.
A till's receipt or a poster is narrower for its length."""
_LONGEST_OF_ALL = 3_000
_STEP = 32
_LIKELY = 0.3
_SURE = 0.5
_SMALLEST = 3
_SWELL = 1.6
"""The map shows the core of each line, smaller by this than its text (the model was taught so)."""
_MARGIN = 0.22
"""Of a strip's height that is paper, above and below its letters."""


@dataclass(frozen=True)
class Strip:
    """Of text, in pixels of the picture, with some paper around."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def text_height(self) -> float:
        return self.height * (1 - 2 * _MARGIN)


class Finder:
    def __init__(self, core: openvino.Core) -> None:
        self._asked = compiled(core, finding_model(core)).create_infer_request()

    def find(self, picture: Gray) -> list[Strip]:
        small = shrunk(picture)
        (likelihood,) = self._asked.infer([levels([small])]).values()
        across, down = picture.shape[1] / small.shape[1], picture.shape[0] / small.shape[0]
        return [
            Strip(one.left * across, one.top * down, one.right * across, one.bottom * down)
            for one in strips(likelihood[0, 0])
        ]


def shrunk(picture: Gray) -> Gray:
    """As the map is made from."""
    height, width = picture.shape
    longest = max(height, width)
    scale = max(LONGEST_SIDE / longest, min(SHORTEST_SIDE / min(height, width), _LONGEST_OF_ALL / longest))
    wide, high = (max(_STEP, round(side * min(1.0, scale) / _STEP) * _STEP) for side in (width, height))
    return np.asarray(cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)


def strips(likelihood: NDArray[np.float32]) -> list[Strip]:
    """In pixels of the map."""
    likely = cv2.dilate((likelihood > _LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    sums = np.bincount(labels.ravel(), likelihood.ravel(), count)
    found = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[number])
        if min(width, height) < _SMALLEST or sums[number] / area < _SURE:
            continue
        swell = width * height * _SWELL / (2 * (width + height))
        found.append(Strip(left - swell, top - swell, left + width + swell, top + height + swell))
    return found
