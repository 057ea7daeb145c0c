"""Replays on each database: what they find, what they make, and that neither is done twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from lacre.kit.ids import AccountId, EventId, ReplayId
from lacre.kit.refusal import NotFound
from lacre.store.opening import Store
from lacre.webhooks import actions, replaying
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.replay import Replay, ReplayStatus, Scope, Wanted
from tests.store.test_deliveries import claim, failed, settle
from tests.store.test_isolation import delivered
from tests.support.kept import MINUTE, NOW, SECOND, an_account, an_endpoint, an_event
from tests.support.plain import Plain

LATER = NOW + timedelta(hours=1)
WORDINGS = {"native": Plain()}
ALL = Wanted(since=NOW)


@pytest.fixture
def account_id(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work)


def test_a_replay_is_kept_as_it_was_asked_and_as_far_as_it_is(store: Store, account_id: AccountId) -> None:
    listening = subscribe(store, account_id)
    happened(store, account_id, 3)
    wanted = Wanted(
        since=NOW,
        until=NOW + SECOND,
        types=("signing.test",),
        subject_id="subject",
        endpoint_id=listening.id,
        scope=Scope.MISSING,
    )

    asked = ask(store, account_id, wanted)
    before = read(store, asked)
    turn_page(store, asked)

    assert before == asked
    assert (before.total, before.wanted) == (3, wanted)
    done = read(store, asked)
    assert (done.status, done.events, done.finished_at) == (ReplayStatus.DONE, 3, LATER)
    assert done.last is not None


def test_the_same_asked_by_many_at_once_is_one_replay(store: Store, account_id: AccountId) -> None:
    subscribe(store, account_id)
    ready = threading.Barrier(4)

    def ask_at_once(_: int) -> ReplayId:
        ready.wait()
        return ask(store, account_id, ALL).id

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(ask_at_once, range(4)))

    assert len(ids) == 1
    with store.open_work() as work:
        other = work.replays.add(an_account(work, "Davi ME"), ALL, by="cli", total=0, now=LATER)
    assert other.id not in ids


def test_the_list_is_newest_first_and_goes_on_where_it_ended(store: Store, account_id: AccountId) -> None:
    asked = [ask(store, account_id, ALL, now=LATER + place * SECOND).id for place in range(1)]
    asked += [
        ask(store, account_id, Wanted(since=NOW, scope=scope), now=LATER + SECOND).id
        for scope in (Scope.FAILED, Scope.MISSING)
    ]

    with store.open_work() as work:
        first = work.replays.find(account_id, limit=2)
        rest = work.replays.find(account_id, after=first[-1].id, limit=9)
        with pytest.raises(NotFound):
            work.replays.find(account_id, after=ReplayId("nothing"), limit=9)

    assert {one.id for one in first} == set(asked[1:])
    assert [one.id for one in rest] == asked[:1]


def test_what_became_of_an_event_is_told_over_all_its_deliveries(store: Store, account_id: AccountId) -> None:
    subscribe(store, account_id)
    waiting, arrived, lost, failing = happened(store, account_id, 4)
    for event_id, status in ((arrived, "arrive"), (lost, "lose"), (failing, "fail")):
        meet(store, event_id, status)
    run(store, account_id, Wanted(since=NOW, scope=Scope.FAILED))

    with store.open_work() as work:
        told = work.replays.told(account_id, {waiting, arrived, lost, failing})

    said = {event_id: (one.open is not None, one.arrived, one.failed) for (event_id, _), one in told.items()}
    assert said == {
        waiting: (True, False, False),
        arrived: (False, True, False),
        lost: (True, False, True),
        failing: (True, False, True),
    }
    (first,) = (one.id for one in of_event(store, account_id, lost) if one.replay_of is None)
    assert {one.first for (event_id, _), one in told.items() if event_id == lost} == {first}


def test_a_replay_s_deliveries_go_out_in_the_order_of_the_events_and_after_new_ones(
    store: Store, account_id: AccountId
) -> None:
    listening = subscribe(store, account_id)
    old = happened(store, account_id, 5)
    for held in claim(store):
        settle(store, delivered(held))
    run(store, account_id, ALL)
    (new,) = happened(store, account_id, 1, at=LATER + SECOND)

    order = [held.kept.id for held in claim(store, now=LATER + SECOND)]

    assert order == [new, *old]
    assert {one.endpoint_id for one in of_event(store, account_id, old[0])} == {listening.id}


def test_failures_are_found_among_many_events(store: Store, account_id: AccountId) -> None:
    one, other = subscribe(store, account_id), subscribe(store, account_id)
    _, lost, failing, early = (
        *happened(store, account_id, 3),
        *happened(store, account_id, 1, at=NOW - SECOND),
    )
    for event_id, status in ((lost, "lose"), (failing, "fail"), (early, "lose")):
        meet(store, event_id, status, endpoint=one)

    with store.open_work() as work:
        found = work.replays.failures(account_id, ALL, LATER, most=99)
        others = work.replays.failures(account_id, Wanted(since=NOW, endpoint_id=other.id), LATER, most=99)
        too_many = work.replays.failures(account_id, ALL, LATER, most=1)

    assert {each.id for each in found or ()} == {lost, failing}
    assert others == []
    assert too_many is None


def test_events_of_some_types_are_found_unless_they_are_many(store: Store, account_id: AccountId) -> None:
    typed = Wanted(since=NOW, types=("signing.test", "signing.other"))
    happened(store, account_id, 1, at=NOW - SECOND)
    found = happened(store, account_id, 3)
    with store.open_work() as work:
        work.announce(replace(an_event(account_id), type="signing.third", at=NOW))

    with store.open_work() as work:
        few = work.replays.of_types(account_id, typed, LATER, most=3)
        many = work.replays.of_types(account_id, typed, LATER, most=2)

    assert {one.id for one in few or ()} == set(found)
    assert many is None


def test_what_was_made_and_not_tried_is_taken_back(store: Store, account_id: AccountId) -> None:
    subscribe(store, account_id)
    happened(store, account_id, 4)
    for held in claim(store):
        settle(store, delivered(held))
    asked = run(store, account_id, ALL)
    in_hand, tried, *_ = claim(store, now=LATER + MINUTE, limit=2)
    settle(store, failed(tried, due_at=LATER))

    with store.open_work() as work:
        taken = [work.replays.take_back(asked, limit=1), work.replays.take_back(asked, limit=9)]

    assert taken == [1, 1]
    with store.open_work() as work:
        left = work.deliveries.search(account_id, DeliveryFilter(), limit=99)
    assert {one.delivery.id for one in left if one.delivery.replay_of} == {
        in_hand.delivery.id,
        tried.delivery.id,
    }


def test_what_others_asked_for_too_is_not_taken_back(store: Store, account_id: AccountId) -> None:
    subscribe(store, account_id)
    by_hand, by_event, nobody = happened(store, account_id, 3)
    for held in claim(store):
        settle(store, delivered(held))
    asked = run(store, account_id, ALL)
    with store.open_work() as work:
        actions.retry(work, account_id, of_event(store, account_id, by_hand)[0].id, now=LATER)
        actions.replay(work, [work.events.get(account_id, by_event)], wordings=WORDINGS, now=LATER)

    with store.open_work() as work:
        work.replays.take_back(asked, limit=9)

    left = [len(of_event(store, account_id, one)) for one in (by_hand, by_event, nobody)]
    assert left == [2, 2, 1]


def test_two_who_tell_again_at_once_do_not_double_it(store: Store, account_id: AccountId) -> None:
    subscribe(store, account_id)
    (event_id,) = happened(store, account_id, 1)
    settle(store, delivered(claim(store)[0]))
    ready = threading.Barrier(4)

    def tell(_: int) -> None:
        ready.wait()
        with store.open_work() as work:
            kept = [work.events.get(account_id, event_id)]
            pairs = replaying.listening(work, account_id, kept, WORDINGS)
            replaying.tell_again(work, account_id, pairs, now=LATER)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell, range(4)))

    assert len(of_event(store, account_id, event_id)) == 2


def test_the_pages_of_two_accounts_take_turns(store: Store, account_id: AccountId) -> None:
    with store.open_work() as work:
        davi = an_account(work, "Davi ME")
    for one in (account_id, davi):
        happened(store, one, 5)
        subscribe(store, one)
        ask(store, one, Wanted(since=NOW, scope=Scope.MISSING))

    turns = list(work_off(store, most=2))

    assert turns[:4] in ([account_id, davi] * 2, [davi, account_id] * 2)
    assert Counter(turns) == {account_id: 3, davi: 3}


def test_everybody_who_has_endpoints_is_found_and_whose_one_is(store: Store, account_id: AccountId) -> None:
    listening = subscribe(store, account_id)
    with store.open_work() as work:
        an_account(work, "Nobody's")

        assert work.replays.accounts() == [account_id]
        assert work.replays.accounts(listening.id) == [account_id]
        assert work.replays.accounts(an_endpoint(account_id).id) == []


def subscribe(store: Store, account_id: AccountId) -> Endpoint:
    with store.open_work() as work:
        added = an_endpoint(account_id)
        work.endpoints.add(added)
    return added


def happened(store: Store, account_id: AccountId, many: int, *, at: datetime = NOW) -> list[EventId]:
    with store.open_work() as work:
        return [work.announce(replace(an_event(account_id), at=at)) for _ in range(many)]


def meet(store: Store, event_id: EventId, how: str, *, endpoint: Endpoint | None = None) -> None:
    """Its delivery arrives, is lost, or fails for now."""
    for held in claim(store):
        mine = held.kept.id == event_id and (endpoint is None or held.endpoint.id == endpoint.id)
        if not mine:
            with store.open_work() as work:
                work.deliveries.release("worker", [held.delivery.id])
        elif how == "arrive":
            settle(store, delivered(held))
        else:
            status = DeliveryStatus.DISCARDED if how == "lose" else DeliveryStatus.WAITING
            settle(store, replace(failed(held, due_at=LATER + timedelta(hours=9)), status=status))


def of_event(store: Store, account_id: AccountId, event_id: EventId) -> list[Delivery]:
    with store.open_work() as work:
        found = work.deliveries.search(account_id, DeliveryFilter(event_id=event_id), limit=99)
    return [one.delivery for one in found]


def ask(store: Store, account_id: AccountId, wanted: Wanted, *, now: datetime = LATER) -> Replay:
    with store.open_work() as work:
        return replaying.ask(work, account_id, wanted, by="cli", now=now)


def read(store: Store, asked: Replay) -> Replay:
    with store.open_work() as work:
        return work.replays.get(asked.account_id, asked.id)


def turn_page(store: Store, asked: Replay) -> None:
    with store.open_work() as work:
        work.replays.take_turn(asked.account_id)
        going = work.replays.get(asked.account_id, asked.id)
        replaying.turn_page(work, going, wordings=WORDINGS, now=LATER)


def work_off(store: Store, *, most: int = 99) -> Iterator[str]:
    """As a worker does, a job at a time; whose each was."""
    for place in range(1, 99):
        now = LATER + place * SECOND
        with store.open_work() as work:
            jobs = work.queue.claim("worker", now=now, limit=1, kinds=(replaying.REPLAY,))
        for job in jobs:
            with store.open_work() as work:
                going = work.replays.get(AccountId(job.key), ReplayId(str(job.payload["replay_id"])))
                replaying.turn_page(work, going, wordings=WORDINGS, now=now, most=most)
            with store.open_work() as work:
                work.queue.finish("worker", job.id, now=now)
            yield job.key


def run(store: Store, account_id: AccountId, wanted: Wanted) -> Replay:
    asked = ask(store, account_id, wanted)
    list(work_off(store))
    return read(store, asked)
