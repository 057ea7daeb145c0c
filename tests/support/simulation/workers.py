"""Simulated workers: they take turns, freeze, die and are called dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from lacre.kit.jobs import HoldLost
from lacre.worker.crash import Crash, Result
from lacre.worker.deliver import Deliverer, Limits
from tests.support.simulation.ground import Interrupted
from tests.support.simulation.receivers import Ether, World
from tests.support.simulation.site import Site

PAUSE = timedelta(seconds=1)
LOOK = timedelta(milliseconds=100)
ROLLS = (0.0, 0.5, 0.999)  # few, so that retries meet
# room for one more endpoint than there are troubled ones, each with its token's server
LIMITS = (
    Limits(at_once=10, per_endpoint=1),
    Limits(at_once=15, per_endpoint=2, batch=2),
    Limits(at_once=50, per_endpoint=9),
)


def guard(do: Callable[[], Result], /) -> Result | Crash:
    """Only what a test's dialect cannot say; any other crash is the simulation's failure."""
    try:
        return do()
    except KeyError as problem:
        return Crash(problem=f"KeyError: {problem}")


@dataclass(eq=False)
class Worker:
    id: str
    ether: Ether
    deliverer: Deliverer
    frozen: bool = False
    pausing_until: datetime | None = None


class Workers:
    """Those that are alive; `turn` lets each do what there is for it to do."""

    def __init__(self, site: Site, world: World, chance: Random) -> None:
        self._site, self._world, self._chance = site, world, chance
        self._numbers = count(1)
        self.alive: list[Worker] = []
        self._idle_since: datetime | None = world.clock.now

    @property
    def awake(self) -> list[Worker]:
        return [one for one in self.alive if not one.frozen]

    # ── their lives ──────────────────────────────────────────────────────────

    def start(self) -> None:
        worker_id, ether = f"worker-{next(self._numbers)}", Ether(self._world)
        deliverer = Deliverer(
            self._site.services,
            ether,
            worker_id,
            guard=guard,
            roll=lambda: self._chance.choice(ROLLS),
            limits=self._site.plan.limits or self._chance.choice(LIMITS),
        )
        self._site.living.ids.add(worker_id)
        self.alive.append(Worker(worker_id, ether, deliverer))
        self.look_round()
        self._note_idleness()
        self._world.tell(worker_id, "begins")

    def kill(self, worker: Worker) -> None:
        self._interrupt(worker)
        self.alive.remove(worker)
        self._site.living.ids.discard(worker.id)
        self._note_idleness()
        self._world.tell(worker.id, "dies")

    def freeze(self, worker: Worker) -> None:
        worker.frozen = True
        self._note_idleness()
        self._world.tell(worker.id, "freezes")

    def thaw(self, worker: Worker) -> None:
        worker.frozen = False
        self._note_idleness()
        self._world.tell(worker.id, "thaws")

    def look_round(self) -> None:
        """Everybody who is awake shows it; the others' work is freed."""
        silent = [one for one in self.alive if one.frozen]
        with self._site.open_work() as work:
            now = self._site.clock.told()
            for one in self.awake:
                work.workers.seen(one.id, "simulated", now=now)
            held = {one.id: self._site.held_by(one.id) for one in silent}
            gone = work.workers.gone(at=self._world.clock.now.timestamp())
        for worker_id in gone:
            self._site.journal.interrupted.update(held.get(worker_id, ()))
        self._world.tell("gone:", *gone)

    def _interrupt(self, worker: Worker) -> None:
        self._site.journal.interrupted.update(self._site.held_by(worker.id))

    def _note_idleness(self) -> None:
        """Nobody can blame a worker for what was not done while there was none."""
        now = self._world.clock.now
        if self.awake and self._idle_since is not None:
            self._site.journal.outages.append((self._idle_since, now))
            self._idle_since = None
        elif not self.awake and self._idle_since is None:
            self._idle_since = now

    # ── their work ───────────────────────────────────────────────────────────

    def turn(self) -> None:
        """In an order of chance: whoever comes first takes what is due."""
        for worker in self._chance.sample(self.awake, len(self.awake)):
            if self._has_something_to_do(worker):
                self._turn(worker)

    def next_at(self) -> datetime | None:
        """When there will be something to do for those who are awake."""
        if not self.awake:
            return None
        instants = [one.ether.next_at for one in self.awake]
        instants += [one.pausing_until for one in self.awake]
        now, due_at = self._world.clock.now, self._site.next_due_at()
        if due_at is not None:
            instants.append(due_at - self._site.clock.skew)
        if any(self._waits_for_another(one) for one in self.awake):
            instants.append(now + LOOK)
        return min((one for one in instants if one is not None and one > now), default=None)

    def _has_something_to_do(self, worker: Worker) -> bool:
        now = self._world.clock.now
        if worker.pausing_until is not None:
            return now >= worker.pausing_until
        over = worker.ether.next_at is not None and worker.ether.next_at <= now
        return over or self._site.is_due() or self._waits_for_another(worker)

    def _waits_for_another(self, worker: Worker) -> bool:
        """For a token that another one fetches, or for its own second try at writing."""
        return not worker.deliverer.idle and worker.ether.in_flight == 0

    def _turn(self, worker: Worker) -> None:
        try:
            worker.deliverer.turn(0)
            worker.pausing_until = None
        except (Interrupted, HoldLost):
            worker.deliverer.recover()
            worker.pausing_until = self._world.clock.now + PAUSE
            self._site.journal.outages.append((self._world.clock.now, worker.pausing_until))
            self._world.tell(worker.id, "recovers")
