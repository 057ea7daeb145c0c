"""An ordered endpoint is told one thing at a time, in the order of the commits, whoever works at it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from msgspec import structs
from sqlalchemy import update

from lacre.kit.ids import AccountId, DeliveryId
from lacre.store.lanes import MOST_OPEN
from lacre.store.opening import Store
from lacre.store.tables import delivery
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.errors import BehindAnother, TooMuchWaits
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.lane import Ordering
from lacre.webhooks.repositories import Settled
from tests.store.test_deliveries import claim, failed, settle
from tests.store.test_isolation import delivered
from tests.support.kept import NOW, an_account, an_endpoint, an_event

DELIVERED, DISCARDED = DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED
HELD, QUEUED, WAITING = DeliveryStatus.HELD, DeliveryStatus.QUEUED, DeliveryStatus.WAITING
HOUR = timedelta(hours=1)


@pytest.fixture
def account_id(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work)


@pytest.fixture
def ordered(store: Store, account_id: AccountId) -> Endpoint:
    return subscribed(store, account_id, Ordering.ENDPOINT)


def test_only_the_first_of_a_lane_is_claimed(store: Store, ordered: Endpoint) -> None:
    first, second, third = told(store, ordered, "aaa")

    assert claimed(store) == [first]
    assert states(store, ordered) == {first: HELD, second: QUEUED, third: QUEUED}
    assert claimed(store) == []


def test_the_next_goes_once_the_first_is_delivered(store: Store, ordered: Endpoint) -> None:
    deliveries = told(store, ordered, "aaa")

    went = [one for _ in deliveries for one in claimed_and(store, DELIVERED)]

    assert went == deliveries
    assert set(states(store, ordered).values()) == {DELIVERED}


def test_the_next_goes_once_the_first_is_given_up(store: Store, ordered: Endpoint) -> None:
    first, second = told(store, ordered, "aa")

    claimed_and(store, DISCARDED)

    assert states(store, ordered) == {first: DISCARDED, second: WAITING}


def test_nobody_overtakes_one_that_is_tried_again_later(store: Store, ordered: Endpoint) -> None:
    first, second = told(store, ordered, "aa")
    (held,) = claim(store)

    settle(store, failed(held, due_at=NOW + HOUR))
    (third,) = told(store, ordered, "a")

    assert claimed(store) == []
    assert [one.delivery.id for one in claim(store, now=NOW + HOUR)] == [first]
    assert (states(store, ordered)[second], states(store, ordered)[third]) == (QUEUED, QUEUED)


def test_subjects_do_not_wait_for_each_other(store: Store, account_id: AccountId) -> None:
    by_subject = subscribed(store, account_id, Ordering.SUBJECT)
    first_a, second_a, first_b = told(store, by_subject, "aab")

    assert set(claimed(store)) == {first_a, first_b}
    assert states(store, by_subject)[second_a] is QUEUED


def test_other_endpoints_do_not_wait(store: Store, account_id: AccountId, ordered: Endpoint) -> None:
    free = subscribed(store, account_id, Ordering.NONE)

    told(store, ordered, "aaa")

    assert list(states(store, free).values()) == [WAITING] * 3


def test_what_one_transaction_tells_keeps_its_order(store: Store, ordered: Endpoint) -> None:
    with store.open_work() as work:
        events = [work.announce(an_event(ordered.account_id)) for _ in range(5)]

    went = [store_event(store, ordered, one) for _ in events for one in claimed_and(store, DELIVERED)]

    assert went == events


def test_what_is_told_again_joins_the_end(store: Store, ordered: Endpoint) -> None:
    first, *_ = told(store, ordered, "aaa")
    claimed_and(store, DISCARDED)

    with store.open_work() as work:
        again = actions.retry(work, ordered.account_id, first, now=NOW)
    went = [one for _ in range(3) for one in claimed_and(store, DELIVERED)]

    assert went[-1] == again


def test_one_behind_another_cannot_be_hurried(store: Store, ordered: Endpoint) -> None:
    _, second = told(store, ordered, "aa")

    with pytest.raises(BehindAnother), store.open_work() as work:
        actions.retry(work, ordered.account_id, second, now=NOW)


def test_what_a_worker_gives_back_stays_the_first(store: Store, ordered: Endpoint) -> None:
    first, _ = told(store, ordered, "aa")

    claimed(store)
    with store.open_work() as work:
        work.deliveries.release("worker", [first])

    assert claimed(store) == [first]


def test_what_a_dead_worker_held_stays_the_first(store: Store, ordered: Endpoint) -> None:
    first, _ = told(store, ordered, "aa")

    claimed(store)
    with store.open_work() as work:
        work.workers.gone(at=0)

    assert claimed(store) == [first]


def test_a_pause_keeps_the_order(store: Store, ordered: Endpoint) -> None:
    first, second = told(store, ordered, "aa")
    with store.open_work() as work:
        actions.pause(work, ordered)
    (third,) = told(store, ordered, "a")

    while_paused = claimed(store)
    with store.open_work() as work:
        actions.resume(work, ordered, now=NOW)

    assert while_paused == []
    assert [one for _ in range(3) for one in claimed_and(store, DELIVERED)] == [first, second, third]


def test_nothing_more_goes_to_a_deleted_endpoint(store: Store, ordered: Endpoint) -> None:
    told(store, ordered, "aa")
    (held,) = claim(store)

    with store.open_work() as work:
        actions.remove(work, ordered, now=NOW)
    settle(store, delivered(held))

    assert claimed(store) == []


# ── another order ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after", "go"),
    [
        (Ordering.NONE, Ordering.ENDPOINT, [0]),
        (Ordering.NONE, Ordering.SUBJECT, [0, 1]),
        (Ordering.ENDPOINT, Ordering.SUBJECT, [0, 1]),
        (Ordering.SUBJECT, Ordering.ENDPOINT, [0]),
        (Ordering.SUBJECT, Ordering.NONE, [0, 1, 2, 3]),
        (Ordering.ENDPOINT, Ordering.NONE, [0, 1, 2, 3]),
    ],
)
def test_what_waits_lines_up_in_the_new_order(
    store: Store, account_id: AccountId, before: Ordering, after: Ordering, go: Sequence[int]
) -> None:
    endpoint = subscribed(store, account_id, before)
    deliveries = told(store, endpoint, "abab")

    arrange(store, endpoint, after)
    later = told(store, endpoint, "ab")

    free = {deliveries[place] for place in go} | (set(later) if after is Ordering.NONE else set())
    assert {one for one, state in states(store, endpoint).items() if state is WAITING} == free


def test_a_new_order_keeps_the_old_places(store: Store, account_id: AccountId) -> None:
    endpoint = subscribed(store, account_id, Ordering.SUBJECT)
    deliveries = told(store, endpoint, "abbab")

    arrange(store, endpoint, Ordering.ENDPOINT)
    arrange(store, endpoint, Ordering.SUBJECT)
    arrange(store, endpoint, Ordering.ENDPOINT)

    assert [one for _ in deliveries for one in claimed_and(store, DELIVERED)] == deliveries


def test_what_was_out_before_the_order_is_waited_for(store: Store, account_id: AccountId) -> None:
    endpoint = subscribed(store, account_id, Ordering.NONE)
    told(store, endpoint, "aa")
    out = claim(store)
    (third,) = told(store, endpoint, "a")

    arrange(store, endpoint, Ordering.ENDPOINT)
    settle(store, delivered(out[0]))
    while_out = states(store, endpoint)[third]
    settle(store, delivered(out[1]))

    assert (while_out, states(store, endpoint)[third]) == (QUEUED, WAITING)


def test_what_was_out_in_order_and_fails_without_one_goes_again(store: Store, ordered: Endpoint) -> None:
    first, second = told(store, ordered, "aa")
    (held,) = claim(store)

    arrange(store, ordered, Ordering.NONE)
    settle(store, failed(held, due_at=NOW))

    assert set(claimed(store)) == {first, second}


def test_too_much_to_line_up_is_refused(store: Store, account_id: AccountId) -> None:
    endpoint = subscribed(store, account_id, Ordering.NONE)
    event = an_event(account_id)
    with store.open_work() as work:
        event_id = work.announce(event)
        work.deliveries.add_for_all(event_id, [endpoint] * MOST_OPEN, event, position=0)

    with pytest.raises(TooMuchWaits):
        arrange(store, endpoint, Ordering.ENDPOINT)


# ── nobody is stranded ───────────────────────────────────────────────────────


def test_many_who_add_and_settle_at_once_strand_nobody(store: Store, account_id: AccountId) -> None:
    """Each adds and works in turns that chance makes, so that both meet at the end of a lane."""
    endpoint = subscribed(store, account_id, Ordering.SUBJECT)
    rounds, hands = 70, 3
    ready = threading.Barrier(hands)

    def work(name: int) -> list[DeliveryId]:
        chance, went = Random(name), []  # noqa: S311 - a schedule, no secret
        ready.wait()
        for _ in range(rounds):
            if chance.random() < 0.5:
                told(store, endpoint, chance.choice("aab"))
            went += claimed_and(store, DELIVERED, worker_id=str(name))
        return went

    with ThreadPoolExecutor(hands) as pool:
        list(pool.map(work, range(hands)))
    open_now = {state for state in states(store, endpoint).values() if state is not DELIVERED}
    while claimed_and(store, DELIVERED):
        pass

    assert open_now <= {WAITING, QUEUED}
    assert set(states(store, endpoint).values()) == {DELIVERED}
    with store.open_work() as work_:
        assert work_.deliveries.promote_stranded() == 0


def test_orders_change_while_others_add_and_settle(store: Store, account_id: AccountId) -> None:
    endpoint = subscribed(store, account_id, Ordering.NONE)
    over = threading.Event()

    def work(name: str) -> None:
        while not over.is_set():
            told(store, endpoint, "ab")
            claimed_and(store, DELIVERED, worker_id=name)

    with ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(work, name) for name in "xy"]
        for number in range(20):
            arrange(store, endpoint, list(Ordering)[number % 3])
        over.set()
        for one in busy:
            one.result()
    while claimed_and(store, DELIVERED):
        pass

    assert set(states(store, endpoint).values()) == {DELIVERED}


def test_a_stranded_lane_is_found_and_goes_on(store: Store, account_id: AccountId) -> None:
    """As if somebody had settled its first by hand, in SQL."""
    endpoint = subscribed(store, account_id, Ordering.SUBJECT)
    told(store, endpoint, "aabbc")
    with store.open_work() as work:
        heads = update(delivery).where(delivery.c.status == "waiting")
        work.deliveries._transaction.write(heads.values(status="discarded", lane=None, place=None))

    with store.open_work() as work:
        stranded = work.deliveries.promote_stranded()

    assert (stranded, len(claim(store))) == (2, 2)


def subscribed(store: Store, account_id: AccountId, ordering: Ordering) -> Endpoint:
    with store.open_work() as work:
        added = replace(an_endpoint(account_id), ordering=ordering)
        work.endpoints.add(added)
    return added


def told(store: Store, endpoint: Endpoint, subjects: str) -> list[DeliveryId]:
    """One event and one transaction for each letter."""
    deliveries = []
    for subject_id in subjects:
        with store.open_work() as work:
            event_id = work.announce(an_event(endpoint.account_id, subject_id=subject_id))
            which = DeliveryFilter(event_id=event_id, endpoint_id=endpoint.id)
            (listed,) = work.deliveries.search(endpoint.account_id, which, limit=1)
            deliveries.append(listed.delivery.id)
    return deliveries


def arrange(store: Store, endpoint: Endpoint, ordering: Ordering) -> None:
    with store.open_work() as work:
        work.deliveries.keep_still(endpoint.account_id, endpoint.id)
        actions.arrange(work, work.endpoints.get(endpoint.account_id, endpoint.id), ordering)


def claimed(store: Store) -> list[DeliveryId]:
    return [held.delivery.id for held in claim(store)]


def claimed_and(store: Store, status: DeliveryStatus, *, worker_id: str = "worker") -> list[DeliveryId]:
    """Claims what is due and settles it at once."""
    found = claim(store, worker_id=worker_id)
    settled: list[Settled] = [structs.replace(delivered(one), status=status) for one in found]
    with store.open_work() as work:
        work.deliveries.settle(worker_id, settled)
    return [held.delivery.id for held in found]


def states(store: Store, endpoint: Endpoint) -> dict[DeliveryId, DeliveryStatus]:
    with store.open_work() as work:
        which = DeliveryFilter(endpoint_id=endpoint.id)
        found = work.deliveries.search(endpoint.account_id, which, limit=10_000)
    return {one.delivery.id: one.delivery.status for one in found}


def store_event(store: Store, endpoint: Endpoint, delivery_id: DeliveryId) -> str:
    with store.open_work() as work:
        return work.deliveries.get(endpoint.account_id, delivery_id).event_id
