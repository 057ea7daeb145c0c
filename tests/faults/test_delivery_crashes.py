"""kill -9 of a worker in mid-delivery: nothing is lost, little is doubled, and it goes on at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest

from lacre.kit.ids import AccountId
from lacre.webhooks.delivery import DeliveryStatus
from lacre.worker.deliver import Limits
from tests.support.database import running_postgres
from tests.support.nursery import Begin, Child
from tests.support.receiver import Receiver, status
from tests.support.receiver import after as after_seconds
from tests.support.working import Site, eventually

EVENTS = 300
RECOVERY_SECONDS = 8.0  # five, on a machine that does nothing else

pytestmark = pytest.mark.slow


class Scene:
    """Many events on their way to a slow receiver."""

    def __init__(self, site: Site, receiver: Receiver) -> None:
        self.site, self.receiver = site, receiver
        self.account: AccountId = site.account()
        receiver.answers(after_seconds(0.2, status(200)))
        site.subscribe(self.account, receiver.url)
        self.events = site.announce(self.account, EVENTS)

    def kill(self, worker: Child, *, after: int = EVENTS // 3) -> int:
        """In mid-delivery; how many deliveries were sent by then and not yet written down as such."""
        self.receiver.wait_for(after, seconds=20)
        worker.kill()
        self._hear_the_last()
        heard = {one.json["id"] for one in self.receiver.heard}
        settled = [one for one in self.site.deliveries(self.account) if one.attempts]
        return len(heard) - len(settled)

    def _hear_the_last(self) -> None:
        """What a dead worker sent is heard a little later, on a busy machine after more than a moment."""
        for _ in range(10):
            heard = len(self.receiver.heard)
            sleep(0.3)
            if len(self.receiver.heard) == heard:
                break

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


@pytest.fixture
def start(begin: Begin, site: Site) -> Callable[[], Child]:
    return partial(begin, site.settings.database, site.settings.data_dir)


def test_a_killed_worker_that_is_started_again_goes_on_where_it_was(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver)
    in_flight = scene.kill(start())

    start()
    waited = scene.seconds_until_next()
    doubled = scene.doubled()

    assert waited < RECOVERY_SECONDS
    assert 0 < doubled <= in_flight


def test_another_worker_takes_over_from_a_killed_one(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver)
    first, _ = start(), start()
    scene.kill(first)
    doubled = scene.doubled()

    # the other one goes on while we look, so what was in flight is only known by its bound
    assert doubled <= Limits().per_endpoint


def test_killed_again_and_again_it_still_loses_nothing(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver)
    in_flight = sum(scene.kill(start(), after=number * EVENTS // 6) for number in range(1, 5))

    start()
    doubled = scene.doubled()

    assert 0 < doubled <= in_flight


def test_a_crashed_database_loses_nothing_either(tmp_path: Path, receiver: Receiver) -> None:
    with running_postgres(durable=True) as server:
        site = Site(server.create(template="lacre_template"), tmp_path / "data", time_scale=20)
        scene = Scene(site, receiver)
        with site.at_work():
            receiver.wait_for(EVENTS // 3, seconds=20)
            server.crash()
            waited = scene.seconds_until_next()
            doubled = scene.doubled()
        site.close()

    assert waited < RECOVERY_SECONDS
    assert doubled <= Limits().per_endpoint
