"""Endpoints that are down rest, their account's others are told once, and all flows when they are back."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace as changed
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from lacre.kit.ids import AccountId
from lacre.store.opening import Store
from lacre.store.tables import endpoint_health
from lacre.webhooks import actions, events, resuming
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, EndpointStatus, Secrets, Standing
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.health import WELL, Health
from lacre.webhooks.rates import DAY, HOUR, rate
from lacre.webhooks.repositories import Held, Settled
from lacre.webhooks.telling import WARN
from tests.store.test_isolation import delivered
from tests.support.kept import (
    MINUTE,
    NOW,
    SECOND,
    SettableClock,
    an_account,
    an_endpoint,
    an_event,
    open_store,
)

LONG_REST = timedelta(minutes=6)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def store(database_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Store]:
    opened = open_store(database_url, tmp_path / "data", clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def account_id(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work)


# ── resting ──────────────────────────────────────────────────────────────────


def test_after_five_strikes_nothing_is_claimed_until_the_rest_is_over(
    store: Store, account_id: AccountId
) -> None:
    down = endpoint(store, account_id)
    owe(store, down, 9)

    fail(store, claim(store, limit=5), now=NOW)

    assert standing(store, down) is Standing.RESTING
    assert claim(store, now=NOW + 5 * SECOND - SECOND) == []
    assert len(claim(store, now=NOW + 6 * SECOND)) == 1


def test_a_clock_set_back_makes_no_rest_longer_than_the_longest(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    owe(store, endpoint(store, account_id), 9)
    fail(store, claim(store, limit=5), now=NOW)
    clock.at = NOW - 3 * HOUR

    probe = claim(store, now=clock.at)
    fail(store, probe, now=clock.at)

    assert len(probe) == 1
    assert claim(store, now=clock.at + 9 * SECOND) == []
    assert len(claim(store, now=clock.at + 12 * SECOND)) == 1


def test_resting_costs_the_others_nothing(store: Store, account_id: AccountId) -> None:
    down, up = endpoint(store, account_id), endpoint(store, account_id)
    owe(store, down, 9)
    fail(store, claim(store, limit=5), now=NOW)
    owe(store, up, 9)

    assert {held.endpoint.id for held in claim(store)} == {up.id}


def test_after_a_rest_one_at_a_time_looks_whether_somebody_is_back(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    owe(store, endpoint(store, account_id), 9)
    fail(store, claim(store, limit=5), now=NOW)
    clock.at = NOW + 6 * SECOND

    probes = [claim(store, now=clock.at) for _ in range(3)]
    fail(store, probes[0], now=clock.at)

    assert [len(one) for one in probes] == [1, 0, 0]
    assert claim(store, now=clock.at + 9 * SECOND) == []
    assert len(claim(store, now=clock.at + 12 * SECOND)) == 1


def test_a_probe_that_finds_somebody_lets_everything_flow_at_once(
    store: Store, account_id: AccountId
) -> None:
    back = endpoint(store, account_id)
    owe(store, back, 9)
    fail(store, claim(store, limit=5), now=NOW)

    (probe,) = claim(store, now=NOW + 6 * SECOND)
    settle(store, [good(probe)])

    assert standing(store, back) is Standing.WELL
    assert len(claim(store, now=NOW + 6 * SECOND)) == 3
    assert rows(store) == 0


def test_a_retry_by_hand_does_not_wait_for_the_end_of_the_rest(store: Store, account_id: AccountId) -> None:
    owe(store, endpoint(store, account_id), 9)
    held = claim(store, limit=5)
    fail(store, held, now=NOW)

    with store.open_work() as work:
        actions.retry(work, account_id, held[0].delivery.id, now=NOW + SECOND)

    assert len(claim(store, now=NOW + SECOND)) == 1


def test_a_change_does_not_wait_for_the_end_of_the_rest(store: Store, account_id: AccountId) -> None:
    down = endpoint(store, account_id)
    owe(store, down, 9)
    fail(store, claim(store, limit=5), now=NOW)

    with store.open_work() as work:
        found = work.endpoints.get(account_id, down.id)
        moved = changed(found, url="https://moved.test/", secrets=Secrets())
        actions.change(work, moved, now=NOW + SECOND)

    (probe,) = claim(store, now=NOW + SECOND)
    assert probe.endpoint.url == "https://moved.test/"


def test_an_endpoint_that_is_well_leaves_no_row(store: Store, account_id: AccountId) -> None:
    well = endpoint(store, account_id)
    owe(store, well, 3)

    first, *others = claim(store)
    fail(store, [first], now=NOW)
    settle(store, [delivered(one) for one in others])

    assert rows(store) == 0


def test_workers_that_settle_at_the_same_time_forget_no_failure(store: Store, account_id: AccountId) -> None:
    down = [endpoint(store, account_id) for _ in range(3)]
    for one in down:
        owe(store, one, 8)
    held = [claim(store, worker_id=name, limit=6) for name in "abcd"]
    ready = threading.Barrier(4)

    def work(name: str, mine: Sequence[Held]) -> None:
        ready.wait()
        # each in another order: whoever locks as it comes would wait for the others for ever
        fail(store, sorted(mine, key=lambda one: name + one.endpoint.id[::-1]), now=NOW, worker_id=name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, "abcd", held))

    assert [health(store, one).failures for one in down] == [8, 8, 8]


def test_who_is_ill_is_known_among_those_asked_for(store: Store, account_id: AccountId) -> None:
    everybody = [endpoint(store, account_id) for _ in range(9)]
    ill = {one.id: Health(failures=1, since=NOW) for one in everybody[3:]}

    with store.open_work() as work:
        work.health.keep(ill)
        found = work.health.ill([one.id for one in everybody[:5]])

    assert found == {one.id for one in everybody[3:5]}


# ── resuming ─────────────────────────────────────────────────────────────────


@pytest.fixture
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few are more than is made due at once."""
    monkeypatch.setattr(resuming, "AT_ONCE", 3)


