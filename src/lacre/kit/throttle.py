"""How often somebody may fail to sign in: counted in memory, per address and e-mail."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
MOST_FAILURES = 8
MOST_KEYS = 20_000


class Throttle:
    def __init__(self) -> None:
        self._failures: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def allows(self, key: str, now: datetime) -> bool:
        with self._lock:
            return len(self._recent(key, now)) < MOST_FAILURES

    def failed(self, key: str, now: datetime) -> None:
        with self._lock:
            recent = self._recent(key, now)
            recent.append(now)
            self._failures[key] = recent
            self._forget(now)

    def succeeded(self, key: str) -> None:
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        kept = self._failures.get(key, deque())
        while kept and now - kept[0] >= WINDOW:
            kept.popleft()
        return kept

    def _forget(self, now: datetime) -> None:
        """Memory is bounded: first what is over, then the oldest."""
        if len(self._failures) <= MOST_KEYS:
            return
        self._failures = {key: kept for key, kept in self._failures.items() if now - kept[-1] < WINDOW}
        while len(self._failures) > MOST_KEYS:
            self._failures.pop(next(iter(self._failures)))
