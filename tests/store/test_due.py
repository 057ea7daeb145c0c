"""Every endpoint comes round, however many there are before it that have nothing to give."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lacre.kit.ids import AccountId, EndpointId
from lacre.store import due
from lacre.store.instants import micros
from lacre.store.opening import Store
from lacre.store.turns import Turns
from lacre.webhooks import actions
from tests.store.test_deliveries import endpoint, failed, owe, settle
from tests.store.test_fairness import account, claim
from tests.support.kept import MINUTE, NOW, SECOND, an_event


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few endpoints are more than one look goes past."""
    monkeypatch.setattr(due, "STEPS", 3)
    monkeypatch.setattr(due, "MOST_AGAIN", 3)


@pytest.fixture
def account_id(store: Store) -> AccountId:
    return account(store, "Ana Ltda")


def test_all_endpoints_with_new_deliveries_come_round(store: Store, account_id: AccountId) -> None:
    endpoints = sorted(owed(store, account_id) for _ in range(8))
    turns = Turns()

    rounds = [look(store, turns) for _ in range(4)]

    assert rounds[0] == endpoints[:3]
    assert {one for found in rounds for one in found} == set(endpoints)


def test_those_that_are_paused_are_gone_past_in_one_claim(
    store: Store, account_id: AccountId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "LOOKS", 3)
    endpoints = sorted(owed(store, account_id) for _ in range(8))
    with store.open_work() as work:
        for one in endpoints[:-1]:
            actions.pause(work, work.endpoints.get(account_id, EndpointId(one)))

    assert look(store, Turns()) == endpoints[-1:]


def test_behind_more_of_them_than_a_claim_goes_past_the_next_goes_on_at_once(
    store: Store, account_id: AccountId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "LOOKS", 2)
    endpoints = sorted(owed(store, account_id) for _ in range(8))
    with store.open_work() as work:
        for one in endpoints[:-1]:
            actions.pause(work, work.endpoints.get(account_id, EndpointId(one)))

    found = []
    for _ in range(2):
        with store.open_work() as work:
            held = work.deliveries.claim("worker", now=NOW, limit=9, per_endpoint=9)
            found.append((len(held), work.deliveries.missed))

    assert found == [(0, True), (1, False)]


def test_what_comes_now_goes_past_none_of_those_that_are_paused(store: Store, account_id: AccountId) -> None:
    crowd(store, account_id)
    fresh = endpoint(store, account_id)

    for _ in range(2):
        owe(store, fresh, 1)
        assert [one.endpoint.id for one in claim(store)] == [fresh.id]


def test_what_waits_for_long_comes_round_beside_what_comes_now(store: Store, account_id: AccountId) -> None:
    waiting, *_ = crowd(store, account_id)
    fresh = endpoint(store, account_id)
    resume(store, account_id, waiting)

    served = set()
    for _ in range(9 * due.WALKED_EVERY):
        owe(store, fresh, 1)
        served |= {one.endpoint.id for one in claim(store)}

    assert served == {waiting, fresh.id}


def test_whoever_was_found_among_so_many_is_served_until_nothing_waits(
    store: Store, account_id: AccountId
) -> None:
    waiting, *_ = crowd(store, account_id, each=20)
    resume(store, account_id, waiting)
    while not claim(store, limit=1):
        """It is walked to."""

    served = [len(claim(store, limit=5)) for _ in range(5)]

    assert served.count(5) >= 3


def test_once_they_owe_nothing_all_are_walked_to_again(store: Store, account_id: AccountId) -> None:
    endpoints = crowd(store, account_id)
    for one in endpoints:
        resume(store, account_id, one)
    while claim(store):
        """All of it goes."""
    claim(store)

    assert not store._around.turns.crowded


def test_of_more_than_are_wanted_the_others_are_first_next_time(store: Store, account_id: AccountId) -> None:
    endpoints = sorted(owed(store, account_id) for _ in range(3))
    turns = Turns()

    assert look(store, turns, most=2) == endpoints[:2]
    assert look(store, turns, most=1) == endpoints[2:]


def test_retries_of_all_come_round_beside_one_with_a_backlog_of_them(
    store: Store, account_id: AccountId
) -> None:
    endpoints = [endpoint(store, account_id) for _ in range(4)]
    owe(store, endpoints[0], 5)
    for one in endpoints[1:]:
        owe(store, one, 1)
    for held in claim(store) + claim(store):
        settle(store, failed(held, due_at=NOW + SECOND))
    turns = Turns()

    found = {one for _ in range(3) for one in look(store, turns, later=timedelta(seconds=2))}

    assert found == {one.id for one in endpoints}
    assert look(store, Turns()) == []


def crowd(store: Store, account_id: AccountId, *, each: int = 1) -> list[str]:
    """Paused ones that were owed something a while ago, more than two claims look at."""
    endpoints = []
    for _ in range(14):
        one = endpoint(store, account_id)
        endpoints.append(one.id)
        with store.open_work() as work:
            event_id = work.announce(an_event(account_id, at=NOW - MINUTE))
            for _ in range(each):
                work.deliveries.add(event_id, one, now=NOW - MINUTE, replay_of=None)
            actions.pause(work, work.endpoints.get(account_id, one.id))
    assert [claim(store) for _ in range(2)] == [[], []]
    return sorted(endpoints)


def resume(store: Store, account_id: AccountId, one: str) -> None:
    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(account_id, EndpointId(one)), now=NOW)


def owed(store: Store, account_id: AccountId) -> str:
    one = endpoint(store, account_id)
    owe(store, one, 1)
    return one.id


def look(store: Store, turns: Turns, *, most: int = 9, later: timedelta = timedelta()) -> list[str]:
    with store.open_work() as work:
        now = micros(NOW + later)
        rows = due.endpoints_due(work.queue._transaction, now, first=0, most=most, full=set(), turns=turns)
        return [row.id for row in rows]
