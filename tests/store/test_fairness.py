"""Caps on accounts and rates of endpoints hold over all workers, and new deliveries go before retries."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from lacre.kit.ids import AccountId
from lacre.store.claims import RETRIES_FIRST_EVERY
from lacre.store.opening import Store
from lacre.store.tables import delivery
from lacre.store.turns import STUCK_SECONDS
from lacre.webhooks import actions
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.errors import RateNotUsable
from lacre.webhooks.rate import Rate
from lacre.webhooks.repositories import Held
from tests.store.test_deliveries import endpoint, failed, owe, settle
from tests.store.test_isolation import delivered
from tests.support.kept import NOW, SECOND, an_account, an_endpoint

TEN = Rate(count=10)


@pytest.fixture
def account_id(store: Store) -> AccountId:
    return account(store, "Ana Ltda")


# ── endpoints ────────────────────────────────────────────────────────────────


def test_the_room_that_settling_makes_is_given_at_once(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 4)
    first, none = claim(store, per_endpoint=2), claim(store, per_endpoint=2)
    settle(store, delivered(first[0]))

    assert (len(first), len(none), len(claim(store, per_endpoint=2))) == (2, 0, 1)


def test_the_room_that_giving_back_makes_is_given_at_once(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 4)
    first, none = claim(store, per_endpoint=2), claim(store, per_endpoint=2)
    with store.open_work() as work:
        work.deliveries.release("worker", [first[0].delivery.id])

    assert (len(none), len(claim(store, per_endpoint=2))) == (0, 1)


def test_the_room_that_another_worker_makes_is_given_at_once(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 4)
    (others,) = claim(store, worker_id="other", per_endpoint=1)
    first, none = claim(store, per_endpoint=2), claim(store, per_endpoint=2)
    settle(store, delivered(others), worker_id="other")

    assert (len(first), len(none), len(claim(store, per_endpoint=2))) == (1, 0, 1)


def test_a_full_endpoint_is_looked_at_again_after_a_second(store: Store, account_id: AccountId) -> None:
    """Whoever called the worker dead gave back what it had."""
    owe(store, endpoint(store, account_id), 2)
    claim(store, per_endpoint=2)
    claim(store, per_endpoint=2)
    with store.open_work() as work:
        all_back = update(delivery).values(status="waiting", holder=None)
        work.deliveries._transaction.write(all_back)

    assert len(claim(store, per_endpoint=2, now=NOW + timedelta(seconds=STUCK_SECONDS + 0.1))) == 2


# ── accounts ─────────────────────────────────────────────────────────────────


def test_an_account_never_has_more_in_hand_than_its_cap(store: Store, account_id: AccountId) -> None:
    for _ in range(4):
        owe(store, endpoint(store, account_id), 5)

    first, second = claim(store, per_account=10), claim(store, per_account=10)
    settle(store, delivered(first[0]))

    assert (len(first), len(second), len(claim(store, per_account=10))) == (10, 0, 1)


def test_an_account_that_hangs_leaves_room_to_others(store: Store, account_id: AccountId) -> None:
    for _ in range(30):
        owe(store, endpoint(store, account_id), 3)
    other = endpoint(store, account(store, "Bruno ME"))
    claim(store, limit=20, per_account=10)
    owe(store, other, 3)

    # the first look may only find out that there is no room for what it found
    claimed = [one for _ in range(2) for one in claim(store, limit=5, per_account=10)]

    assert [one.endpoint.id for one in claimed] == [other.id] * 3


def test_what_an_account_may_still_have_goes_to_each_of_its_endpoints_in_turn(
    store: Store, account_id: AccountId
) -> None:
    endpoints = [endpoint(store, account_id) for _ in range(6)]
    for one in endpoints:
        owe(store, one, 9)

    served = set()
    for _ in range(6):
        (held,) = claim(store, per_account=1)
        served.add(held.endpoint.id)
        settle(store, delivered(held))

    assert served == {one.id for one in endpoints}


def test_a_claim_is_dealt_out_one_of_each_endpoint_in_turn(store: Store, account_id: AccountId) -> None:
    endpoints = [endpoint(store, account_id) for _ in range(3)]
    for one in endpoints:
        owe(store, one, 4)

    claimed = [one.endpoint.id for one in claim(store)]

    rounds = [set(claimed[first : first + 3]) for first in range(0, 12, 3)]
    assert rounds == [{one.id for one in endpoints}] * 4


def test_each_worker_has_room_of_its_own_for_an_account(store: Store, account_id: AccountId) -> None:
    for _ in range(8):
        owe(store, endpoint(store, account_id), 10)

    for name in "abc":
        claimed = [len(claim(store, worker_id=name, limit=99, per_account=20)) for _ in range(2)]
        assert claimed == [20, 0]


def test_many_workers_never_break_the_cap_of_an_endpoint(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 99)
    ready = threading.Barrier(4)

    def work(name: str) -> list[Held]:
        ready.wait()
        return [held for _ in range(5) for held in claim(store, worker_id=name, limit=7, per_endpoint=20)]

    with ThreadPoolExecutor(4) as pool:
        held = [one for found in pool.map(work, "abcd") for one in found]

    assert len(held) == 20


# ── new before retries ───────────────────────────────────────────────────────


def test_what_was_never_tried_goes_before_the_retries_of_other_endpoints(
    store: Store, account_id: AccountId
) -> None:
    failing, fresh = endpoint(store, account_id), endpoint(store, account_id)
    owe(store, failing, 6)
    for held in claim(store):
        settle(store, failed(held, due_at=NOW - SECOND))
    owe(store, fresh, 6)

    shares = [Counter(one.endpoint.id for one in claim(store, limit=4)) for _ in range(3)]

    assert shares == [{fresh.id: 4}, {fresh.id: 2, failing.id: 2}, {failing.id: 4}]


def test_retries_come_round_however_much_is_new(store: Store, account_id: AccountId) -> None:
    listening = endpoint(store, account_id)
    owe(store, listening, 1)
    (tried,) = claim(store)
    settle(store, failed(tried, due_at=NOW - SECOND))
    owe(store, listening, RETRIES_FIRST_EVERY)

    went = [one.delivery.id for _ in range(RETRIES_FIRST_EVERY) for one in claim(store, limit=1)]

    assert tried.delivery.id in went


# ── rates ────────────────────────────────────────────────────────────────────


def test_no_more_goes_at_once_than_the_rate_allows(store: Store, account_id: AccountId) -> None:
    owe(store, limited(store, account_id, TEN), 20)

    assert [len(claim(store, now=at(ms))) for ms in (0, 0, 99, 100, 350, 9000)] == [5, 0, 0, 1, 2, 5]


def test_a_clock_set_back_does_not_silence_an_endpoint_that_has_a_rate(
    store: Store, account_id: AccountId
) -> None:
    owe(store, limited(store, account_id, TEN), 20)
    claim(store)
    earlier = NOW - timedelta(hours=3)

    went = [len(claim(store, now=earlier + timedelta(milliseconds=ms))) for ms in (0, 100, 350, 9000)]

    assert went == [0, 1, 2, 5]


def test_who_has_no_rate_goes_on_meanwhile(store: Store, account_id: AccountId) -> None:
    owe(store, limited(store, account_id, TEN), 20)
    owe(store, endpoint(store, account_id), 20)

    assert [len(claim(store)) for _ in range(2)] == [25, 0]


def test_an_endpoint_whose_rate_is_used_up_takes_nobodys_turn(store: Store, account_id: AccountId) -> None:
    for _ in range(9):
        owe(store, limited(store, account_id, Rate(count=1, seconds=60)), 2)
    claim(store)
    free = endpoint(store, account_id)
    owe(store, free, 1)

    assert [one.endpoint.id for one in claim(store, limit=1)] == [free.id]


def test_another_rate_holds_at_once(store: Store, account_id: AccountId) -> None:
    slow = limited(store, account_id, Rate(count=1, seconds=3600))
    owe(store, slow, 20)
    first = claim(store)

    change_rate(store, slow, TEN)
    second = claim(store)
    change_rate(store, slow, None)

    assert (len(first), len(second), len(claim(store))) == (1, 5, 14)


def test_a_rate_is_kept_with_its_endpoint(store: Store, account_id: AccountId) -> None:
    added = limited(store, account_id, Rate(count=3, seconds=7))

    with store.open_work() as work:
        assert work.endpoints.get(account_id, added.id).rate == Rate(count=3, seconds=7)


def test_a_rate_that_cannot_be_kept_is_refused(store: Store, account_id: AccountId) -> None:
    with pytest.raises(RateNotUsable), store.open_work() as work:
        actions.subscribe(work, replace(an_endpoint(account_id), rate=Rate(count=0)))


def test_many_workers_keep_one_rate(store: Store, account_id: AccountId) -> None:
    owe(store, limited(store, account_id, Rate(count=40)), 99)
    ready = threading.Barrier(4)

    def work(name: str) -> int:
        ready.wait()
        return sum(len(claim(store, worker_id=name, limit=3)) for _ in range(9))

    with ThreadPoolExecutor(4) as pool:
        together = sum(pool.map(work, "abcd"))
    # on PostgreSQL who comes while another claims may get nothing: what is left is there afterwards
    alone = sum(len(claim(store, limit=3)) for _ in range(9))

    assert together + alone == 20


def account(store: Store, name: str) -> AccountId:
    with store.open_work() as work:
        return an_account(work, name)


def limited(store: Store, account_id: AccountId, rate: Rate) -> Endpoint:
    with store.open_work() as work:
        added = replace(an_endpoint(account_id, types=("nothing by itself",)), rate=rate)
        work.endpoints.add(added)
    return added


def change_rate(store: Store, endpoint: Endpoint, rate: Rate | None) -> None:
    with store.open_work() as work:
        work.endpoints.save(replace(endpoint, rate=rate))


def at(milliseconds: int) -> datetime:
    return NOW + timedelta(milliseconds=milliseconds)


def claim(
    store: Store,
    *,
    worker_id: str = "worker",
    now: datetime = NOW,
    limit: int = 99,
    per_endpoint: int = 99,
    per_account: int = 999,
) -> list[Held]:
    with store.open_work() as work:
        found = work.deliveries.claim(
            worker_id, now=now, limit=limit, per_endpoint=per_endpoint, per_account=per_account
        )
        return list(found)
