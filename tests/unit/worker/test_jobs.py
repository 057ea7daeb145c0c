"""Which function does each kind of slow work, and what becomes of one that fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lacre.kit.ids import JobId
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.signing import actions, schedule
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.signer import Channel, SignerOptions
from lacre.worker.handlers import HANDLERS
from lacre.worker.jobs import HANDLERS as TIMERS
from lacre.worker.jobs import LANES, Failed, retry_wait
from tests.support.fake_work import JobRow, World
from tests.support.kept import an_envelope
from tests.support.services import services_with
from tests.support.webhooks import ACCOUNT, NOON

ANA = Actor(name="user:ana")
LIMIT = NOON + timedelta(days=8)


@pytest.fixture
def world() -> World:
    return World()


def sent(world: World, **changes: object) -> Envelope:
    """An envelope whose two signers get mail."""
    envelope = replace(an_envelope(ACCOUNT), status=EnvelopeStatus.DRAFT, expires_at=LIMIT)
    for signer in envelope.signers:
        signer.options = SignerOptions(notify_by=(Channel.EMAIL,))
    for name, value in changes.items():
        setattr(envelope, name, value)
    with world.open_work() as work:
        actions.create(work, envelope, by=ANA, now=NOON)
        actions.send(work, envelope, by=ANA, now=NOON)
    return envelope


def services(world: World) -> Services:
    return services_with(open_work=world.open_work)


def do_due(world: World, now: datetime) -> None:
    """Every timer that is due, as the worker would."""
    with world.open_work() as work:
        held = work.queue.claim("worker", now=now, limit=99, kinds=tuple(TIMERS))
    for job in held:
        TIMERS[job.kind](services(world), job, now)
        with world.open_work() as work:
            work.queue.finish("worker", job.id, now=now)


def kept(world: World, envelope: Envelope) -> Envelope:
    with world.open_work() as work:
        return work.envelopes.get(ACCOUNT, envelope.id)


def queued(world: World, kind: str) -> list[JobRow]:
    return [row for row in world.rows.jobs if row.kind == kind and row.status == "waiting"]


# ── the clocks of an envelope ────────────────────────────────────────────────


def test_an_envelope_expires_at_its_limit(world: World) -> None:
    envelope = sent(world)
    do_due(world, LIMIT)

    assert kept(world, envelope).status is EnvelopeStatus.EXPIRED


def test_a_moved_limit_is_the_one_that_counts(world: World) -> None:
    envelope = sent(world)
    with world.open_work() as work:
        actions.change_limit(work, envelope, LIMIT + timedelta(days=30), by=ANA, now=NOON)
    do_due(world, LIMIT)

    assert kept(world, envelope).status is EnvelopeStatus.PENDING


def test_a_closed_envelope_is_left_as_it_is(world: World) -> None:
    envelope = sent(world)
    with world.open_work() as work:
        actions.cancel(work, envelope, "wrong file", by=ANA, now=NOON)
    closed = kept(world, envelope)
    do_due(world, LIMIT)

    assert kept(world, envelope) == closed


def test_signers_are_warned_seven_three_and_one_day_before(world: World) -> None:
    envelope = sent(world)
    warned = []
    for days in (7, 3, 1):
        do_due(world, LIMIT - timedelta(days=days))
        warned.append(list(kept(world, envelope).alerts_given))

    assert warned == [[7], [7, 3], [7, 3, 1]]


def test_a_warning_goes_to_each_who_still_owes_a_signature(world: World) -> None:
    envelope = sent(world)
    do_due(world, LIMIT - timedelta(days=7))

    warnings = [row for row in queued(world, schedule.NOTIFY) if row.payload["kind"] == "expiring"]
    assert {row.payload["signer_id"] for row in warnings} == {one.id for one in envelope.signers}


def test_reminders_come_three_times_at_the_most(world: World) -> None:
    options = replace(an_envelope(ACCOUNT).options, reminder_days=1)
    envelope = sent(world, options=options, expires_at=None)
    for day in range(1, 9):
        do_due(world, NOON + timedelta(days=day))

    assert kept(world, envelope).reminders_given == 3
    assert queued(world, schedule.REMIND) == []


def test_a_reminder_done_twice_reminds_once(world: World) -> None:
    options = replace(an_envelope(ACCOUNT).options, reminder_days=1)
    envelope = sent(world, options=options, expires_at=None)
    (row,) = queued(world, schedule.REMIND)
    job = a_job(kind=row.kind, key=row.key, payload=row.payload)

    for _ in range(2):
        TIMERS[schedule.REMIND](services(world), job, NOON + timedelta(days=1))

    assert kept(world, envelope).reminders_given == 1


# ── failures ─────────────────────────────────────────────────────────────────


def a_job(**changes: object) -> HeldJob:
    job = HeldJob(id=JobId("job"), kind=schedule.NOTIFY, key="envelope", payload={}, attempts=1)
    return replace(job, **changes)  # type: ignore[arg-type]


def waits(kind: str, attempts: int, *, retry: bool = True) -> timedelta | None:
    return retry_wait(a_job(kind=kind, attempts=attempts), Failed(problem="no", retry=retry))


def test_a_failed_job_waits_from_five_seconds_to_an_hour() -> None:
    seconds = [int(one.total_seconds()) for n in range(1, 13) if (one := waits(schedule.NOTIFY, n))]

    assert seconds == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_a_job_is_given_up_after_two_days() -> None:
    assert (waits(schedule.NOTIFY, 59), waits(schedule.NOTIFY, 60)) == (timedelta(hours=1), None)


def test_a_job_that_cannot_succeed_is_given_up_at_once() -> None:
    assert waits(schedule.NOTIFY, 1, retry=False) is None


@pytest.mark.parametrize("retry", [True, False])
def test_a_seal_is_never_given_up(retry: bool) -> None:
    assert waits(schedule.SEAL, 1000, retry=retry) == timedelta(hours=1)


def test_every_kind_of_job_has_one_lane_and_one_function() -> None:
    kinds = [kind for lane in LANES for kind in lane.kinds]

    assert sorted(kinds) == sorted(HANDLERS)
