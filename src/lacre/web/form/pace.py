"""How many documents one address may have made by public forms: counted in memory, in each process."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from starlette.exceptions import HTTPException

MOST_AN_HOUR = 60
"""An office behind one address fills in many; a script would fill thousands."""


class Pace:
    def __init__(self) -> None:
        self._hour = ""
        self._made: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, address: str, *, now: datetime) -> None:
        """Raises 429 when it is enough for this hour."""
        with self._lock:
            hour = f"{now:%Y-%m-%dT%H}"
            if hour != self._hour:
                self._hour, self._made = hour, Counter()
            if self._made[address] >= MOST_AN_HOUR:
                raise HTTPException(429, headers={"retry-after": str(3600 - now.minute * 60 - now.second)})
            self._made[address] += 1