@pytest.mark.usefixtures("short_steps")
def test_much_that_waited_is_made_due_in_steps_and_goes_out_the_oldest_first(
    store: Store, account_id: AccountId
) -> None:
    one = failing_and_paused(store, account_id, 10)
    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(account_id, one.id), now=NOW)

    while_it_goes_on = claim(store)
    steps = take_steps(store)
    went = claim(store)

    assert (while_it_goes_on, steps) == ([], 3)
    assert [held.delivery.created_at for held in went] == [NOW - n * SECOND for n in range(10, 0, -1)]
    assert standing(store, one) is Standing.WELL


@pytest.mark.usefixtures("short_steps")
def test_a_step_that_was_taken_twice_takes_nothing_out_of_order(store: Store, account_id: AccountId) -> None:
    one = failing_and_paused(store, account_id, 10)
    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(account_id, one.id), now=NOW)
    with store.open_work() as work:
        (job,) = work.queue.claim("another", now=NOW, limit=1, kinds=(resuming.RESUME,))
        resuming.step(work, job, now=NOW)
        work.queue.release("another", job.id)

    take_steps(store)

    assert [held.delivery.created_at for held in claim(store)] == [NOW - n * SECOND for n in range(10, 0, -1)]


@pytest.mark.usefixtures("short_steps")
def test_whoever_is_deleted_while_it_is_resumed_is_left_alone(store: Store, account_id: AccountId) -> None:
    one = failing_and_paused(store, account_id, 10)
    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(account_id, one.id), now=NOW)
    with store.open_work() as work:
        actions.remove(work, work.endpoints.get(account_id, one.id), now=NOW)

    assert take_steps(store) == 1


def failing_and_paused(store: Store, account_id: AccountId, owed: int) -> Endpoint:
    """Each of its deliveries was tried once; the newest is to be tried again first."""
    one = endpoint(store, account_id)
    with store.open_work() as work:
        event_id = work.announce(an_event(account_id))
        for number in range(owed, 0, -1):
            work.deliveries.add(event_id, one, now=NOW - number * SECOND, replay_of=None)
    for place, held in enumerate(claim(store)):
        refused = replace(failed(held, now=NOW), attempt=replace(delivered(held).attempt, ok=False))
        settle(store, [replace(refused, due_at=NOW - place * SECOND)])
    with store.open_work() as work:
        actions.pause(work, work.endpoints.get(account_id, one.id))
    return one


