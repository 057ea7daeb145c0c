"""A type that failed to the end is told no more; resumed, what was given up with it goes on, in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from msgspec import structs

from lacre.kit.ids import AccountId, DeliveryId
from lacre.store.opening import Store
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.lane import Ordering
from lacre.webhooks.repositories import Held
from tests.store.test_isolation import delivered
from tests.support.kept import NOW, an_account, an_endpoint, an_event

WAITING, QUEUED = DeliveryStatus.WAITING, DeliveryStatus.QUEUED
DELIVERED, DISCARDED = DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED
OTHER = "envelope.other"


@pytest.fixture
def account_id(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work)


def test_what_was_sent_again_by_hand_meanwhile_is_not_taken_up(store: Store, account_id: AccountId) -> None:
    ill = subscribed(store, account_id)
    first, by_hand, left = told(store, ill, 3)
    fail_to_the_end(store, claim(store, limit=1))
    with store.open_work() as work:
        again = actions.retry(work, account_id, by_hand, now=NOW)
    deliver(store, claim(store))

    resume(store, ill)

    assert states(store, ill) == {first: DISCARDED, by_hand: DISCARDED, again: DELIVERED, left: WAITING}


def test_what_is_taken_up_stands_in_order_again(store: Store, account_id: AccountId) -> None:
    ill = subscribed(store, account_id, Ordering.SUBJECT)
    first, second, third = told(store, ill, 3)
    fail_to_the_end(store, claim(store))

    resume(store, ill)
    newest, *_ = told(store, ill, 1)

    assert states(store, ill) == {first: DISCARDED, second: WAITING, third: QUEUED, newest: QUEUED}
    assert [deliver(store, claim(store)) for _ in range(4)] == [[second], [third], [newest], []]


def test_those_behind_it_are_given_up_with_it_and_other_types_go_on(
    store: Store, account_id: AccountId
) -> None:
    ill = subscribed(store, account_id, Ordering.ENDPOINT)
    first, second = told(store, ill, 2)
    other, *_ = told(store, ill, 1, of=OTHER)

    fail_to_the_end(store, claim(store))

    assert states(store, ill) == {first: DISCARDED, second: DISCARDED, other: WAITING}


# ── what a test does ─────────────────────────────────────────────────────────


def subscribed(store: Store, account_id: AccountId, ordering: Ordering = Ordering.NONE) -> Endpoint:
    with store.open_work() as work:
        added = dataclasses.replace(an_endpoint(account_id), ordering=ordering)
        work.endpoints.add(added)
    return added


def told(store: Store, endpoint: Endpoint, count: int, *, of: str = "signing.test") -> list[DeliveryId]:
    """One after the other, about the same subject."""
    happened = an_event(endpoint.account_id, kind=of)
    found = []
    for _ in range(count):
        with store.open_work() as work:
            which = DeliveryFilter(event_id=work.announce(happened), endpoint_id=endpoint.id)
            (listed,) = work.deliveries.search(endpoint.account_id, which, limit=1)
            found.append(listed.delivery.id)
    return found


def claim(store: Store, *, limit: int = 99) -> list[Held]:
    with store.open_work() as work:
        return list(work.deliveries.claim("worker", now=NOW, limit=limit, per_endpoint=99))


def deliver(store: Store, held: Sequence[Held]) -> list[DeliveryId]:
    with store.open_work() as work:
        work.deliveries.settle("worker", [delivered(one) for one in held])
    return [one.delivery.id for one in held]


def fail_to_the_end(store: Store, held: Sequence[Held]) -> None:
    (one,) = held
    arrived = delivered(one)
    attempt = structs.replace(arrived.attempt, ok=False, status_code=500)
    failed = structs.replace(arrived, attempt=attempt, status=DISCARDED, stop_type=one.kept.event.type)
    with store.open_work() as work:
        work.deliveries.settle("worker", [failed])


def resume(store: Store, endpoint: Endpoint) -> None:
    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(endpoint.account_id, endpoint.id), now=NOW)


def states(store: Store, endpoint: Endpoint) -> dict[DeliveryId, DeliveryStatus]:
    with store.open_work() as work:
        which = DeliveryFilter(endpoint_id=endpoint.id)
        found = work.deliveries.search(endpoint.account_id, which, limit=99)
    return {one.delivery.id: one.delivery.status for one in found}
