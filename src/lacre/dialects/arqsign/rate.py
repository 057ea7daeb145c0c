"""Four requests a second and 240 a minute for each AppKey, as their largest plan has it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from lacre.dialects.arqsign.errors import TOO_FAST, Declined

PER_SECOND, PER_MINUTE = 4, 240


@dataclass
class Windows:
    """Counted by each server process for itself: many nodes let through as many times more."""

    _at: dict[int, int] = field(default_factory=dict)
    _counts: dict[tuple[int, str], int] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def count(self, who: str, *, now: datetime) -> None:
        """Raises 429 for the request that is one too many; that one is not counted."""
        second = int(now.timestamp())
        with self._turn:
            self._begin(1, second)
            self._begin(60, second)
            self._require(who, 1, PER_SECOND, left=1)
            self._require(who, 60, PER_MINUTE, left=60 - second % 60)
            for length in (1, 60):
                self._counts[length, who] = self._counts.get((length, who), 0) + 1

    def _begin(self, length: int, second: int) -> None:
        if self._at.get(length) != second // length:
            self._at[length] = second // length
            self._counts = {key: count for key, count in self._counts.items() if key[0] != length}

    def _require(self, who: str, length: int, most: int, *, left: int) -> None:
        if self._counts.get((length, who), 0) >= most:
            raise Declined(429, TOO_FAST.format(left), headers={"Retry-After": str(left)})
