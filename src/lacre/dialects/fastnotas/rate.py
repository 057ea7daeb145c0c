"""120 requests a minute for each company, told with every answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lacre.dialects.fastnotas.errors import TOO_FAST, Declined

PER_MINUTE = 120


@dataclass(frozen=True)
class Standing:
    """How much of this minute is left."""

    remaining: int
    reset: int
    """Seconds since 1970."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {
            "Rate-Limit-Limit": str(PER_MINUTE),
            "Rate-Limit-Remaining": str(self.remaining),
            "Rate-Limit-Reset": str(self.reset),
        }


@dataclass
class Minutes:
    """Counted by each server process for itself: many nodes let through as many times more."""

    _minute: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def count(self, who: str, *, now: datetime) -> Standing:
        """Raises 429 for the request that is one too many."""
        minute, second = divmod(int(now.timestamp()), 60)
        with self._turn:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[who] = made = self._counts.get(who, 0) + 1
        standing = Standing(remaining=max(0, PER_MINUTE - made), reset=(minute + 1) * 60)
        if made > PER_MINUTE:
            left = 60 - second
            raise Declined(429, TOO_FAST.format(left), headers={**standing.headers, "Retry-After": str(left)})
        return standing
