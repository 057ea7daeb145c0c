"""kill -9 of a worker in mid-delivery: nothing is lost, little is doubled, and it goes on at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from lacre.kit.ids import AccountId
from lacre.store.workers import SILENCE_SECONDS
from lacre.webhooks.delivery import DeliveryStatus
from lacre.worker.deliver import Limits
from tests.support.database import running_postgres
from tests.support.nursery import Begin, Child
from tests.support.receiver import Answer, Heard, Receiver, once, status
from tests.support.receiver import after as after_seconds
from tests.support.working import Site, eventually

EVENTS = 300
RECOVERY_SECONDS = SILENCE_SECONDS - 10  # five, on a machine that does nothing else

pytestmark = pytest.mark.slow


class Scene:
    """Many events on their way to a slow receiver."""

    def __init__(self, site: Site, receiver: Receiver) -> None:
        self.site, self.receiver = site, receiver
        self.account: AccountId = site.account()
        self._most, self._free = EVENTS, Event()
        receiver.chooses(self._answer)
        site.subscribe(self.account, receiver.url)
        self.events = site.announce(self.account, EVENTS)

    def kill(self, start: Callable[[], Child], *, after: int) -> int:
        """A worker in mid-delivery; how many deliveries it had in hand."""
        with self.held_up(len(self.receiver.heard) + after) as most:
            worker = start()
            self.receiver.wait_for(most + 1)
            worker.kill()
            return sum(one.status is DeliveryStatus.HELD for one in self.site.deliveries(self.account))

    @contextmanager
    def held_up(self, most: int) -> Iterator[int]:
        """So many are answered and no more, however late we look."""
        self._most, self._free = most, Event()
        yield most
        self._free.set()

    def seconds_until_next(self) -> float:
        """From now until the receiver hears something."""
        began, heard = monotonic(), len(self.receiver.heard)
        self.receiver.wait_for(heard + 1, seconds=RECOVERY_SECONDS * 4)
        return monotonic() - began

    def doubled(self) -> int:
        """Once everything is delivered: how often something was heard again."""
        everything = {DeliveryStatus.DELIVERED}
        eventually(lambda: self.site.statuses(self.account) == everything, seconds=60)
        times = Counter(one.json["id"] for one in self.receiver.heard)
        assert set(times) == set(self.events)
        return sum(times.values()) - len(times)

    def _answer(self, _: Heard) -> Answer:
        answer = after_seconds(0.2, status(200))
        return once(self._free, answer) if len(self.receiver.heard) > self._most else answer


@pytest.fixture
def start(begin: Begin, site: Site) -> Callable[[], Child]:
    return partial(begin, site.settings.database, site.settings.data_dir)


def test_a_killed_worker_that_is_started_again_goes_on_where_it_was(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver)
    in_flight = scene.kill(start, after=EVENTS // 3)

    start()
    waited = scene.seconds_until_next()
    doubled = scene.doubled()

    assert waited < RECOVERY_SECONDS
    assert 0 < doubled <= in_flight


def test_another_worker_takes_over_from_a_killed_one(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver)
    with scene.held_up(EVENTS // 3):
        first, _ = start(), start()
        receiver.wait_for(EVENTS // 3 + 1)
        first.kill()
    doubled = scene.doubled()

    # the other one goes on while we look, so what was in flight is only known by its bound
    assert doubled <= Limits().per_endpoint


def test_killed_again_and_again_it_still_loses_nothing(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver)
    in_flight = sum(scene.kill(start, after=EVENTS // 6) for _ in range(4))

    start()
    doubled = scene.doubled()

    assert 0 < doubled <= in_flight


def test_a_crashed_database_loses_nothing_either(tmp_path: Path, receiver: Receiver) -> None:
    with running_postgres(durable=True) as server:
        site = Site(server.create(template="lacre_template"), tmp_path / "data", time_scale=20)
        scene = Scene(site, receiver)
        with site.at_work():
            with scene.held_up(EVENTS * 2 // 3):
                receiver.wait_for(EVENTS // 3)
                server.crash()
            waited = scene.seconds_until_next()
            doubled = scene.doubled()
        site.close()

    assert waited < RECOVERY_SECONDS
    assert doubled <= Limits().per_endpoint
