"""Which part of a long list is shown, and the addresses of its other parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

PER_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Listing:
    """`asked` is what the list is narrowed by: it stays in every address, so that a view can be kept."""

    path: str
    asked: Mapping[str, str]
    page: int
    total: int = 0
    per_page: int = PER_PAGE

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.per_page, self.total)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    def to(self, **changed: str | int) -> str:
        """The same list, narrowed or turned otherwise; from its first page unless one is named."""
        asked = {**self.asked, **{name: str(value) for name, value in changed.items()}}
        query = urlencode(
            {name: value for name, value in asked.items() if value and (name, value) != ("page", "1")}
        )
        return f"{self.path}?{query}" if query else self.path


def page_number(text: str) -> int:
    """Anything but a sensible number is the first page."""
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
