"""500 requests a minute, per valid token or else per address, in windows of one minute, as they promise."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from lacre.dialects.zapsign.errors import Declined

PER_MINUTE = 500


@dataclass
class Minutes:
    """Counted by each server process for itself: many nodes let through as many times more."""

    _minute: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def count(self, who: str, *, now: datetime) -> None:
        """Raises 429 for the request that is one too many."""
        minute, second = divmod(int(now.timestamp()), 60)
        with self._turn:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[who] = made = self._counts.get(who, 0) + 1
        if made > PER_MINUTE:
            left = 60 - second
            raise Declined(
                429,
                f"Pedido foi limitado. Disponível em {left} segundos.",
                headers={"Retry-After": str(left)},
            )
