"""Which pages of a document are wanted: `1,2,5-10`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lacre.processing.errors import PagesNotUsable

LONGEST = 500
"""Characters."""
_HIGHEST = 1_000_000
_PART = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Selection:
    ranges: tuple[tuple[int, int], ...] = ()
    """First and last, both from 1; none: every page."""

    def numbers(self, pages: int) -> list[int]:
        """Those of a document of so many pages."""
        if not self.ranges:
            return list(range(1, pages + 1))
        return [number for first, last in self.ranges for number in range(first, min(last, pages) + 1)]

    def beyond(self, pages: int) -> int | None:
        """The first that is wanted and that such a document has not."""
        return next((max(first, pages + 1) for first, last in self.ranges if last > pages), None)


def selection(text: str) -> Selection:
    """Raises `PagesNotUsable`; an empty text means every page."""
    if len(text) > LONGEST:
        raise PagesNotUsable
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    ranges = tuple(_range(part) for part in parts)
    ends = [0, *(last for _, last in ranges)]
    if any(first <= before for (first, _), before in zip(ranges, ends, strict=False)):
        raise PagesNotUsable
    return Selection(ranges=ranges)


def _range(part: str) -> tuple[int, int]:
    found = _PART.fullmatch(part)
    if found is None:
        raise PagesNotUsable
    first = int(found[1])
    last = int(found[2] or first)
    if not 1 <= first <= last <= _HIGHEST:
        raise PagesNotUsable
    return first, last
