"""Counts in memory, and now and then what other processes counted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from lacre.kit.pace import Allowance

Share: TypeAlias = Callable[[str, Allowance, int, datetime], int]
"""Adds so many to what all have counted in this window; how many that makes."""
SHARES = 50
"""A process tells what it counted in so many parts of an allowance: for each process, one part more than is
allowed may get through."""


@dataclass
class _Count:
    window: int
    known: int = 0
    """By all, when it was last asked."""
    untold: int = 0
    """Here, since then."""


class CountingTurnstile:
    """Implements `lacre.kit.pace.Turnstile`; without `share` for the only process that there is."""

    def __init__(self, share: Share | None = None) -> None:
        self._share = share
        self._counts: dict[tuple[str, Allowance], _Count] = {}
        self._newest: dict[Allowance, int] = {}
        self._turn = threading.Lock()

    def enter(self, who: str, allowed: Sequence[Allowance], *, now: datetime) -> int | None:
        with self._turn:
            counts = [(one, self._count(who, one, now)) for one in allowed]
            full = [one.left(now) for one, count in counts if count.known + count.untold >= one.most]
            if full:
                return max(full)
            for _, count in counts:
                count.untold += 1
            due = [(one, count, self._taken(one, count)) for one, count in counts]
        for one, count, times in due:
            self._tell(who, one, count, times, now)
        return None

    def remaining(self, who: str, allowed: Allowance, *, now: datetime) -> int:
        with self._turn:
            count = self._count(who, allowed, now)
            return max(0, allowed.most - count.known - count.untold)

    def _count(self, who: str, allowed: Allowance, now: datetime) -> _Count:
        window = allowed.window(now)
        if self._newest.get(allowed) != window:
            self._newest[allowed] = window
            self._counts = {key: one for key, one in self._counts.items() if key[1] != allowed}
        return self._counts.setdefault((who, allowed), _Count(window))

    def _taken(self, allowed: Allowance, count: _Count) -> int:
        """What is to be told now; it is known from here on, as nobody else tells it."""
        if self._share is not None and count.untold < max(1, allowed.most // SHARES):
            return 0
        times, count.untold = count.untold, 0
        count.known += times
        return times

    def _tell(self, who: str, allowed: Allowance, count: _Count, times: int, now: datetime) -> None:
        if self._share is None or not times:
            return
        total = self._share(who, allowed, times, now)
        with self._turn:
            count.known = max(count.known, total)
