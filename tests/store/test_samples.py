"""A sample goes out at once, wherever its endpoint stands, and means nothing for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as changed
from pathlib import Path

import pytest
from msgspec.structs import replace

from lacre.kit.ids import DeliveryId
from lacre.store.opening import Store
from lacre.webhooks.endpoint import Endpoint, Standing
from lacre.webhooks.lane import Ordering
from lacre.webhooks.rates import HOUR
from lacre.webhooks.repositories import Held, Settled
from lacre.webhooks.sample import send_sample
from tests.store.test_deliveries import claim, endpoint, failed, owe, settle
from tests.store.test_health import fail, standing
from tests.store.test_isolation import delivered
from tests.support.kept import NOW, SECOND, SettableClock, an_account, an_endpoint, open_store


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database_url, tmp_path / "data", clock=SettableClock())
    yield opened
    opened.close()


@pytest.fixture
def ill(store: Store) -> Endpoint:
    """Nobody is found there, and much waits."""
    with store.open_work() as work:
        account_id = an_account(work)
    one = endpoint(store, account_id)
    owe(store, one, 9)
    fail(store, claim(store, limit=5), now=NOW)
    return one


def test_a_sample_is_the_first_to_go_where_nobody_was_found(store: Store, ill: Endpoint) -> None:
    assert standing(store, ill) is Standing.RESTING

    sent = send(store, ill)

    assert [held.delivery.id for held in claim(store, now=NOW + SECOND)] == [sent]


@pytest.mark.parametrize("ordering", [Ordering.ENDPOINT, Ordering.SUBJECT])
def test_a_sample_goes_beside_what_stands_in_line(store: Store, ordering: Ordering) -> None:
    with store.open_work() as work:
        ordered = changed(an_endpoint(an_account(work), types=("nothing by itself",)), ordering=ordering)
        work.endpoints.add(ordered)
    owe(store, ordered, 2)
    (first,) = claim(store)
    settle(store, failed(first, due_at=NOW + HOUR))

    sent = send(store, ordered)
    (held,) = claim(store)
    settle(store, of_sample(held))

    assert held.delivery.id == sent
    assert claim(store) == []
    assert [one.delivery.id for one in claim(store, now=NOW + HOUR)] == [first.delivery.id]


def test_a_sample_that_arrives_says_nothing_of_what_does_not(store: Store, ill: Endpoint) -> None:
    send(store, ill)

    (held,) = claim(store, now=NOW + SECOND)
    settle(store, of_sample(held))

    with store.open_work() as work:
        found = work.endpoints.get(ill.account_id, ill.id)
        hours = work.hours.of(ill.id, since=NOW - HOUR)
    assert found.health.failures == 5
    assert [(one.delivered, one.failed) for one in hours] == [(0, 5)]


def send(store: Store, to: Endpoint) -> DeliveryId:
    with store.open_work() as work:
        return send_sample(work, to, "signing.test", {}, now=NOW)


def of_sample(held: Held) -> Settled:
    return replace(delivered(held), sample=True)
