"""Whether others still count on this worker: one that was stopped for long may have been called dead."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

LEASE_SECONDS = 45.0
"""Well below the silence after which others give its work away."""


class Lease:
    """Renewed by each beat; by a clock that nobody sets, which goes on while a process stands still."""

    def __init__(self, seconds: float = LEASE_SECONDS, *, ticks: Callable[[], float] = monotonic) -> None:
        self._seconds, self._ticks = seconds, ticks
        self._until = ticks() + seconds

    def renew(self, beat: Callable[[], None]) -> None:
        """Counted from before the beat, which may take its time."""
        began = self._ticks()
        beat()
        self._until = began + self._seconds

    def holds(self) -> bool:
        """Nothing new is to be taken without: it would be taken away again, and done twice."""
        return self._ticks() < self._until
