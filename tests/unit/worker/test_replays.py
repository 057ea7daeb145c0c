"""A replay as the worker goes through it: a job a page, each in its own transaction."""

from __future__ import annotations

from datetime import timedelta

from lacre.kit.ids import JobId
from lacre.kit.jobs import HeldJob
from lacre.webhooks import replaying
from lacre.webhooks.replay import Replay, ReplayStatus, Scope, Wanted
from lacre.webhooks.replaying import PAGE
from lacre.worker.replays import replay
from tests.support.fake_work import World
from tests.support.plain import Plain
from tests.support.services import services_with
from tests.support.webhooks import ACCOUNT, NOON, an_endpoint, an_event

LATER = NOON + timedelta(hours=1)
MISSED = Wanted(since=NOON, scope=Scope.MISSING)


def test_each_page_asks_for_the_next_until_all_is_told() -> None:
    world, asked = asked_of(events=PAGE + 50)

    jobs = [do_next(world), do_next(world)]

    assert [job.key for job in jobs] == [ACCOUNT, ACCOUNT]
    assert not world.rows.jobs
    assert len(world.rows.deliveries) == PAGE + 50
    assert world.rows.replays[asked.id].status is ReplayStatus.DONE


def test_a_page_whose_end_was_not_written_down_is_not_told_twice() -> None:
    """The worker died after the commit: the job is done again."""
    world, asked = asked_of(events=PAGE + 50)
    first = do_next(world)

    do(world, first)
    do_next(world)

    assert len(world.rows.deliveries) == PAGE + 50
    assert world.rows.replays[asked.id].deliveries == PAGE + 50


def asked_of(events: int) -> tuple[World, Replay]:
    """By an endpoint that came after them."""
    world = World(wordings={"plain": Plain()})
    with world.open_work() as work:
        for _ in range(events):
            work.announce(an_event())
        work.endpoints.add(an_endpoint(dialect="plain"))
        return world, replaying.ask(work, ACCOUNT, MISSED, by="cli", now=LATER)


def do_next(world: World) -> HeldJob:
    row = world.rows.jobs.pop(0)
    job = HeldJob(id=JobId("job"), kind=row.kind, key=row.key, payload=row.payload, attempts=1)
    do(world, job)
    return job


def do(world: World, job: HeldJob) -> None:
    replay(services_with(open_work=world.open_work, wordings=world.wordings), job, LATER)
