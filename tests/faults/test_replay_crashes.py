"""kill -9 of workers in mid-replay: what it tells is told once, whatever was cut off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic, sleep

import pytest

from lacre.engines import clock
from lacre.kit.ids import AccountId
from lacre.webhooks import actions, replaying
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.replay import Replay, ReplayStatus, Scope, Wanted
from tests.faults.test_delivery_crashes import start
from tests.support.nursery import Child
from tests.support.receiver import Receiver
from tests.support.working import Site, eventually

EVENTS = replaying.PAGE * 3 + 17
PATIENCE_SECONDS = 90.0

__all__ = ["start"]
pytestmark = pytest.mark.slow


class Scene:
    """An endpoint that came late, and is paused: what a replay makes for it stays where it can be counted."""

    def __init__(self, site: Site, url: str, *, events: int = EVENTS) -> None:
        self.site = site
        self.began = clock.now()
        self.account: AccountId = site.account()
        self.events = site.announce(self.account, events)
        self.endpoint: Endpoint = site.subscribe(self.account, url)
        with site.store.open_work() as work:
            actions.pause(work, self.endpoint)

    def ask(self) -> Replay:
        with self.site.store.open_work() as work:
            wanted = Wanted(since=self.began, scope=Scope.MISSING)
            return replaying.ask(work, self.account, wanted, by="cli", now=clock.now())

    def look(self, asked: Replay) -> Replay:
        with self.site.store.open_work() as work:
            return work.replays.glance(asked.id)

    def wait_for(self, asked: Replay, events: int) -> None:
        until = monotonic() + PATIENCE_SECONDS
        while self.look(asked).events < events and monotonic() < until:
            sleep(0.001)

    def made(self) -> Counter[str]:
        return Counter(one.event_id for one in self.site.deliveries(self.account))

    def made_any(self) -> bool:
        with self.site.store.open_work() as work:
            return bool(work.deliveries.search(self.account, DeliveryFilter(), limit=1))


def test_killed_again_and_again_a_replay_tells_each_event_once(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver.url)
    asked = scene.ask()
    for page in range(1, 3):
        worker = start()
        scene.wait_for(asked, replaying.PAGE * page)
        # in the middle of the next page, more or less
        sleep(0.01 * page)
        worker.kill()

    start()
    eventually(lambda: not scene.look(asked).running, seconds=PATIENCE_SECONDS)

    done = scene.look(asked)
    assert scene.made() == Counter(scene.events)
    assert (done.status, done.events, done.deliveries) == (ReplayStatus.DONE, EVENTS, EVENTS)


def test_two_workers_and_one_that_dies_tell_each_event_once(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    scene = Scene(site, receiver.url)
    asked, again = scene.ask(), scene.ask()
    first, _ = start(), start()
    scene.wait_for(asked, replaying.PAGE)
    first.kill()
    eventually(lambda: not scene.look(asked).running, seconds=PATIENCE_SECONDS)

    assert again.id == asked.id
    assert scene.made() == Counter(scene.events)


def test_a_replay_stopped_while_it_runs_leaves_nothing_that_nobody_tried(
    site: Site, receiver: Receiver, start: Callable[[], Child]
) -> None:
    # long enough that it still runs when the writer of the stop gets its turn
    scene = Scene(site, receiver.url, events=replaying.PAGE * 8)
    asked = scene.ask()
    start()
    scene.wait_for(asked, replaying.PAGE)
    with site.store.open_work() as work:
        stopped = replaying.stop(work, scene.account, asked.id, now=clock.now())
    assert stopped.status is ReplayStatus.STOPPED
    eventually(lambda: not scene.made_any(), seconds=PATIENCE_SECONDS)

    assert scene.look(asked).events == stopped.events
    assert scene.look(asked).deliveries == 0
