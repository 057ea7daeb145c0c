"""Due deliveries are claimed fairly, held by one worker at a time, and settled only by who holds them."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from lacre.kit.ids import AccountId, DeliveryId, EventId
from lacre.store.opening import Store
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.repositories import Held, Settled
from tests.store.test_isolation import delivered
from tests.support.kept import NOW, SECOND, an_account, an_endpoint, an_event


@pytest.fixture
def account_id(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work)


def test_what_is_claimed_is_claimed_once(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 3)

    assert len(claim(store)) == 3
    assert claim(store) == []


def test_no_retry_is_claimed_before_it_is_due(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 1)
    (held,) = claim(store)
    settle(store, failed(held, due_at=NOW + SECOND))

    assert claim(store) == []
    assert len(claim(store, now=NOW + SECOND)) == 1


def test_what_is_new_is_due_at_once_also_when_the_clock_was_set_back_since(
    store: Store, account_id: AccountId
) -> None:
    owe(store, endpoint(store, account_id), 1)

    assert len(claim(store, now=NOW - timedelta(hours=3))) == 1


@pytest.mark.parametrize("status", [EndpointStatus.PAUSED, EndpointStatus.DISABLED])
def test_deliveries_wait_while_their_endpoint_is_not_active(
    store: Store, account_id: AccountId, status: EndpointStatus
) -> None:
    quiet = endpoint(store, account_id)
    owe(store, quiet, 1)

    set_status(store, quiet, status)
    while_quiet = claim(store)
    set_status(store, quiet, EndpointStatus.ACTIVE)

    assert while_quiet == []
    assert len(claim(store)) == 1


def test_an_endpoint_never_has_more_in_hand_than_its_cap(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 9)

    first, second = claim(store, per_endpoint=4), claim(store, per_endpoint=4)
    settle(store, delivered(first[0]))

    assert (len(first), len(second), len(claim(store, per_endpoint=4))) == (4, 0, 1)


def test_a_backlog_takes_only_its_share(store: Store, account_id: AccountId) -> None:
    busy, *others = [endpoint(store, account_id) for _ in range(4)]
    owe(store, busy, 50)
    for other in others:
        owe(store, other, 2)

    shares = Counter(held.endpoint.id for held in claim(store, limit=12))

    assert [shares[other.id] for other in others] == [2, 2, 2]
    assert shares[busy.id] == 6


def test_every_endpoint_comes_round_however_few_are_taken_at_once(
    store: Store, account_id: AccountId
) -> None:
    endpoints = [endpoint(store, account_id) for _ in range(7)]
    for one in endpoints:
        owe(store, one, 5)

    served = [held.endpoint.id for _ in range(4) for held in claim(store, limit=2)]

    assert len(set(served)) == 7


def test_what_was_never_tried_goes_before_retries(store: Store, account_id: AccountId) -> None:
    listening = endpoint(store, account_id)
    owe(store, listening, 1)
    (tried,) = claim(store)
    settle(store, failed(tried, due_at=NOW - SECOND))
    owe(store, listening, 1)

    first, second = claim(store, limit=1), claim(store, limit=1)

    assert second[0].delivery.id == tried.delivery.id
    assert first[0].delivery.attempts == 0


def test_a_failed_delivery_is_due_again_when_it_was_told_to_be(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 1)
    (held,) = claim(store)

    settle(store, failed(held, due_at=NOW + SECOND))

    assert claim(store) == []
    (again,) = claim(store, now=NOW + SECOND)
    assert (again.delivery.id, again.delivery.attempts) == (held.delivery.id, 1)


def test_only_who_holds_a_delivery_settles_it(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 1)
    (held,) = claim(store)

    settle(store, delivered(held), worker_id="another")

    with store.open_work() as work:
        assert work.deliveries.get(account_id, held.delivery.id).status is DeliveryStatus.HELD
        assert work.deliveries.attempts(account_id, held.delivery.id) == []


def test_a_settled_delivery_says_how_it_went(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 1)
    (held,) = claim(store)
    settled = delivered(held)

    settle(store, settled)

    with store.open_work() as work:
        assert work.deliveries.attempts(account_id, held.delivery.id) == [settled.attempt]
        (listed,) = work.deliveries.search(account_id, DeliveryFilter(), limit=9)
    assert (listed.delivery.status, listed.delivery.settled_at) == (DeliveryStatus.DELIVERED, NOW)
    assert (listed.event_type, listed.subject_id, listed.last_status_code) == ("signing.test", "subject", 200)


def test_settling_may_disable_the_endpoint(store: Store, account_id: AccountId) -> None:
    listening = endpoint(store, account_id)
    owe(store, listening, 2)
    held, _ = claim(store)

    settle(store, failed(held, due_at=NOW, disable=listening))

    with store.open_work() as work:
        assert work.endpoints.get(account_id, listening.id).status is EndpointStatus.DISABLED


def test_what_is_given_back_can_be_claimed_at_once(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 3)
    held = claim(store)

    with store.open_work() as work:
        work.deliveries.release("another", [held[0].delivery.id])
        work.deliveries.release("worker", [held[1].delivery.id])
        strays = work.deliveries.release_strays("worker", {held[0].delivery.id})

    assert strays == 1
    assert {one.delivery.id for one in claim(store)} == {held[1].delivery.id, held[2].delivery.id}


def test_what_others_were_given_is_held_no_more(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 2)
    kept, lost = (one.delivery.id for one in claim(store))

    with store.open_work() as work:
        work.deliveries.release("worker", [lost])
        mine = work.deliveries.still_held("worker", [kept, lost])
        others = work.deliveries.still_held("another", [kept, lost])

    assert (mine, others) == ({kept}, set())


def test_a_waiting_delivery_can_be_hurried(store: Store, account_id: AccountId) -> None:
    (delivery_id,) = owe(store, endpoint(store, account_id), 1, due_at=NOW + timedelta(hours=9))

    with store.open_work() as work:
        work.replays.hurry(account_id, [delivery_id], now=NOW)

    assert len(claim(store)) == 1


def test_a_list_is_narrowed_by_what_is_asked(store: Store, account_id: AccountId) -> None:
    one, other = endpoint(store, account_id), endpoint(store, account_id)
    (first,) = owe(store, one, 1, subject_id="a")
    (second,) = owe(store, other, 1, subject_id="b")
    settle(store, delivered(claim(store, limit=1)[0]))

    def found(which: DeliveryFilter) -> set[DeliveryId]:
        with store.open_work() as work:
            listed = work.deliveries.search(account_id, which, limit=9)
            assert work.deliveries.count(account_id, which, most=9) == len(listed)
        return {each.delivery.id for each in listed}

    assert found(DeliveryFilter()) == {first, second}
    assert found(DeliveryFilter(endpoint_id=one.id)) == {first}
    assert found(DeliveryFilter(subject_id="b")) == {second}
    assert len(found(DeliveryFilter(statuses=(DeliveryStatus.DELIVERED,)))) == 1


def test_many_workers_never_take_the_same_nor_break_the_cap(store: Store, account_id: AccountId) -> None:
    for _ in range(3):
        owe(store, endpoint(store, account_id), 40)
    ready = threading.Barrier(4)

    def work(name: str) -> list[Held]:
        ready.wait()
        return [held for _ in range(5) for held in claim(store, worker_id=name, limit=9, per_endpoint=10)]

    with ThreadPoolExecutor(4) as pool:
        held = [one for found in pool.map(work, "abcd") for one in found]

    assert len({one.delivery.id for one in held}) == len(held)
    assert max(Counter(one.endpoint.id for one in held).values()) <= 10


def endpoint(store: Store, account_id: AccountId) -> Endpoint:
    with store.open_work() as work:
        added = an_endpoint(account_id, types=("nothing by itself",))
        work.endpoints.add(added)
    return added


def owe(
    store: Store, to: Endpoint, count: int, *, due_at: datetime = NOW, subject_id: str = "subject"
) -> list[DeliveryId]:
    with store.open_work() as work:
        event_id: EventId = work.announce(an_event(to.account_id, subject_id=subject_id))
        return [work.deliveries.add(event_id, to, now=due_at, replay_of=None) for _ in range(count)]


def claim(
    store: Store, *, worker_id: str = "worker", now: datetime = NOW, limit: int = 99, per_endpoint: int = 99
) -> list[Held]:
    with store.open_work() as work:
        return list(work.deliveries.claim(worker_id, now=now, limit=limit, per_endpoint=per_endpoint))


def settle(store: Store, settled: Settled, *, worker_id: str = "worker") -> None:
    with store.open_work() as work:
        work.deliveries.settle(worker_id, [settled])


def failed(held: Held, *, due_at: datetime, disable: Endpoint | None = None) -> Settled:
    good = delivered(held)
    return Settled(
        delivery_id=held.delivery.id,
        endpoint_id=held.endpoint.id,
        attempt=replace(good.attempt, ok=False),
        status=DeliveryStatus.WAITING,
        due_at=due_at,
        disable_endpoint=disable is not None,
    )


def set_status(store: Store, changed: Endpoint, status: EndpointStatus) -> None:
    with store.open_work() as work:
        found = work.endpoints.get(changed.account_id, changed.id)
        found.status = status
        work.endpoints.save(found)
