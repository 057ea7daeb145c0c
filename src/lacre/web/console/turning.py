"""Long lists, turned page by page from the newest: each begins after a row, however many lie before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

PER_PAGE = 25
MOST_COUNTED = 1_000
"""More are not counted: there may be millions, and nobody reads them."""


@dataclass(frozen=True, kw_only=True)
class Turning:
    """`asked` is what the list is narrowed by: it stays in every address, so that a view can be kept."""

    path: str
    asked: Mapping[str, str]
    after: str = ""
    """The row that this page begins after; empty on the first."""
    next: str = ""
    """The row that the next page begins after; empty on the last."""

    @property
    def narrowed(self) -> bool:
        return any(self.asked.values())

    @property
    def here(self) -> str:
        return self.to(after=self.after)

    def to(self, **changed: str) -> str:
        """The same list, narrowed or turned otherwise; from its first page unless one is named."""
        asked = {**self.asked, **changed}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True)
class Counted:
    """As far as it was counted: pages say `1,000+`."""

    number: int

    @property
    def more(self) -> bool:
        return self.number > MOST_COUNTED

    @property
    def known(self) -> int:
        return min(self.number, MOST_COUNTED)
