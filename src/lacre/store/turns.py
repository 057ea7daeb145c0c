"""What a process remembers from one transaction to the next, so that everybody comes round."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import timedelta

from lacre.webhooks.health import longest_rest

STUCK_SECONDS = 1.0


class Stuck:
    """Endpoints of which this worker alone has in hand as many as may be.

    Nobody but itself makes room there, when it settles one: to look at them before is in vain. After a second
    they are looked at all the same.
    """

    def __init__(self) -> None:
        self._until: dict[str, int] = {}
        self._worker_id = ""

    def at(self, now: int, worker_id: str) -> Set[str]:
        """`now` in microseconds."""
        if worker_id != self._worker_id:
            self._worker_id = worker_id
            self._until.clear()
        self._until = {one: until for one, until in self._until.items() if 0 < until - now <= _STUCK_MICROS}
        return self._until.keys()

    def add(self, endpoints: Iterable[str], now: int) -> None:
        self._until |= dict.fromkeys(endpoints, now + _STUCK_MICROS)

    def free_all(self) -> None:
        self._until.clear()

    def free(self, endpoints: Iterable[str]) -> None:
        for one in endpoints:
            self._until.pop(one, None)


_STUCK_MICROS = int(STUCK_SECONDS * 1_000_000)


@dataclass
class Turns:
    last: dict[int, str] = field(default_factory=dict)
    """The endpoint that a claim looked at last, of new deliveries (0) and of retries (1)."""
    claims: int = 0
    full: set[str] = field(default_factory=set)
    """Accounts that had as much in hand as they may when a claim looked: they take nobody's turn."""
    stuck: Stuck = field(default_factory=Stuck)
    crowded: bool = False
    """More endpoints owe something than one look goes past."""
    found: list[str] = field(default_factory=list)
    """Endpoints that something was taken of, and that may have more."""
    missed: bool = False
    """The last claim left something due to another worker, which claimed at the same moment."""
    unfinished: bool = False
    """The last claim went past as many endpoints as it may, and found nobody to serve: others come behind."""
    shared: int = 0
    """Claims to come that leave half of the endpoints to the worker that was met."""
    lane: str = ""
    """The lane that was looked at last."""
    jobs: dict[str, str] = field(default_factory=dict)
    """The account that was served last of each lane of jobs."""
    longest_rest: timedelta = field(default_factory=lambda: longest_rest(1))
    """What is said to last longer was begun before the clock was set back."""
