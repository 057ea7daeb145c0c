"""Workers that claim at the same moment get something each; PostgreSQL alone has several at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from lacre.kit.ids import EndpointId
from lacre.store.opening import Store
from lacre.webhooks.repositories import Deliveries
from tests.store.test_deliveries import endpoint, owe
from tests.support.kept import NOW, an_account


def test_who_comes_while_another_claims_knows_that_there_was_more(nodes: tuple[Store, Store]) -> None:
    first, second = nodes
    owed(first, endpoints=4, each=1)

    with first.open_work() as one, second.open_work() as other:
        taken, nothing = claimed(one.deliveries, "a"), claimed(other.deliveries, "b")
        missed = one.deliveries.missed, other.deliveries.missed

    assert (len(taken), nothing, missed) == (4, set(), (False, True))


def test_who_met_another_leaves_half_of_the_endpoints_to_it(nodes: tuple[Store, Store]) -> None:
    first, second = nodes
    owed(first, endpoints=4, each=2)
    with first.open_work() as one, second.open_work() as other:
        one.deliveries.claim("a", now=NOW, limit=4, per_endpoint=1)
        claimed(other.deliveries, "b")

    with second.open_work() as other, first.open_work() as one:
        half, rest = claimed(other.deliveries, "b"), claimed(one.deliveries, "a")

    assert (len(half), len(rest), half & rest) == (2, 2, set())


def test_a_worker_that_shares_comes_round_to_all(nodes: tuple[Store, Store]) -> None:
    first, second = nodes
    owed(first, endpoints=5, each=1)
    with first.open_work() as one, second.open_work() as other:
        one.deliveries.claim("a", now=NOW, limit=9, per_endpoint=9, per_account=1)
        claimed(other.deliveries, "b")

    came: set[EndpointId] = set()
    for _ in range(4):
        with second.open_work() as other:
            came |= claimed(other.deliveries, "b")

    assert len(came) == 4


@pytest.mark.parametrize(("lasting", "waited_for"), [(False, "off"), (True, "on")])
def test_the_disk_is_waited_for_only_by_what_must_last(
    nodes: tuple[Store, Store], lasting: bool, waited_for: str
) -> None:
    store, _ = nodes
    owed(store, endpoints=1, each=1)

    with store.open_work() as work:
        work.deliveries.claim("a", now=NOW, limit=9, per_endpoint=9, lasting=lasting)
        said = work.deliveries._transaction.read(text("SHOW synchronous_commit")).scalar_one()
    with store.open_work() as work:
        afterwards = work.deliveries._transaction.read(text("SHOW synchronous_commit")).scalar_one()

    assert (said, afterwards) == (waited_for, "on")


def owed(store: Store, *, endpoints: int, each: int) -> None:
    with store.open_work() as work:
        account_id = an_account(work)
    for _ in range(endpoints):
        owe(store, endpoint(store, account_id), each)


def claimed(deliveries: Deliveries, worker_id: str) -> set[EndpointId]:
    held = deliveries.claim(worker_id, now=NOW, limit=99, per_endpoint=99)
    return {one.endpoint.id for one in held}
