"""One seed, lived through: two days of everything that goes wrong, then everybody is well again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random

from lacre.kit.ids import AccountId, EndpointId
from lacre.kit.refusal import Refusal
from lacre.webhooks.lane import Ordering
from lacre.webhooks.retry import LONGEST_ASKED
from tests.support.checker import History, Kept, violations
from tests.support.simulation.ground import Clock, Interrupted
from tests.support.simulation.receivers import World, slow, ways, well
from tests.support.simulation.site import SECRET, TWO_DAYS, Plan, Site
from tests.support.simulation.workers import Worker, Workers
from tests.support.webhooks import NOON

TROUBLED = timedelta(hours=50)
"""Longer than anything is tried."""
HEALING = timedelta(hours=30)
"""Longer than any wait: by then everything is told or given up."""
MOST_TROUBLED = 4
MOST_STEPS = 20_000
ORDERS = (Ordering.NONE, Ordering.NONE, Ordering.SUBJECT, Ordering.ENDPOINT)
SUBJECTS = ("lease", "deed", "will")


@dataclass(frozen=True, kw_only=True)
class Lived:
    seed: int
    digest: str
    """Of all that happened, in order."""
    broken: dict[str, list[str]]
    history: History
    heard: int

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.broken or 'whole'} ({self.heard} heard, {self.digest[:16]})"


def live(seed: int, folder: Path, template: Path, plan: Plan | None = None) -> Lived:
    """`template` is an empty, migrated SQLite file."""
    life = _Life(seed, folder, template, plan or Plan())
    try:
        life.go()
        history = life.history()
    finally:
        life.site.close()
    digest = hashlib.sha256("\n".join(life.world.trace).encode()).hexdigest()
    return Lived(
        seed=seed, digest=digest, broken=violations(history), history=history, heard=len(history.heard)
    )


class _Life:
    def __init__(self, seed: int, folder: Path, template: Path, plan: Plan) -> None:
        self._chance = Random(f"{seed}: what happens")  # noqa: S311 - a simulation
        self.world = World(Clock(), Random(f"{seed}: what is answered"))  # noqa: S311
        self.site = Site(folder, template, self.world, plan)
        rolls = Random(f"{seed}: what is rolled")  # noqa: S311
        self._workers = Workers(self.site, self.world, rolls)
        self._actions: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self._set_back = timedelta(0)
        self._settle_in(plan)

    # ── the plan ─────────────────────────────────────────────────────────────

    def _settle_in(self, plan: Plan) -> None:
        """One customer whose receivers are well, another whose are not."""
        chance = self._chance
        calm, troubled = self.site.account("calm"), self.site.account("troubled")
        self._prompt = frozenset([self._listen(calm, "calm-1", token=False)])
        self._others = [
            self._listen(troubled, f"troubled-{n}", token=chance.random() < 0.25) for n in range(2)
        ]
        self.world.ways["calm-1"] = well
        for endpoint_id, way in zip(self._others, plan.ways or ways(chance), strict=True):
            self.world.ways[endpoint_id] = way
        self._workers.start()
        self._at(chance.uniform(0, 1), self._burst)
        for _ in range(4):
            self._at(chance.expovariate(1 / 2), partial(self._announce, calm, troubled))
        if chance.random() < 0.4:
            self._at(chance.uniform(0.2, 20), self._remove_endpoint)
        for _ in range(7):
            self._at(chance.uniform(0, 48), chance.choice(self._troubles))

    @property
    def _troubles(self) -> list[Callable[[], None]]:
        return [
            self._kill,
            self._kill,
            self._freeze,
            self._set_clock,
            self._lose_database,
            self._another_worker,
            self._stop_endpoint,
            self._retry_one,
            self._replay,
            self._another_endpoint,
        ]

    def _listen(self, account_id: AccountId, name: str, *, token: bool) -> EndpointId:
        ordering = self.site.plan.ordering or self._chance.choice(ORDERS)
        endpoint_id = self.site.subscribe(account_id, name, token=token, ordering=ordering)
        if token:
            self.world.tokens[endpoint_id] = "none yet"
            self.site.journal.bearing.add(endpoint_id)
        return endpoint_id

    def _at(self, hours: float, do: Callable[[], None]) -> None:
        self._in(timedelta(hours=hours) - (self.world.clock.now - NOON), do)

    def _in(self, wait: timedelta, do: Callable[[], None]) -> None:
        heappush(self._actions, (self.world.clock.now + wait, next(self._numbers), do))

    # ── time passes ──────────────────────────────────────────────────────────

    def go(self) -> None:
        self._until(NOON + TROUBLED)
        self._heal()
        self._until(NOON + TROUBLED + HEALING)

    def _until(self, end: datetime) -> None:
        for _ in range(MOST_STEPS):
            self._workers.turn()
            following = [one for one in (self._workers.next_at(), self._next_action()) if one is not None]
            self.world.clock.now = min([*following, end])
            if self.world.clock.now == end:
                return
            self._act()
        raise AssertionError(f"still busy at {self.world.clock.now} after {MOST_STEPS} steps")

    def _next_action(self) -> datetime | None:
        return self._actions[0][0] if self._actions else None

    def _act(self) -> None:
        while self._actions and self._actions[0][0] <= self.world.clock.now:
            _, _, do = heappop(self._actions)
            with suppress(Interrupted, Refusal):
                do()

    def _heal(self) -> None:
        self._actions.clear()
        self.site.database.failing.clear()
        self.world.healed = True
        for worker in self._workers.alive:
            worker.frozen = False
        self._workers.start()
        for endpoint_id in list(self.site.endpoints):
            self.site.resume(endpoint_id)
        self.world.tell("healed")

    # ── what happens ─────────────────────────────────────────────────────────

    def _announce(self, *accounts: AccountId) -> None:
        account_id, chance = self._chance.choice(accounts), self._chance
        many, undone = chance.choice([1, 1, 1, 3]), chance.random() < 0.15
        self.world.tell("announce", account_id, many, undone)
        self.site.announce(account_id, many, chance.choice(SUBJECTS), undone=undone)

    def _burst(self) -> None:
        """One customer has much to tell, and right after it the other has a little."""
        self.site.announce(AccountId("troubled"), 3, SUBJECTS[0])
        self._in(timedelta(seconds=1), partial(self._announce, AccountId("calm")))

    def _kill(self) -> None:
        """In mid-delivery, if it can be: just after something was announced."""
        self._announce(AccountId("troubled"))
        self._workers.turn()
        for worker in self._some_worker():
            self._workers.kill(worker)
            if self._workers.awake:
                self._in(timedelta(seconds=1), self._workers.look_round)
            self._in(timedelta(seconds=self._chance.choice([0.5, 5, 600])), self._workers.start)

    def _freeze(self) -> None:
        """Longer than anybody may be silent."""
        self._announce(AccountId("troubled"))
        self._workers.turn()
        for worker in self._some_worker():
            self._workers.freeze(worker)
            self._in(timedelta(seconds=self._chance.choice([30, 90, 900])), partial(self._thaw, worker))
            self._look_round()
            self._in(timedelta(seconds=62), self._look_round)

    def _thaw(self, worker: Worker) -> None:
        if worker in self._workers.alive:
            self._workers.thaw(worker)
            self._workers.turn()
            self._workers.look_round()

    def _look_round(self) -> None:
        if self._workers.awake:
            self._workers.look_round()

    def _set_clock(self) -> None:
        """An hour off, for an hour."""
        clock = self.world.clock
        if clock.skew:
            return
        clock.skew = timedelta(hours=self._chance.choice([-1, 1]))
        self._set_back = timedelta(hours=1)  # either now or when it is set right
        self.world.tell("clock", clock.skew)
        self._look_round()
        self._in(timedelta(hours=1), self._set_clock_right)
        self._mistime()

    def _set_clock_right(self) -> None:
        self.world.clock.skew = timedelta(0)
        self._mistime()

    def _mistime(self) -> None:
        """What was announced just before waits for its time to come again."""
        now = self.world.clock.now
        self.site.journal.outages.append((now, now + timedelta(hours=1)))

    def _lose_database(self) -> None:
        some = self._chance.choices(["before", "after", "never"], k=4)
        self.world.tell("database", *some)
        self.site.database.failing.extend(some)  # type: ignore[arg-type]

    def _another_worker(self) -> None:
        if len(self._workers.alive) < 3:
            self._workers.start()

    def _stop_endpoint(self) -> None:
        endpoint_id = self._chance.choice(self._others)
        if endpoint_id in self.site.endpoints:
            self.world.tell("pause", endpoint_id)
            self.site.pause(endpoint_id)
            self._in(timedelta(hours=self._chance.uniform(0, 8)), partial(self._resume, endpoint_id))

    def _resume(self, endpoint_id: EndpointId) -> None:
        if endpoint_id in self.site.endpoints:
            self.site.resume(endpoint_id)

    def _remove_endpoint(self) -> None:
        endpoint_id = self._chance.choice(self._others)
        if endpoint_id in self.site.endpoints:
            self.world.tell("remove", endpoint_id)
            self.site.remove(endpoint_id)

    def _another_endpoint(self) -> None:
        if len(self._others) == MOST_TROUBLED:
            return
        name = f"troubled-{next(self._numbers)}"
        self.world.ways[name] = slow
        self._others.append(self._listen(AccountId("troubled"), name, token=False))
        self.world.tell("subscribe", name)

    def _retry_one(self) -> None:
        found = self.site.some_delivery(self._chance)
        if found:
            self.world.tell("retry")
            self.site.retry(*found)

    def _replay(self) -> None:
        subject = self._chance.choice(SUBJECTS)
        self.world.tell("replay", subject)
        self.site.replay(AccountId("troubled"), subject)

    def _some_worker(self) -> list[Worker]:
        return self._chance.sample(self._workers.awake, min(1, len(self._workers.awake)))

    # ── what is left ─────────────────────────────────────────────────────────

    def history(self) -> History:
        return History(
            journal=self.site.journal,
            heard=self.world.heard,
            kept=Kept.read(self.site.url),
            promise=lambda _endpoint: TWO_DAYS,
            set_back=self._set_back,
            lateness=LONGEST_ASKED,
            prompt=self._prompt,
            promptness=timedelta(seconds=2),
            secrets=[SECRET, *self.world.tokens.values()],
        )
