"""A span of events told again, page by page."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from lacre.kit.ids import DeliveryId, JobId
from lacre.kit.jobs import HeldJob
from lacre.kit.json import Json
from lacre.kit.times import rfc3339
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.replaying import PAGE, REPLAY
from lacre.worker.replays import replay
from tests.support.fake_work import World
from tests.support.plain import Plain
from tests.support.services import services_with
from tests.support.webhooks import NOON, an_endpoint, an_event


def test_a_long_span_is_told_again_in_pages_each_event_once() -> None:
    world = world_with(events=PAGE + 50)

    replay_all(world)

    replayed = [row.event_id for row in world.rows.deliveries.values() if row.created_at > NOON]
    assert len(replayed) == len(set(replayed)) == PAGE + 50


def test_only_what_never_arrived_is_told_again_when_asked() -> None:
    world = world_with(events=3)
    first = next(iter(world.rows.deliveries))
    arrive(world, first)

    replay_all(world, only_failed=True)

    assert len(world.rows.deliveries) == 3 + 2


def test_events_outside_of_the_span_are_left_alone() -> None:
    world = world_with(events=3)

    replay_all(world, since=rfc3339(NOON + timedelta(seconds=1)))

    assert len(world.rows.deliveries) == 3


def world_with(events: int) -> World:
    world = World(wordings={"plain": Plain()})
    with world.open_work() as work:
        work.endpoints.add(an_endpoint(dialect="plain"))
        for _ in range(events):
            work.announce(an_event())
    return world


def arrive(world: World, delivery_id: DeliveryId) -> None:
    waiting = world.rows.deliveries[delivery_id]
    world.rows.deliveries[delivery_id] = replace(waiting, status=DeliveryStatus.DELIVERED)


def replay_all(world: World, **wanted: Json) -> None:
    """The first page, and each that it asks for."""
    payload: dict[str, Json] = {"since": rfc3339(NOON), "until": rfc3339(NOON + timedelta(days=1)), **wanted}
    services = services_with(open_work=world.open_work, wordings=world.wordings)
    now = NOON + timedelta(hours=1)
    pages = [payload]
    for page in pages:
        job = HeldJob(id=JobId("job"), kind=REPLAY, key="replay", payload=page, attempts=1)
        replay(services, job, now)
        pages += [dict(row.payload) for row in world.rows.jobs]
        world.rows.jobs.clear()
