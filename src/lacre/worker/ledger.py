"""What is finished is written down in the same transaction that claims what comes next.

So one commit serves many deliveries. A transaction may run in another thread, which changes nothing here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic

from lacre.kit.ids import DeliveryId
from lacre.kit.jobs import HoldLost
from lacre.services import Services
from lacre.webhooks.repositories import Held, Settled
from lacre.worker.clerk import Clerk

_MISSED_SECONDS = 0.002
"""Until another worker, which claimed at the same moment, may have let go; twice as long each time."""
_MOST_MISSED = 10
FEW = 8
"""Written at once: waiting for more gathers little, and what comes next may have to wait for it."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Held by one worker: most of them are under way for moments only, the others wait to begin."""

    at_once: int = 2048
    per_endpoint: int = 128
    """By all workers together. Half of it is under way while the other half is written down and claimed anew;
    and what a transaction costs by itself, more of them share."""
    per_account: int | None = None
    """None: half of `at_once`, so that whoever hangs leaves the other half to the others, and a second worker
    finds room too: all of it would be all that 16 endpoints may have under way."""
    batch: int = 1024

    @property
    def of_account(self) -> int:
        return max(1, self.at_once // 2) if self.per_account is None else self.per_account


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a transaction came to."""

    batch: Sequence[Settled] = ()
    kept: bool = False
    """Else what was settled was another's by then."""
    claimed: Sequence[Held] = ()
    missed: bool = False
    """There may be more that is due: another worker was claiming it, or it stands behind many that rest."""


class Ledger:
    """One transaction after the other: `begin`, `take` what it came to; after it raised, `recover`."""

    def __init__(self, services: Services, worker_id: str, clerk: Clerk, limits: Limits) -> None:
        self._services, self._worker_id = services, worker_id
        self._clerk, self._limits = clerk, limits
        self._finished: deque[Settled] = deque()
        self._batch: Sequence[Settled] = ()
        """What is being written."""
        self._writing: Future[Written | None] | None = None
        self._gathered_by = 0.0
        self._singly = self._missed = 0
        self._may_have_strays = False

    @property
    def busy(self) -> bool:
        return self._writing is not None

    @property
    def pressing(self) -> bool:
        """There is something to write, and nothing being written."""
        return bool(self._finished) and not self.busy

    def add(self, settled: Settled) -> None:
        self._finished.append(settled)

    def is_full(self, in_hand: int) -> bool:
        """Whether it is time to write: when half of what is in hand is finished, or has had time to be."""
        return self.pressing and (2 * len(self._finished) >= in_hand or monotonic() >= self._gathered_by)

    def patience(self, wait_seconds: float, in_hand: int) -> float:
        """How long there is nothing to be done here."""
        if self.pressing:
            return 0 if self.is_full(in_hand) else self._gathered_by - monotonic()
        return min(wait_seconds, _MISSED_SECONDS * 2**self._missed) if self._missed else wait_seconds

    def begin(self, room: int, *, now: datetime, in_hand: Collection[DeliveryId]) -> None:
        most = 1 if self._singly else self._limits.batch
        self._batch = [self._finished.popleft() for _ in range(min(most, len(self._finished)))]
        known = frozenset(in_hand) if self._may_have_strays else None
        self._writing = self._clerk.begin(partial(self._write, self._batch, room, now, known))
        self._may_have_strays = False

    def take(self) -> Written | None:
        """Of what was begun, once it is done."""
        if self._writing is None or not self._writing.done():
            return None
        writing, self._writing = self._writing, None
        if self._batch:
            many = len(self._batch) >= FEW
            self._gathered_by = monotonic() + (self._clerk.gather_seconds if many else 0.0)
        written = writing.result()
        if written is None:
            self.recover()
            return Written()
        self._batch = ()
        self._singly = max(0, self._singly - 1)
        self._missed = min(self._missed + 1, _MOST_MISSED) if written.missed else 0
        return written

    def recover(self) -> None:
        """What is finished is written one by one for once, so that none can keep the others from it."""
        if not self.busy:
            self._finished.extendleft(reversed(self._batch))
            self._batch = ()
        self._finished.rotate(-1)
        self._singly = len(self._finished)
        self.look_for_strays()

    def look_for_strays(self) -> None:
        """With the next transaction: there may be some that are held, and in nobody's hands."""
        self._may_have_strays = True

    def close(self) -> None:
        """Waits for what is being written; it can be taken then."""
        self._clerk.close()

    def _write(
        self, batch: Sequence[Settled], room: int, now: datetime, in_hand: Collection[DeliveryId] | None
    ) -> Written | None:
        """None when some of several were lost, so that nothing was written."""
        limits = self._limits
        caps = {"per_endpoint": limits.per_endpoint, "per_account": limits.of_account}
        try:
            with self._services.open_work() as work:
                of, worker_id = work.deliveries, self._worker_id
                kept = bool(batch and of.settle(worker_id, batch))
                if in_hand is not None:
                    of.release_strays(worker_id, in_hand)
                lasting = bool(batch) or in_hand is not None
                claimed = of.claim(worker_id, now=now, limit=room, lasting=lasting, **caps) if room else ()
                missed = bool(room) and of.missed
        except HoldLost:
            return None
        return Written(batch=batch, kept=kept, claimed=claimed, missed=missed)
