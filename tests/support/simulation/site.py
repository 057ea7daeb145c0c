"""A simulated installation: two customers, their endpoints, and what people do to them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from sqlite3 import connect
from typing import TypeAlias, cast

from lacre.accounts.account import Account
from lacre.engines.tokens import SystemTokens
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId
from lacre.settings import Settings
from lacre.store.instants import instant, micros
from lacre.store.work import SqlWork
from lacre.webhooks import actions
from lacre.webhooks.authorization import Fetched
from lacre.webhooks.endpoint import Endpoint, EndpointStatus, Secrets
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Promise
from lacre.worker.deliver import Limits
from tests.support.checker import Announced, Journal
from tests.support.plain import Plain, Steady
from tests.support.services import services_with
from tests.support.simulation.ground import FailingDatabase, Interrupted, Living, a_store
from tests.support.simulation.receivers import Way, World

# fifteen retries in 48 hours
TWO_DAYS = Promise(waits=tuple(timedelta(seconds=10 * 1.9036**n) for n in range(15)), jitter=0.04)
SECRET = "canary-in-a-header"

OpenWork: TypeAlias = Callable[[], AbstractContextManager[SqlWork]]
Bug: TypeAlias = Callable[[SqlWork, OpenWork], None]
"""Put into each unit of work, to see whether it is found."""


def no_bug(_work: SqlWork, _open_work: OpenWork) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Nothing planted is how it should be."""

    bug: Bug = no_bug
    wording: Plain = field(default_factory=lambda: Steady(promised=TWO_DAYS))
    limits: Limits | None = None
    ways: tuple[Way, Way] | None = None
    ordering: Ordering | None = None
    """By chance, unless given; the ways of the receivers that trouble, and the order they want."""


