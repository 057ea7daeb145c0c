"""An installation whose every use is written down, so that it can be judged afterwards."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from math import inf
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, create_engine, select

from lacre.engines import clock
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId
from lacre.store.postgres import driver_url
from lacre.store.tables import delivery, worker
from lacre.webhooks.authorization import Fixed
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Secrets
from lacre.webhooks.lane import Ordering
from tests.support.checker import Announced, Hearing, History, Journal, Kept
from tests.support.nursery import TIME_SCALE, Child
from tests.support.receiver import Answer, Heard, Receiver, after, hang, once, status
from tests.support.webhooks import PROMISE
from tests.support.working import Site, eventually

SUBJECTS = 20
CANARY = "canary-that-no-log-may-hold"
_OPEN = (DeliveryStatus.WAITING, DeliveryStatus.HELD, DeliveryStatus.QUEUED)


class Undone(Exception):
    """A change that somebody thought better of."""


@dataclass
class Watched:
    site: Site
    receiver: Receiver
    journal: Journal = field(default_factory=Journal)
    heard: list[Hearing] = field(default_factory=list)
    manner: Callable[[], tuple[int, float]] = lambda: (200, 0.0)
    """What the receiver says next, and after how many seconds."""
    most: float = inf
    """How many are answered before `free` is set."""
    free: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.account: AccountId = self.site.account()
        self.endpoints: list[EndpointId] = []
        self._numbers, self._engine = count(1), _engine(self.site.settings.database)
        self.receiver.chooses(self._answer)

    def subscribe(self, ordering: Ordering = Ordering.NONE) -> EndpointId:
        name = f"endpoint-{len(self.endpoints)}"
        secrets = Secrets(authorization=Fixed(value=CANARY))
        made = self.site.subscribe(
            self.account, f"{self.receiver.url}{name}", secrets=secrets, ordering=ordering
        )
        self.endpoints.append(made.id)
        self.journal.ordered[made.id] = ordering
        return made.id

    def announce(self, count: int = 1, *, undone: bool = False) -> None:
        ids: list[EventId] = []
        subject = f"envelope-{random.randrange(SUBJECTS)}"  # noqa: S311
        try:
            with self.site.store.open_work() as work:
                ids += [work.announce(self._event(subject)) for _ in range(count)]
                if undone:
                    raise Undone
        except Undone:
            self.journal.undone.update(ids)
        else:
            now, listeners = clock.now(), frozenset(self.endpoints)
            self.journal.accepted += [
                Announced(event_id=one, subject_id=subject, at=now, listeners=listeners) for one in ids
            ]

    def happen(self) -> None:
        """Some things, of which people think better of one now and then."""
        for _ in range(random.randint(1, 3)):  # noqa: S311
            self.announce(random.choice([1, 1, 4]), undone=random.random() < 0.1)  # noqa: S311

    def interrupt(self, child: Child) -> int:
        """Kills it; how much it had in hand, which is written down."""
        child.stop()
        held = self.held_by(child)
        self.journal.interrupted.update(held)
        child.kill()
        return len(held)

    def held_by(self, child: Child) -> list[DeliveryId]:
        mine = select(worker.c.id).where(worker.c.name.like(f"% {child.pid}"))
        held = select(delivery.c.id).where(delivery.c.status == "held", delivery.c.holder.in_(mine))
        with self._engine.connect() as connection:
            return list(connection.execute(held).scalars())

    def open_deliveries(self) -> list[DeliveryId]:
        with self._engine.connect() as connection:
            return list(
                connection.execute(select(delivery.c.id).where(delivery.c.status.in_(_OPEN))).scalars()
            )

    def seconds_until_next(self, *, patience: float = 45.0) -> float:
        """From now until the receiver hears something."""
        began, heard = monotonic(), len(self.heard)
        while len(self.heard) == heard:
            assert monotonic() - began < patience, "nothing is told any more"
            sleep(0.002)
        return monotonic() - began

    def drain(self, *, seconds: float = 60.0) -> None:
        eventually(lambda: self.left() == 0, seconds=seconds)

    def left(self) -> int:
        return len(self.open_deliveries())

    def history(self, **known: Any) -> History:  # noqa: ANN401
        self._engine.dispose()
        return History(
            journal=self.journal,
            heard=self.heard,
            kept=Kept.read(self.site.settings.database),
            promise=lambda _endpoint: PROMISE,
            scale=TIME_SCALE,
            slack=timedelta(seconds=1),
            secrets=[CANARY],
            **known,
        )

    def _event(self, subject: str) -> Event:
        return Event(
            type="test.happened",
            account_id=self.account,
            subject_id=subject,
            at=clock.now(),
            facts={"number": next(self._numbers)},
        )

    def _answer(self, heard: Heard) -> Answer:
        code, seconds = self.manner()
        place = int(heard.target.rpartition("-")[2])
        self.heard.append(
            Hearing(
                endpoint_id=self.endpoints[place],
                event_id=heard.json["id"],
                body=heard.body,
                at=clock.now(),
                status=code or None,
            )
        )
        answer = status(code) if code else hang()
        told = after(seconds, answer) if seconds else answer
        return once(self.free, told) if len(self.heard) > self.most else told


def _engine(url: str) -> Engine:
    return create_engine(driver_url(url) if url.startswith("postgresql") else url)