def take_steps(store: Store) -> int:
    for steps in count():
        with store.open_work() as work:
            jobs = work.queue.claim("worker", now=NOW, limit=1, kinds=(resuming.RESUME,))
        if not jobs:
            return steps
        with store.open_work() as work:
            resuming.step(work, jobs[0], now=NOW)
            work.queue.finish("worker", jobs[0].id, now=NOW)
    raise AssertionError


# ── telling ──────────────────────────────────────────────────────────────────


def test_failing_paused_and_recovered_are_told_once_each(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    ill, friend = endpoint(store, account_id), listener(store, account_id)
    stranger = strangers_listener(store)
    owe(store, ill, 40)

    for hours in range(0, 130, 5):
        fail_next(store, ill, clock, NOW + timedelta(hours=hours))
    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(account_id, ill.id), now=NOW)
    probe = next(one for one in claim(store, now=clock.at) if one.endpoint.id == ill.id)
    settle(store, [good(probe)])

    assert told(store, friend) == [
        events.ENDPOINT_FAILING,
        events.ENDPOINT_PAUSED,
        events.ENDPOINT_RECOVERED,
    ]
    assert told(store, stranger) == []


def test_what_is_told_names_the_host_and_why(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    ill = endpoint(store, account_id)
    listener(store, account_id)
    owe(store, ill, 9)

    for minutes in range(0, 40, 7):
        fail_next(store, ill, clock, NOW + timedelta(minutes=minutes))

    with store.open_work() as work:
        (kept,) = (
            one for one in work.events.find(account_id, offset=0, limit=9) if one.event.type in events.ALL
        )
    assert kept.event.facts == {
        "endpoint_id": ill.id,
        "host": "r.test",
        "since": "2026-11-23T12:00:00.000000Z",
        "failures": 4,
        "last_status_code": 503,
        "last_reason": "",
    }


def test_the_users_are_warned_after_an_hour_and_when_it_is_paused(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    ill = endpoint(store, account_id)
    owe(store, ill, 40)

    for hours in range(0, 130, 5):
        fail_next(store, ill, clock, NOW + timedelta(hours=hours))

    assert warned(store, clock.at) == ["still_failing", "paused"]


def test_two_endpoints_that_fail_to_hear_of_each_other_do_not_go_on_for_ever(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    one, other = listener(store, account_id), listener(store, account_id)

    with store.open_work() as work:
        work.announce(an_event(account_id, kind=events.ENDPOINT_FAILING, subject_id=other.id))
    for minutes in range(0, 200, 7):
        clock.at = NOW + timedelta(minutes=minutes)
        fail(store, claim(store, now=clock.at), now=clock.at)

    assert health(store, one).failures > 9
    assert len(told(store, one)) + len(told(store, other)) == 2


# ── paused ───────────────────────────────────────────────────────────────────


def test_a_paused_endpoint_is_disabled_and_its_events_go_on_waiting(
    store: Store, account_id: AccountId
) -> None:
    gone = endpoint(store, account_id)
    owe(store, gone, 3)

    first, *others = claim(store)
    settle(store, [failed(first, now=NOW, gone=gone)])
    with store.open_work() as work:
        work.deliveries.release("worker", [one.delivery.id for one in others])
    owe(store, gone, 2)

    assert standing(store, gone) is Standing.DISABLED
    assert claim(store, now=NOW + DAY) == []
    assert statuses(store, gone) == [DeliveryStatus.WAITING] * 5


def test_what_waited_goes_out_oldest_first_when_it_is_resumed(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    gone = endpoint(store, account_id)
    for second in range(4):
        owe(store, gone, 1, at=NOW + second * SECOND)
    clock.at = NOW + MINUTE
    one, another = claim(store, now=clock.at, limit=2)
    settle(store, [failed(another, now=clock.at), failed(one, now=clock.at, gone=gone)])

    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(account_id, gone.id), now=NOW)

    ages = [held.delivery.created_at for held in claim(store, now=clock.at)]
    assert ages == [NOW + second * SECOND for second in range(4)]


def test_what_waits_for_a_paused_endpoint_is_given_up_after_days(store: Store, account_id: AccountId) -> None:
    gone, quiet = endpoint(store, account_id), endpoint(store, account_id)
    owe(store, gone, 3, at=NOW - 15 * DAY)
    owe(store, gone, 1, at=NOW)
    owe(store, quiet, 1, at=NOW - 15 * DAY)
    turn(store, gone, EndpointStatus.DISABLED)
    turn(store, quiet, EndpointStatus.PAUSED)

    with store.open_work() as work:
        steps = [work.health.discard_waiting(before=NOW - 14 * DAY, limit=2, now=NOW) for _ in range(3)]

    assert steps == [2, 1, 0]
    assert sorted(statuses(store, gone)) == ["discarded", "discarded", "discarded", "waiting"]
    assert statuses(store, quiet) == [DeliveryStatus.WAITING]


def test_what_waits_for_a_deleted_endpoint_is_given_up(store: Store, account_id: AccountId) -> None:
    deleted, kept = endpoint(store, account_id), endpoint(store, account_id)
    for one in (deleted, kept):
        owe(store, one, 3)
    held, *_ = claim(store, limit=1)
    assert held.endpoint.id in (deleted.id, kept.id)
    fail(store, [held], now=NOW)
    with store.open_work() as work:
        actions.remove(work, deleted, now=NOW)

    with store.open_work() as work:
        steps = [work.health.discard_of_deleted(since=NOW, limit=2, now=NOW) for _ in range(3)]

    assert (sum(steps), steps[-1]) == (3, 0)
    assert statuses(store, deleted) == [DeliveryStatus.DISCARDED] * 3
    assert statuses(store, kept) == [DeliveryStatus.WAITING] * 3


# ── rates ────────────────────────────────────────────────────────────────────


def test_a_type_that_failed_to_the_end_is_told_no_more_until_it_is_resumed(
    store: Store, account_id: AccountId
) -> None:
    ill = endpoint(store, account_id)
    owe(store, ill, 3)
    (first,) = claim(store, limit=1)
    given_up = replace(
        failed(first, now=NOW), status=DeliveryStatus.DISCARDED, stop_type=first.kept.event.type
    )
    settle(store, [given_up])

    stopped = statuses(store, ill)
    with store.open_work() as work:
        assert work.endpoints.get(account_id, ill.id).stopped_types == (first.kept.event.type,)
        assert not work.endpoints.listening(first.kept.event, lambda *_: True)
        actions.resume(work, work.endpoints.get(account_id, ill.id), now=NOW)

    # the one that was tried to the end stays given up, and those given up with it go on
    assert stopped == [DeliveryStatus.DISCARDED] * 3
    assert sorted(statuses(store, ill)) == [DeliveryStatus.DISCARDED] + [DeliveryStatus.WAITING] * 2


def test_attempts_count_no_more_once_what_begins_anew_is_resumed(store: Store, account_id: AccountId) -> None:
    ill = endpoint(store, account_id)
    owe(store, ill, 2)
    first, second = claim(store)
    settle(store, [failed(first, now=NOW), failed(second, now=NOW, gone=ill)])

    with store.open_work() as work:
        actions.resume(work, work.endpoints.get(account_id, ill.id), anew=True, now=NOW)

    again = [held.delivery for held in claim(store)]
    assert [(one.attempts, one.forgiven) for one in again] == [(1, 1), (1, 1)]


def test_attempts_are_counted_by_the_hour_whoever_makes_them(
    store: Store, account_id: AccountId, clock: SettableClock
) -> None:
    one, other = endpoint(store, account_id), endpoint(store, account_id)
    owe(store, one, 5)
    owe(store, other, 1)
    a, b, c, d, e = (held for held in claim(store) if held.endpoint.id == one.id)

    settle(store, [delivered(a), failed(b, now=NOW)])
    settle(store, [delivered(c)])
    clock.at = NOW + 3 * HOUR
    with store.open_work() as work:
        work.deliveries.release("worker", [d.delivery.id, e.delivery.id])
    (again, *_) = claim(store, worker_id="another", limit=1, now=NOW)
    settle(store, [delivered(again)], worker_id="another")

    with store.open_work() as work:
        hours = work.hours.of(one.id, since=NOW - DAY)
    assert [(each.begins_at, each.delivered, each.failed, each.milliseconds) for each in hours] == [
        (NOW, 2, 1, 36),
        (NOW + 3 * HOUR, 1, 0, 12),
    ]
    assert rate(hours, HOUR, now=clock.at).attempts == 1
    assert rate(hours, DAY, now=clock.at).success == 0.75


# ── what a test does ─────────────────────────────────────────────────────────


def endpoint(store: Store, account_id: AccountId, *types: str) -> Endpoint:
    with store.open_work() as work:
        added = an_endpoint(account_id, types=types or ("nothing by itself",))
        work.endpoints.add(added)
    return added


def listener(store: Store, account_id: AccountId) -> Endpoint:
    return endpoint(store, account_id, *sorted(events.ALL))


def strangers_listener(store: Store) -> Endpoint:
    with store.open_work() as work:
        stranger = an_account(work, "Bia Ltda")
    return listener(store, stranger)


def owe(store: Store, to: Endpoint, count: int, *, at: datetime = NOW) -> None:
    with store.open_work() as work:
        event_id = work.announce(an_event(to.account_id))
        for _ in range(count):
            work.deliveries.add(event_id, to, now=at, replay_of=None)


def claim(store: Store, *, worker_id: str = "worker", now: datetime = NOW, limit: int = 99) -> list[Held]:
    with store.open_work() as work:
        return list(work.deliveries.claim(worker_id, now=now, limit=limit, per_endpoint=99))


def settle(store: Store, settled: Sequence[Settled], *, worker_id: str = "worker") -> None:
    with store.open_work() as work:
        work.deliveries.settle(worker_id, settled)


def fail(store: Store, held: Sequence[Held], *, now: datetime, worker_id: str = "worker") -> None:
    settle(store, [failed(one, now=now) for one in held], worker_id=worker_id)


def fail_next(store: Store, ill: Endpoint, clock: SettableClock, now: datetime) -> None:
    """One attempt at it, if any may be made; whatever else is due waits."""
    clock.at = now
    held = claim(store, now=now)
    mine = [one for one in held if one.endpoint.id == ill.id][:1]
    fail(store, mine, now=now)
    with store.open_work() as work:
        work.deliveries.release("worker", [one.delivery.id for one in held if one not in mine])


def good(held: Held) -> Settled:
    settled = delivered(held)
    return replace(settled, attempt=replace(settled.attempt, number=held.delivery.attempts + 1))


def failed(held: Held, *, now: datetime, gone: Endpoint | None = None) -> Settled:
    attempt = replace(good(held).attempt, ok=False, status_code=503, at=now)
    return Settled(
        delivery_id=held.delivery.id,
        endpoint_id=held.endpoint.id,
        attempt=attempt,
        status=DeliveryStatus.WAITING,
        due_at=now + MINUTE,
        disable_endpoint=gone is not None,
    )


def health(store: Store, one: Endpoint) -> Health:
    with store.open_work() as work:
        return work.endpoints.get(one.account_id, one.id).health


def standing(store: Store, one: Endpoint) -> Standing:
    with store.open_work() as work:
        return work.endpoints.get(one.account_id, one.id).standing


def turn(store: Store, one: Endpoint, status: EndpointStatus) -> None:
    with store.open_work() as work:
        work.endpoints.save(changed(one, status=status, health=WELL))


def rows(store: Store) -> int:
    with store._database.transaction() as transaction:
        return len(transaction.read(select(endpoint_health)).all())


def statuses(store: Store, one: Endpoint) -> list[DeliveryStatus]:
    which = DeliveryFilter(endpoint_id=one.id)
    with store.open_work() as work:
        found = work.deliveries.search(one.account_id, which, limit=99)
    return [each.delivery.status for each in found]


def warned(store: Store, now: datetime) -> list[object]:
    """Of one kind and key never two jobs run at once."""
    found: list[object] = []
    for _ in range(3):
        with store.open_work() as work:
            for job in work.queue.claim("worker", now=now, limit=9, kinds=(WARN,)):
                found.append(job.payload["news"])
                work.queue.finish("worker", job.id, now=now)
    return found


def told(store: Store, one: Endpoint) -> list[str]:
    """Oldest first."""
    which = DeliveryFilter(endpoint_id=one.id)
    with store.open_work() as work:
        found = work.deliveries.search(one.account_id, which, limit=99)
    return [each.event_type for each in found][::-1]