class Site:
    def __init__(self, folder: Path, template: Path, world: World, plan: Plan) -> None:
        shutil.copy(template, folder / "lacre.db")
        self.url = f"sqlite:///{folder / 'lacre.db'}"
        self.plan, self.clock, self.journal = plan, world.clock, Journal()
        self.living = Living()
        self._store = a_store(self.url, folder, self.clock, plan.wording.listens, self.living)
        self.database = cast("FailingDatabase", self._store._database)
        self._look = connect(folder / "lacre.db", isolation_level=None)
        self.endpoints: dict[EndpointId, Endpoint] = {}
        self.services = services_with(
            settings=Settings(data_dir=folder),
            clock=self.clock.told,
            open_work=self.open_work,
            links=self._store.links,
            tokens=SystemTokens(b"k" * 32),
            wordings={"plain": plan.wording},
        )
        self._events = 0

    @contextmanager
    def open_work(self) -> Iterator[SqlWork]:
        with self._store.open_work() as work:
            self.plan.bug(work, self._store.open_work)
            yield work

    def close(self) -> None:
        self._look.close()
        self._store.close()

    # ── what is seen without a transaction ───────────────────────────────────

    def is_due(self) -> bool:
        """Something may go out now, by the installation's clock."""
        return bool(self._look.execute(_DUE, [micros(self.clock.told())]).fetchone()[0])

    def next_due_at(self) -> datetime | None:
        """When something else will be."""
        found = self._look.execute(_NEXT, [micros(self.clock.told())]).fetchone()[0]
        return None if found is None else instant(found)

    def held_by(self, worker_id: str) -> list[DeliveryId]:
        return [DeliveryId(row[0]) for row in self._look.execute(_HELD, [worker_id])]

    def some_delivery(self, chance: Random) -> tuple[AccountId, DeliveryId] | None:
        found = self._look.execute("SELECT account_id, id FROM delivery ORDER BY rowid").fetchall()
        return chance.choice(found) if found else None

    # ── what people do ───────────────────────────────────────────────────────

    def account(self, name: str) -> AccountId:
        account = Account(id=AccountId(name), name=name, created_at=self.clock.told())
        with self.open_work() as work:
            work.accounts.add(account)
        return account.id

    def subscribe(
        self, account_id: AccountId, name: str, *, token: bool = False, ordering: Ordering = Ordering.NONE
    ) -> EndpointId:
        fetched = Fetched(url=f"https://{name}.tokens.test/") if token else None
        endpoint = Endpoint(
            id=EndpointId(name),
            account_id=account_id,
            number=0,
            dialect="plain",
            url=f"https://{name}.hooks.test/",
            types=(),
            secrets=Secrets(headers=(("X-Key", SECRET),), authorization=fetched),
            ordering=ordering,
            created_at=self.clock.told(),
        )
        with self.open_work() as work:
            actions.subscribe(work, endpoint)
        self.endpoints[endpoint.id], self.journal.ordered[endpoint.id] = endpoint, ordering
        return endpoint.id

    def announce(self, account_id: AccountId, count: int, subject: str, *, undone: bool = False) -> None:
        """Some changes come to nothing; their events must not be told."""
        ids: list[EventId] = []
        failed = self.database.failed
        try:
            with self.open_work() as work:
                ids += [work.announce(self._event(account_id, subject)) for _ in range(count)]
                if undone:
                    raise Undone
        except Undone:
            self.journal.undone.update(ids)
        except Interrupted:
            self.journal.unsure.update(ids)
        else:
            assert failed == self.database.failed
            self._accepted(account_id, subject, ids)

    def pause(self, endpoint_id: EndpointId) -> None:
        self.journal.stopped.add(endpoint_id)
        with self.open_work() as work:
            actions.pause(work, self._current(work, endpoint_id))

    def resume(self, endpoint_id: EndpointId) -> None:
        """If it was paused, or disabled by what its receiver said."""
        with self.open_work() as work:
            endpoint = self._current(work, endpoint_id)
            if endpoint.status is not EndpointStatus.ACTIVE:
                self.journal.stopped.add(endpoint_id)
                actions.resume(work, endpoint, now=self.clock.told())

    def remove(self, endpoint_id: EndpointId) -> None:
        self.journal.stopped.add(endpoint_id)
        # also when the answer is lost, nobody uses it any more
        endpoint = self.endpoints.pop(endpoint_id)
        with self.open_work() as work:
            found = work.endpoints.get(endpoint.account_id, endpoint_id)
            actions.remove(work, found, now=self.clock.told())
        self.journal.removed[endpoint_id] = self.clock.now

    def retry(self, account_id: AccountId, delivery_id: DeliveryId) -> None:
        with self.open_work() as work:
            delivery = work.deliveries.get(account_id, delivery_id)
            self._hurried([delivery.event_id])
            if delivery.endpoint_id in self.endpoints:
                actions.retry(work, account_id, delivery_id, now=self.clock.told())

    def replay(self, account_id: AccountId, subject: str) -> None:
        """To endpoints that came after an event too."""
        with self.open_work() as work:
            self._hurried([kept.id for kept in work.events.of_subject(account_id, subject)])
            wordings, now = self.services.wordings, self.clock.told()
            actions.replay_subject(work, account_id, subject, wordings=wordings, now=now)

    def _event(self, account_id: AccountId, subject: str) -> Event:
        self._events += 1
        return Event(
            type="test.happened",
            account_id=account_id,
            subject_id=subject,
            at=self.clock.told(),
            facts={"number": self._events},
        )

    def _hurried(self, events: list[EventId]) -> None:
        """What is asked for again while it waits goes out at once."""
        for event_id in events:
            found = self._look.execute("SELECT id FROM delivery WHERE event_id = ?", [event_id])
            self.journal.hurried.update(DeliveryId(row[0]) for row in found)

    def _accepted(self, account_id: AccountId, subject: str, ids: list[EventId]) -> None:
        listening = frozenset(one.id for one in self.endpoints.values() if one.account_id == account_id)
        self.journal.accepted += [
            Announced(event_id=one, subject_id=subject, at=self.clock.now, listeners=listening) for one in ids
        ]

    def _current(self, work: SqlWork, endpoint_id: EndpointId) -> Endpoint:
        return work.endpoints.get(self.endpoints[endpoint_id].account_id, endpoint_id)


class Undone(Exception):
    """A change that somebody thought better of."""


_AT = "max(due_at, coalesce(rest_until, 0))"
_SENDABLE = (
    "FROM delivery JOIN endpoint ON endpoint.id = delivery.endpoint_id"
    " LEFT JOIN endpoint_health ON endpoint_health.endpoint_id = delivery.endpoint_id"
    " WHERE delivery.status = 'waiting' AND endpoint.status = 'active' AND endpoint.deleted_at IS NULL"
)
_DUE = f"SELECT count(*) {_SENDABLE} AND {_AT} <= ?"
_NEXT = f"SELECT min({_AT}) {_SENDABLE} AND {_AT} > ?"
_HELD = "SELECT id FROM delivery WHERE status = 'held' AND holder = ?"
