"""The lives of endpoints and deliveries, in any order that a machine thinks of, beside a model of a page."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from typing import ClassVar, TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lacre.accounts.account import Account
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, new_uuid
from lacre.store.work import SqlWork
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.errors import BehindAnother
from lacre.webhooks.exchange import Exchange, kept
from lacre.webhooks.lane import Ordering
from lacre.webhooks.repositories import Held, Settled
from lacre.webhooks.request import Answer, Timings
from lacre.webhooks.verdict import settle
from tests.support.plain import Plain
from tests.support.simulation.ground import Clock, Living, a_store
from tests.support.webhooks import PROMISE

EXAMPLES, STEPS = (2000, 50) if os.environ.get("LACRE_LONG_FAULTS") else (20, 30)
BUDGET = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    print_blob=False,
)
FIRST_FOUND = settings(BUDGET, max_examples=300, derandomize=True, report_multiple_bugs=False)
SUBJECT = "lease"
Thing = TypeVar("Thing")
WORKERS = ("first", "second")
TAKEN, REFUSED, GONE = 200, 404, 410
"""What receivers say; none that an endpoint would rest for."""

pytestmark = pytest.mark.slow


@dataclass
class Listener:
    """An endpoint, as the model knows it."""

    endpoint: Endpoint
    removed: bool = False
    active: bool = True
    lane: list[DeliveryId] = field(default_factory=list)
    """Those that are open, in order."""


@dataclass
class Owed:
    """A delivery, as the model knows it."""

    id: DeliveryId
    event_id: EventId
    listener: Listener
    due_at: datetime
    created_at: datetime
    holder: str = ""
    attempts: int = 0
    over: str = ""
    held: Held | None = None
    fresh: bool = True
    """Not tried since it came to be, or since its endpoint was resumed."""


class Lives(RuleBasedStateMachine):
    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="lacre-lives-"))
        shutil.copy(self.template, self.folder / "lacre.db")
        self.clock, self.living = Clock(), Living({*WORKERS})
        self.plain = Plain()
        url = f"sqlite:///{self.folder / 'lacre.db'}"
        self.store = a_store(url, self.folder, self.clock, self.plain.listens, self.living)
        self.account = AccountId(new_uuid())
        self.listeners: list[Listener] = []
        self.owed: dict[DeliveryId, Owed] = {}
        self.events: list[EventId] = []
        self.look = connect(self.folder / "lacre.db", isolation_level=None)
        with self.store.open_work() as work:
            work.accounts.add(Account(id=self.account, name="a", created_at=self.clock.now))
        self._beat()
        self.subscribe_one(Ordering.NONE)
        self.subscribe_one(Ordering.ENDPOINT)
        self.announce_some(2)

    def teardown(self) -> None:
        self.look.close()
        self.store.close()
        shutil.rmtree(self.folder)

    # ── endpoints ────────────────────────────────────────────────────────────

    @precondition(lambda self: len(self.listeners) < 4)
    @rule(ordering=st.sampled_from([Ordering.NONE, Ordering.ENDPOINT]))
    def subscribe(self, ordering: Ordering) -> None:
        self.subscribe_one(ordering)

    def subscribe_one(self, ordering: Ordering) -> None:
        endpoint = Endpoint(
            id=EndpointId(new_uuid()),
            account_id=self.account,
            number=0,
            dialect="plain",
            url="https://client.example/",
            types=("test.happened",),
            ordering=ordering,
            created_at=self.clock.now,
        )
        with self.store.open_work() as work:
            actions.subscribe(work, endpoint)
        self.listeners.append(Listener(endpoint))

    @precondition(lambda self: self._kept())
    @rule(data=st.data())
    def pause(self, data: st.DataObject) -> None:
        for listener in self._some(data, self._kept()):
            with self.store.open_work() as work:
                actions.pause(work, work.endpoints.get(self.account, listener.endpoint.id))
            listener.active = False

    @precondition(lambda self: self._kept())
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        for listener in self._some(data, self._kept()):
            with self.store.open_work() as work:
                self.resume_in(work, work.endpoints.get(self.account, listener.endpoint.id))
            listener.active = True
            for one in self.owed.values():
                if one.listener is listener and not (one.over or one.holder or one.fresh):
                    one.due_at, one.fresh = one.created_at, True

    @precondition(lambda self: len(self._kept()) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        for listener in self._some(data, self._kept()):
            with self.store.open_work() as work:
                found = work.endpoints.get(self.account, listener.endpoint.id)
                actions.remove(work, found, now=self.clock.now)
            listener.removed = True

    # ── events ───────────────────────────────────────────────────────────────

    @rule(count=st.integers(1, 3))
    def announce(self, count: int) -> None:
        self.announce_some(count)

    def announce_some(self, count: int) -> None:
        with self.store.open_work() as work:
            ids = [work.announce(self._event()) for _ in range(count)]
        self.events += ids
        self._owe([(event_id, one) for event_id in ids for one in self._kept()])

    @precondition(lambda self: self.owed)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        """By hand: what is open is hurried, unless it waits for another; what is over is told anew."""
        for asked in self._some(data, [one for one in self.owed.values() if not one.listener.removed]):
            found = self._open_one(asked.event_id, asked.listener)
            try:
                with self.store.open_work() as work:
                    actions.retry(work, self.account, asked.id, now=self.clock.now)
            except BehindAnother:
                assert found is not None
                assert self._state(found) == "queued"
            else:
                self._hurry(found) if found else self._owe([(asked.event_id, asked.listener)])

    @precondition(lambda self: self.owed)
    @rule()
    def replay(self) -> None:
        pairs = [(event_id, one) for event_id in self.events for one in self._kept()]
        found = [self._open_one(*pair) for pair in pairs]
        with self.store.open_work() as work:
            wordings, now = {"plain": self.plain}, self.clock.now
            told = actions.replay_subject(work, self.account, SUBJECT, wordings=wordings, now=now)
        assert told == len(pairs)
        for one in found:
            self._hurry(one) if one else None
        self._owe([pair for pair, one in zip(pairs, found, strict=True) if not one])

    # ── workers ──────────────────────────────────────────────────────────────

    @rule(seconds=st.sampled_from([1, 15, 90]))
    def time_passes(self, seconds: int) -> None:
        self.clock.now += timedelta(seconds=seconds)
        self._beat()

    @precondition(lambda self: any(map(self._may_go, self.owed.values())))
    @rule(worker=st.sampled_from(WORKERS), limit=st.integers(1, 6))
    def claim_some(self, worker: str, limit: int) -> None:
        self.claim(worker, limit)

    def claim(self, worker: str, limit: int) -> None:
        claimable = {one.id for one in self.owed.values() if self._may_go(one)}
        with self.store.open_work() as work:
            claimed = work.deliveries.claim(worker, now=self.clock.now, limit=limit, per_endpoint=99)
        ids = {one.delivery.id for one in claimed}
        assert ids <= claimable
        assert len(ids) == min(limit, len(claimable))
        for held in claimed:
            owed = self.owed[held.delivery.id]
            assert held.delivery.attempts == owed.attempts
            owed.holder, owed.held = worker, held

    @rule(worker=st.sampled_from(WORKERS), status=st.sampled_from([TAKEN, REFUSED, GONE]))
    def attempt(self, worker: str, status: int) -> None:
        """All that may go, at once."""
        self.claim(worker, len(self.owed) + 1)
        for owed in self._held():
            self.settle_one(owed, status)

    @precondition(lambda self: self._held())
    @rule(data=st.data(), status=st.sampled_from([TAKEN, TAKEN, REFUSED, REFUSED, GONE]))
    def settle(self, data: st.DataObject, status: int) -> None:
        for owed in self._some(data, self._held()):
            self.settle_one(owed, status)

    def settle_one(self, owed: Owed, status: int) -> None:
        assert self._written(owed.holder, owed, status) == 1
        self._was_settled(owed, status)

    @precondition(lambda self: any(one.held for one in self.owed.values()))
    @rule(data=st.data(), worker=st.sampled_from(WORKERS))
    def settle_what_is_no_longer_held(self, data: st.DataObject, worker: str) -> None:
        """As a worker does that wakes after its holds were given away: nothing is written."""
        stale = [one for one in self.owed.values() if one.held and one.holder != worker]
        for owed in self._some(data, stale):
            assert self._written(worker, owed, TAKEN) == 0

    @precondition(lambda self: self._held())
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        for owed in self._some(data, self._held()):
            with self.store.open_work() as work:
                work.deliveries.release(owed.holder, [owed.id])
            owed.holder = ""

    @precondition(lambda self: self._held())
    @rule(worker=st.sampled_from(WORKERS))
    def die(self, worker: str) -> None:
        """And come again, with the same name and empty hands."""
        self.living.ids.discard(worker)
        with self.store.open_work() as work:
            assert work.workers.gone(at=0) == [worker]
        self.living.ids.add(worker)
        self._beat()
        for owed in self._held():
            owed.holder = "" if owed.holder == worker else owed.holder

    # ── what always holds ────────────────────────────────────────────────────

    @invariant()
    def the_store_agrees(self) -> None:
        with self.store.open_work() as work:
            found = [work.deliveries.get(self.account, one) for one in self.owed]
        said = {one.id: (one.status.value, one.attempts) for one in found}
        assert said == {one.id: (self._state(one), one.attempts) for one in self.owed.values()}
        due = {one.id: one.due_at for one in found if one.status is DeliveryStatus.WAITING}
        assert due == {one: self.owed[one].due_at for one in due}

    # ── the model ────────────────────────────────────────────────────────────

    def _state(self, owed: Owed) -> str:
        if owed.over or owed.holder:
            return owed.over or "held"
        ordered = owed.listener.endpoint.ordering is Ordering.ENDPOINT
        return "queued" if ordered and owed.listener.lane[0] != owed.id else "waiting"

    def _may_go(self, owed: Owed) -> bool:
        listening = owed.listener.active and not owed.listener.removed
        return listening and owed.due_at <= self.clock.now and self._state(owed) == "waiting"

    def _was_settled(self, owed: Owed, status: int) -> None:
        owed.attempts += 1
        owed.holder, owed.fresh = "", False
        if status == TAKEN:
            owed.over = "delivered"
        elif owed.attempts > len(PROMISE.waits):
            owed.over = "discarded"
        else:
            owed.due_at = self.clock.now + PROMISE.waits[owed.attempts - 1]
        if status == GONE:
            owed.listener.active = False
        if owed.over:
            owed.listener.lane.remove(owed.id)

    def _owe(self, pairs: Sequence[tuple[EventId, Listener]]) -> None:
        """Exactly these were made just now."""
        rows = [row for row in self.look.execute(_ALL).fetchall() if row[0] not in self.owed]
        assert sorted(row[1:] for row in rows) == sorted((one, told.endpoint.id) for one, told in pairs)
        listeners = {one.endpoint.id: one for one in self.listeners}
        for delivery_id, event_id, endpoint_id in rows:
            listener = listeners[endpoint_id]
            now = self.clock.now
            self.owed[delivery_id] = Owed(delivery_id, event_id, listener, due_at=now, created_at=now)
            listener.lane.append(delivery_id)

    def _open_one(self, event_id: EventId, listener: Listener) -> Owed | None:
        asked = (one for one in self.owed.values() if one.event_id == event_id and one.listener is listener)
        return next((one for one in asked if not one.over), None)

    def _hurry(self, owed: Owed) -> None:
        if self._state(owed) == "waiting":
            owed.due_at = min(owed.due_at, self.clock.now)

    def _kept(self) -> list[Listener]:
        return [one for one in self.listeners if not one.removed]

    def _held(self) -> list[Owed]:
        return [one for one in self.owed.values() if one.holder]

    def _some(self, data: st.DataObject, things: Sequence[Thing]) -> list[Thing]:
        """One of them, if there is any."""
        return [data.draw(st.sampled_from(things))] if things else []

    # ── what a bug may be planted in ─────────────────────────────────────────

    def resume_in(self, work: SqlWork, endpoint: Endpoint) -> None:
        actions.resume(work, endpoint, now=self.clock.now)

    def settle_in(self, work: SqlWork, worker: str, settled: Settled) -> int:
        return work.deliveries.settle(worker, [settled])

    # ── the store ────────────────────────────────────────────────────────────

    def _beat(self) -> None:
        with self.store.open_work() as work:
            for worker in WORKERS:
                work.workers.seen(worker, "model", now=self.clock.now)

    def _event(self) -> Event:
        return Event(
            type="test.happened",
            account_id=self.account,
            subject_id=SUBJECT,
            at=self.clock.now,
            facts={},
        )

    def _written(self, worker: str, owed: Owed, status: int) -> int:
        assert owed.held is not None
        with self.store.open_work() as work:
            return self.settle_in(work, worker, self._settled(owed.held, status))

    def _settled(self, held: Held, status: int) -> Settled:
        now = self.clock.now
        outcome = Answer(
            status=status, headers=(), body=b"", truncated=False, address="192.0.2.1", timings=Timings()
        )
        verdict = settle(held.delivery, outcome, PROMISE, now=now, roll=lambda: 0.0)
        exchange = Exchange(at=now, request=None, outcome=outcome)
        return Settled(
            delivery_id=held.delivery.id,
            endpoint_id=held.endpoint.id,
            attempt=kept(exchange, delivery=held.delivery, endpoint=held.endpoint, ok=status == TAKEN),
            status=verdict.status,
            due_at=verdict.due_at,
            disable_endpoint=verdict.disable_endpoint,
        )


_ALL = "SELECT id, event_id, endpoint_id FROM delivery ORDER BY rowid"


def test_whatever_is_done_in_whatever_order_the_store_does_as_the_model(migrated_file: Path) -> None:
    Lives.template = migrated_file

    run_state_machine_as_test(Lives, settings=BUDGET)


class LivesOfForgetful(Lives):
    """On a store that has a bug: what a resumed endpoint missed goes on waiting for its time."""

    def resume_in(self, work: SqlWork, endpoint: Endpoint) -> None:
        endpoint.status = EndpointStatus.ACTIVE
        work.endpoints.save(endpoint)


class LivesOfGreedy(Lives):
    """On a store that lets anybody settle anything."""

    def settle_in(self, work: SqlWork, worker: str, settled: Settled) -> int:
        holder = self.owed[settled.delivery_id].holder or worker
        return super().settle_in(work, holder, settled)


@pytest.mark.parametrize("lives", [LivesOfForgetful, LivesOfGreedy])
def test_a_planted_bug_is_noticed(lives: type[Lives], migrated_file: Path) -> None:
    lives.template = migrated_file

    with pytest.raises(AssertionError):
        run_state_machine_as_test(lives, settings=FIRST_FOUND)
