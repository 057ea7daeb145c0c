"""What a replay tells again, what it leaves alone, and how it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, ReplayId
from lacre.kit.refusal import NotFound
from lacre.webhooks import replaying
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.replay import Count, Place, Replay, ReplayStatus, Scope, Told, Wanted, is_meant
from lacre.webhooks.replaying import MOST_PAIRS, PAGE, Audience
from tests.support.fake_work import World
from tests.support.plain import Plain
from tests.support.webhooks import ACCOUNT, NOON, an_endpoint, an_event

WAITING, DELIVERED, DISCARDED = DeliveryStatus.WAITING, DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED
LATER = NOON + timedelta(hours=1)
HERE = an_endpoint().id
NEVER_TOLD = None
ON_ITS_WAY = Told(first=DeliveryId("1"), open=DeliveryId("1"))
FAILING = Told(first=DeliveryId("1"), open=DeliveryId("1"), failed=True)
GIVEN_UP = Told(first=DeliveryId("1"), failed=True)
ARRIVED = Told(first=DeliveryId("1"), arrived=True)
ARRIVED_AT_LAST = Told(first=DeliveryId("1"), arrived=True, failed=True)


@pytest.fixture
def world() -> World:
    return World(wordings={"plain": Plain()})


@pytest.mark.parametrize(
    ("told", "scopes"),
    [
        (NEVER_TOLD, {Scope.ALL, Scope.MISSING}),
        (ON_ITS_WAY, {Scope.ALL}),
        (FAILING, {Scope.ALL, Scope.FAILED}),
        (GIVEN_UP, {Scope.ALL, Scope.FAILED}),
        (ARRIVED, {Scope.ALL}),
        (ARRIVED_AT_LAST, {Scope.ALL}),
    ],
)
def test_what_became_of_it_decides_whether_it_is_meant(told: Told | None, scopes: set[Scope]) -> None:
    assert {scope for scope in Scope if is_meant(told, scope)} == scopes


def test_what_arrived_and_what_was_given_up_are_told_again_as_new_deliveries(world: World) -> None:
    events = happened(world, 2)
    become(world, DELIVERED, DISCARDED)

    replay = run(world, wanted())

    again = deliveries(world)[2:]
    assert [one.event_id for one in again] == events
    assert [one.replay_of for one in again] == [one.id for one in deliveries(world)[:2]]
    assert (replay.status, replay.events, replay.deliveries) == (ReplayStatus.DONE, 2, 2)


def test_what_waits_for_later_goes_out_now_and_is_not_doubled(world: World) -> None:
    happened(world, 2)
    become(world, WAITING, WAITING, due_at=LATER + timedelta(hours=9), attempts=3)

    replay = run(world, wanted(scope=Scope.FAILED))

    assert [one.due_at for one in deliveries(world)] == [LATER, LATER]
    assert (replay.deliveries, replay.hurried) == (0, 2)


def test_a_new_endpoint_is_told_what_it_missed_and_the_others_nothing(world: World) -> None:
    events = happened(world, 3)
    become(world, DELIVERED, DISCARDED, WAITING)
    new = subscribe(world, "new")

    run(world, wanted(scope=Scope.MISSING))

    made = deliveries(world)[3:]
    assert [(one.event_id, one.endpoint_id, one.replay_of) for one in made] == [
        (event, new, None) for event in events
    ]


def test_only_what_never_arrived_counts_as_failed(world: World) -> None:
    _, second = happened(world, 2)
    become(world, DISCARDED, DISCARDED)
    run(world, wanted())
    arrive(world, deliveries(world)[2])
    give_up(world, deliveries(world)[3])

    run(world, wanted(scope=Scope.FAILED))

    assert [one.event_id for one in deliveries(world)[4:]] == [second]


def test_a_replay_is_narrowed_by_time_type_subject_and_endpoint(world: World) -> None:
    subscribe(world, "other")
    meant = an_event(type="a", subject_id="mine", at=NOON)
    others = [
        replace(meant, type="b"),
        replace(meant, subject_id="another"),
        replace(meant, at=NOON - timedelta(seconds=1)),
        replace(meant, at=NOON + timedelta(minutes=1)),
    ]
    with world.open_work() as work:
        work.endpoints.add(an_endpoint())
        event_id, *_ = [work.announce(one) for one in (meant, *others)]
    become(world, *[DELIVERED] * 10)

    narrow = wanted(until=NOON + timedelta(minutes=1), types=("a",), subject_id="mine", endpoint_id=HERE)
    run(world, narrow)

    assert [(one.event_id, one.endpoint_id) for one in deliveries(world)[10:]] == [(event_id, HERE)]


def test_who_no_longer_listens_is_not_told(world: World) -> None:
    happened(world, 1)
    become(world, DISCARDED)
    with world.open_work() as work:
        deaf = work.endpoints.get(ACCOUNT, HERE)
        deaf.types = ("another",)
        work.endpoints.save(deaf)

    assert run(world, wanted()).deliveries == 0


def test_a_long_span_is_gone_through_in_pages_each_event_once(world: World) -> None:
    happened(world, 5)
    become(world, *[DELIVERED] * 5)

    first = ask(world, wanted())
    turn(world, first)
    halfway = current(world, first)
    turn(world, first)

    again = [one.event_id for one in deliveries(world)[5:]]
    assert (halfway.deliveries, halfway.share) == (3, 3 / 5)
    assert len(again) == len(set(again)) == 5
    assert not world.rows.jobs
    assert current(world, first).status is ReplayStatus.DONE


@pytest.mark.parametrize(
    ("everywhere", "of_documents", "page"),
    [(0, 0, 0), (1, 0, PAGE), (0, 9, PAGE), (MOST_PAIRS // 4, 9, 4), (MOST_PAIRS * 2, 0, 1)],
)
def test_pages_are_short_when_many_may_hear(everywhere: int, of_documents: int, page: int) -> None:
    audience = Audience(
        [
            *(an_endpoint() for _ in range(everywhere)),
            *(an_endpoint(subject_id=str(place)) for place in range(of_documents)),
        ]
    )

    assert audience.page == page


def test_the_same_asked_while_it_runs_is_the_same_replay(world: World) -> None:
    happened(world, 1)

    first, again = ask(world, wanted()), ask(world, wanted(), now=LATER + timedelta(seconds=1))
    other = ask(world, wanted(scope=Scope.FAILED))
    run_all(world)

    assert first.id == again.id != other.id
    assert ask(world, wanted()).id != first.id


def test_asked_twice_nothing_is_sent_twice(world: World) -> None:
    happened(world, 2)
    become(world, DELIVERED, DELIVERED)

    run(world, wanted())
    second = run(world, wanted(scope=Scope.ALL, types=("test.happened",)))

    assert second.deliveries == 0
    assert len(deliveries(world)) == 4


def test_a_stopped_replay_takes_back_what_nobody_tried(world: World) -> None:
    happened(world, 5)
    become(world, *[DELIVERED] * 5)
    asked = ask(world, wanted())
    turn(world, asked)
    arrive(world, deliveries(world)[5])

    with world.open_work() as work:
        replaying.stop(work, ACCOUNT, asked.id, now=LATER)
    run_all(world)

    stopped = current(world, asked)
    assert (stopped.status, stopped.finished_at, stopped.deliveries) == (ReplayStatus.STOPPED, LATER, 1)
    assert len(deliveries(world)) == 5 + 1


def test_a_finished_replay_is_stopped_no_more(world: World) -> None:
    happened(world, 1)
    become(world, DELIVERED)
    done = run(world, wanted())

    with world.open_work() as work:
        replaying.stop(work, ACCOUNT, done.id, now=LATER)
    run_all(world)

    assert current(world, done).status is ReplayStatus.DONE
    assert len(deliveries(world)) == 2


def test_a_replay_without_anybody_who_listens_is_done_at_once(world: World) -> None:
    with world.open_work() as work:
        work.announce(an_event())

    assert run(world, wanted()).status is ReplayStatus.DONE


def test_nobody_replays_to_or_stops_what_is_another_account_s(world: World) -> None:
    happened(world, 1)
    mine = ask(world, wanted())
    davi = AccountId("davi")

    with world.open_work() as work:
        with pytest.raises(NotFound):
            replaying.ask(work, davi, wanted(endpoint_id=HERE), by="davi", now=LATER)
        with pytest.raises(NotFound):
            replaying.stop(work, davi, mine.id, now=LATER)


@pytest.mark.parametrize("scope", Scope)
def test_a_preview_counts_what_the_replay_then_makes(world: World, scope: Scope) -> None:
    happened(world, 5)
    become(world, DELIVERED, DISCARDED, WAITING, WAITING, DISCARDED)
    world.rows.deliveries.pop(deliveries(world)[4].id)
    failing = deliveries(world)[3]
    world.rows.deliveries[failing.id] = replace(failing, attempts=1, due_at=LATER + timedelta(hours=1))

    counted = preview(world, wanted(scope=scope))
    made = run(world, wanted(scope=scope))

    assert counted.exact
    assert (counted.deliveries, counted.hurried) == (made.deliveries, made.hurried)


def test_failures_of_a_span_are_counted_also_among_very_many_of_another(world: World) -> None:
    happened(world, 5)
    with world.open_work() as work:
        work.announce(an_event(at=LATER))
    become(world, *[DISCARDED] * 6)

    counted = preview(world, wanted(since=LATER, until=LATER + timedelta(1), scope=Scope.FAILED), looks=4)

    assert counted == Count(events=1, deliveries=1)


def test_events_of_a_rare_type_are_counted_also_among_very_many_others(world: World) -> None:
    happened(world, 5)
    with world.open_work() as work:
        work.announce(an_event(type="test.rare"))
    become(world, *[DELIVERED] * 6)

    assert preview(world, wanted(types=("test.rare",)), looks=4) == Count(events=1, deliveries=1)


def test_a_preview_that_looked_at_very_many_says_that_there_may_be_more(world: World) -> None:
    happened(world, 5)
    become(world, *[DISCARDED] * 5)

    assert not preview(world, wanted(scope=Scope.FAILED), looks=4).exact
    assert preview(world, wanted(scope=Scope.MISSING)).is_nothing
    assert not preview(world, wanted(scope=Scope.MISSING), looks=4).is_nothing


def test_what_is_due_anyway_is_not_counted_as_hurried(world: World) -> None:
    happened(world, 2)
    become(world, WAITING, WAITING, due_at=LATER, attempts=1)

    counted = preview(world, wanted(scope=Scope.FAILED))

    assert (counted.events, counted.deliveries, counted.hurried) == (2, 0, 0)


def test_a_preview_of_very_many_says_that_it_counted_no_further(world: World) -> None:
    happened(world, 5)
    become(world, *[DELIVERED] * 5)

    assert preview(world, wanted(), most=4) == Count(events=5, deliveries=5, exact=False)


def test_progress_is_told_by_time_where_events_are_too_many_to_count() -> None:
    replay = Replay(
        id=ReplayId("1"),
        account_id=ACCOUNT,
        wanted=wanted(until=NOON + timedelta(hours=4)),
        asked_by="cli",
        created_at=LATER,
        total=None,
        last=Place(at=NOON + timedelta(hours=1), position=0, event_id=EventId("1")),
    )

    assert replay.share == 0.25


def wanted(since: datetime = NOON, **narrowed: Any) -> Wanted:  # noqa: ANN401 - fields
    return Wanted(since=since, **narrowed)


def subscribe(world: World, name: str) -> EndpointId:
    with world.open_work() as work:
        work.endpoints.add(an_endpoint(id=EndpointId(name)))
    return EndpointId(name)


def happened(world: World, many: int) -> list[EventId]:
    """To a document that one endpoint hears of."""
    with world.open_work() as work:
        work.endpoints.add(an_endpoint())
        return [work.announce(an_event()) for _ in range(many)]


def deliveries(world: World) -> list[Delivery]:
    return list(world.rows.deliveries.values())


def become(world: World, *statuses: DeliveryStatus, **changes: object) -> None:
    for one, status in zip(deliveries(world), statuses, strict=True):
        world.rows.deliveries[one.id] = replace(one, status=status, **changes)


def arrive(world: World, one: Delivery) -> None:
    world.rows.deliveries[one.id] = replace(one, status=DELIVERED)


def give_up(world: World, one: Delivery) -> None:
    world.rows.deliveries[one.id] = replace(one, status=DISCARDED)


def ask(world: World, what: Wanted, *, now: datetime = LATER) -> Replay:
    with world.open_work() as work:
        return replaying.ask(work, ACCOUNT, what, by="cli", now=now)


def preview(world: World, what: Wanted, *, most: int = 99, looks: int = 99) -> Count:
    with world.open_work() as work:
        return replaying.preview(
            work, ACCOUNT, what, wordings=world.wordings, now=LATER, most=most, looks=looks
        )


def turn(world: World, replay: Replay) -> None:
    """What a worker does with the job that waits."""
    job = next(one for one in world.rows.jobs if one.payload == {"replay_id": replay.id})
    world.rows.jobs.remove(job)
    with world.open_work() as work:
        going = work.replays.get(AccountId(job.key), replay.id)
        replaying.turn_page(work, going, wordings=world.wordings, now=LATER, most=3)


def run_all(world: World) -> None:
    for _ in count():
        if not world.rows.jobs:
            break
        turn(world, world.rows.replays[ReplayId(str(world.rows.jobs[0].payload["replay_id"]))])


def run(world: World, what: Wanted) -> Replay:
    asked = ask(world, what)
    run_all(world)
    return current(world, asked)


def current(world: World, replay: Replay) -> Replay:
    return world.rows.replays[replay.id]
