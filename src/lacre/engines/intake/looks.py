"""Whether two versions of a PDF look the same, page by page."""

from __future__ import annotations

import time
from pathlib import Path

from PIL import Image, ImageChops

from lacre.engines.shown_pages import Document, opened, page_of, picture_of

DOTS_PER_INCH = 50
LARGEST_EDGE = 1_200
FAINTEST = 8
"""A pixel may differ by that much of 255: rounding, never a stroke."""


def changed_page(before: Path, after: Path, *, seconds: float) -> int | None:
    """The first page found to look different, from 0.

    First and last are always compared; when time runs out before all the others are, those seen are spread
    evenly.
    """
    deadline = time.monotonic() + seconds
    with opened(before) as old, opened(after) as new:
        if len(old) != len(new):
            return min(len(old), len(new))
        for seen, number in enumerate(_spread(len(old))):
            if seen > 1 and time.monotonic() > deadline:
                break
            if not _same(old, new, number):
                return number
    return None


def _spread(pages: int) -> list[int]:
    """Every page once, first and last ahead, so that any beginning of the list is a fair sample."""
    golden = sorted(range(pages), key=lambda number: number * 0.6180339887 % 1)
    return list(dict.fromkeys([0, pages - 1, *golden]))


def _same(old: Document, new: Document, number: int) -> bool:
    if old.get_page_size(number) != new.get_page_size(number):
        return False
    pictures = []
    for document in (old, new):
        with page_of(document, number) as page:
            pictures.append(
                picture_of(page, width=_pixels(page.get_width()), height=_pixels(page.get_height()))
            )
    return pictures[0].tobytes() == pictures[1].tobytes() or _faint(ImageChops.difference(*pictures))


def _faint(difference: Image.Image) -> bool:
    return difference.point(lambda level: 255 * (level > FAINTEST)).getbbox() is None


def _pixels(points: float) -> float:
    return max(1.0, min(points * DOTS_PER_INCH / 72, LARGEST_EDGE))
