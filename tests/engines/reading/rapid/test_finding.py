"""Strips of text are sought in a smaller picture, in which lines are still apart."""

from __future__ import annotations

import numpy as np
import pytest

from lacre.engines.reading.rapid.finding import shrunk


@pytest.mark.parametrize(
    ("page", "size", "looked_at"),
    [
        ("A4", (2339, 1654), (960, 672)),
        ("a poster", (3334, 1667), (1344, 672)),
        ("a receipt", (3000, 640), (3008, 640)),
        ("a ribbon", (40_000, 640), (3008, 64)),
        ("a stamp", (200, 300), (192, 288)),
    ],
)
def test_a_long_page_is_not_made_narrower_than_an_ordinary_one(
    page: str, size: tuple[int, int], looked_at: tuple[int, int]
) -> None:
    assert shrunk(np.zeros(size, np.uint8)).shape == looked_at, page
