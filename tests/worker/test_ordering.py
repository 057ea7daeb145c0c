"""What an ordered endpoint hears is in order, through failures and with several workers; a rate is kept."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

from lacre.kit.ids import AccountId, EventId
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Promise
from lacre.webhooks.rate import Rate
from tests.support.receiver import Answer, Heard, Receiver, once, status
from tests.support.working import Site, eventually

SUBJECTS, EACH = "abc", 8
SETTLED = {DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED}
WORKERS = {"sqlite": 1, "postgresql": 2}


class Moody:
    """Says 500 to what it hears, never, once, or until it is given up; keeps what it heard and accepted."""

    def __init__(self) -> None:
        self._chance = Random(7)  # noqa: S311 - a mood, no secret
        self._lock = threading.Lock()
        self._refusals: dict[str, int] = {}
        self.heard: list[tuple[str, bool]] = []

    def __call__(self, heard: Heard) -> Answer:
        event_id = heard.json["id"]
        with self._lock:
            left = self._refusals.get(event_id)
            left = self._chance.choice((0, 0, 1, 3)) if left is None else left
            self._refusals[event_id] = left - 1
            self.heard.append((event_id, left <= 0))
        return status(200 if left <= 0 else 500)


def told_in_turns(site: Site, account: AccountId, *, while_at_work: int) -> dict[str, list[EventId]]:
    """By subject, its events in the order of their commits."""
    told: dict[str, list[EventId]] = defaultdict(list)
    for _ in range(while_at_work):
        for subject in SUBJECTS:
            told[subject] += site.announce(account, subject_id=subject)
    return told


def hurried(site: Site) -> None:
    """Two quick retries, then it is given up: both ends are seen."""
    site.plain.promised = Promise(waits=(timedelta(seconds=1),) * 2, deadline_seconds=5)


def all_settled(site: Site, account: AccountId) -> Callable[[], bool]:
    return lambda: site.statuses(account) <= SETTLED


def run(
    site: Site, receiver: Receiver, ordering: Ordering
) -> tuple[Moody, AccountId, dict[str, list[EventId]]]:
    hurried(site)
    mood, account = Moody(), site.account()
    receiver.chooses(mood)
    site.subscribe(account, receiver.url, ordering=ordering)
    told = told_in_turns(site, account, while_at_work=EACH // 2)
    with ExitStack() as hands:
        for _ in range(WORKERS[site.settings.database.partition(":")[0]]):
            hands.enter_context(site.at_work())
        for subject, more in told_in_turns(site, account, while_at_work=EACH // 2).items():
            told[subject] += more
        eventually(all_settled(site, account), seconds=60)
    return mood, account, told


def test_each_subject_hears_in_order_though_many_attempts_fail(site: Site, receiver: Receiver) -> None:
    mood, account, told = run(site, receiver, Ordering.SUBJECT)

    for events in told.values():
        assert_in_order(mood, events)
    assert site.statuses(account) == SETTLED


def test_a_whole_endpoint_hears_in_order_though_many_attempts_fail(site: Site, receiver: Receiver) -> None:
    mood, account, told = run(site, receiver, Ordering.ENDPOINT)

    assert_in_order(mood, [one for row in zip(*told.values(), strict=True) for one in row])
    assert site.statuses(account) == SETTLED


def test_a_lane_that_waits_holds_up_no_other(site: Site, receiver: Receiver) -> None:
    account = site.account()
    receiver.chooses(lambda heard: status(500 if heard.json["number"] == 0 else 200))
    site.subscribe(account, receiver.url, ordering=Ordering.SUBJECT)
    site.plain.promised = replace(site.plain.promised, waits=(timedelta(hours=1),))
    site.announce(account, 3, subject_id="fails at once")

    with site.at_work():
        receiver.wait_for(1)
        for number in range(5):
            site.announce(account, 2, subject_id=f"s{number}")
        eventually(lambda: len(receiver.heard) == 6)

    assert {one.json["number"] for one in receiver.heard} == {0}


def test_a_rate_is_kept_over_all_workers(site: Site, receiver: Receiver) -> None:
    account = site.account()
    limit = Rate(count=20)
    site.subscribe(account, receiver.url, rate=limit)
    site.announce(account, 100)

    with site.at_work(), site.at_work():
        heard = [one.at for one in receiver.wait_for(60)]

    for start in range(0, 60, 7):
        within = [at for at in heard if heard[start] <= at < heard[start] + 2]
        assert len(within) <= 2 * limit.count + 2 * limit.at_once
    assert 2.2 < heard[-1] - heard[0] < 30


def test_an_account_that_hangs_leaves_half_of_the_worker_to_others(site: Site, receiver: Receiver) -> None:
    account, other = site.account(), site.account()
    free = threading.Event()
    site.plain.promised = replace(site.plain.promised, deadline_seconds=100)
    with Receiver() as dead:
        dead.answers(once(free, status(200)))
        for number in range(10):
            site.subscribe(account, f"{dead.url}{number}")
        site.subscribe(other, receiver.url)
        site.announce(account, 5)
        with site.at_work(at_once=20):
            dead.wait_for(10)
            site.announce(other, 10)
            receiver.wait_for(10)
            busy = len(dead.heard)
            free.set()

    assert busy == 10


def assert_in_order(mood: Moody, events: list[EventId]) -> None:
    """One is heard only after the one before was accepted, or was heard for the last time and refused."""
    places = {event: [at for at, (one, _) in enumerate(mood.heard) if one == event] for event in events}
    for one, next_one in pairwise(events):
        assert max(places[one]) < min(places[next_one])
    accepted = [one for one, accepts in mood.heard if accepts and one in places]
    assert accepted == [one for one in events if one in accepted]
