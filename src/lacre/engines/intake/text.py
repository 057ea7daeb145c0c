"""Finds words on pages, and says where they are seen; runs in a child process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lacre.engines.shown_pages import Box, Page, TextPage, opened, page_of, place_of
from lacre.signing.layout import Place

MOST_OCCURRENCES = 2_000


def find(file: Path, needles: tuple[str, ...]) -> dict[str, tuple[Place, ...]]:
    """Each needle's places from the first page on, on a page from top to bottom and left to right."""
    found: dict[str, list[Place]] = {needle: [] for needle in needles}
    with opened(file) as document:
        for number in range(len(document)):
            with page_of(document, number) as page:
                for needle, places in found.items():
                    places += sorted(_on_page(page, number, needle), key=_reading_order)
                    del places[MOST_OCCURRENCES:]
    return {needle: tuple(places) for needle, places in found.items()}


def _reading_order(place: Place) -> tuple[float, float]:
    # words of one line stand a hair higher or lower, by their letters
    return (-round(place.bottom + place.height / 2), place.left)


def _on_page(page: Page, number: int, needle: str) -> Iterator[Place]:
    if not needle.strip():
        return
    text = page.get_textpage()
    try:
        search = text.search(needle, match_case=True)
        while hit := search.get_next():
            yield place_of(page, number, _first_line(text, *hit))
    finally:
        text.close()


def _first_line(text: TextPage, index: int, count: int) -> Box:
    """A needle broken over two lines is where it begins."""
    boxes: list[Box] = [text.get_rect(number) for number in range(text.count_rects(index, count))]
    line = [box for box in boxes if box[1] < boxes[0][3] and box[3] > boxes[0][1]]
    lefts, bottoms, rights, tops = zip(*line, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
