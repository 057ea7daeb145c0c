"""Actions: what is kept, announced and asked of the worker, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lacre.kit.json import Json
from lacre.signing import actions, elapsing, errors, events, notifying, schedule
from lacre.signing.audit import first_break
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.layout import FieldKind
from lacre.signing.signer import Signer
from tests.support.fake_work import World
from tests.support.people import ANA, BRUNO, CARLA, LATER, NOW, act_of, bruno, contract, field_for

HERE = Origin(ip="198.51.100.7", port=50_000, user_agent="Phone")
NOBODY_CHANGED = actions.Particulars()


def test_sending_invites_everybody_of_a_parallel_envelope() -> None:
    world = posted(contract())

    assert notified(world) == [(BRUNO, "invitation"), (CARLA, "invitation")]


def test_sending_invites_only_the_first_of_a_sequential_envelope() -> None:
    world = posted(contract(sequential=True))

    assert notified(world) == [(BRUNO, "invitation")]


def test_a_silent_envelope_invites_nobody() -> None:
    world = posted(contract(silent=True))

    assert notified(world) == []


def test_signing_keeps_the_act_and_asks_for_its_seal_in_one_transaction() -> None:
    world = posted(contract())

    sign(world, bruno())

    assert [act.signer_id for act in kept(world).acts] == [BRUNO]
    assert jobs(world, schedule.SEAL) == [{}]
    assert told(world)[-1] == events.SIGNER_SIGNED


def test_a_failed_commit_leaves_no_trace_of_the_act() -> None:
    world = posted(contract())
    before = told(world)
    world.breaks.append(OSError("disk full"))

    with pytest.raises(OSError, match="disk full"):
        sign(world, bruno())

    assert (kept(world).acts, jobs(world, schedule.SEAL), told(world)) == ([], [], before)


def test_signing_invites_who_comes_next() -> None:
    world = posted(contract(sequential=True))

    sign(world, bruno())

    assert notified(world) == [(BRUNO, "invitation"), (CARLA, "turn")]


def test_the_document_must_be_the_one_that_was_seen() -> None:
    world = posted(contract())
    act = act_of(BRUNO)

    with world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        envelope.documents[0].original = type(envelope.documents[0].original)("1" * 64)
        work.envelopes.save(envelope)

    with pytest.raises(errors.EnvelopeClosed), world.open_work() as work:
        actions.sign(work, f"{BRUNO}.0", act, particulars=NOBODY_CHANGED, now=LATER)


def test_required_fields_are_asked_for() -> None:
    envelope = contract()
    envelope.fields = [field_for(BRUNO, FieldKind.TAX_ID)]
    world = posted(envelope)

    with pytest.raises(errors.ValueMissing):
        sign(world, bruno())

    act = act_of(BRUNO, values={envelope.fields[0].id: "111.111.111-11"})
    with pytest.raises(errors.ValueInvalid), world.open_work() as work:
        actions.sign(work, f"{BRUNO}.0", act, particulars=NOBODY_CHANGED, now=LATER)


def test_locked_particulars_stay_as_the_sender_gave_them() -> None:
    world = posted(contract(bruno(lock_name=True)))
    wished = actions.Particulars(name="Outro", email="novo@example.test", tax_id="123.456.789-09")

    with world.open_work() as work:
        actions.sign(work, f"{BRUNO}.0", act_of(BRUNO), particulars=wished, now=LATER)

    signer = kept(world).signer(BRUNO)
    assert (signer.name, signer.email, signer.tax_id) == (
        "Bruno Lima",
        "novo@example.test",
        "12345678909",
    )


def test_a_second_reminder_within_half_an_hour_is_refused() -> None:
    world = posted(contract())
    with world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        notifying.notified(work, envelope, BRUNO, detail={"channel": "email", "kind": "invitation"}, now=NOW)

    envelope = kept(world)
    with pytest.raises(errors.NotNotifiedYet), world.open_work() as work:
        actions.remind(work, envelope, BRUNO, now=NOW + timedelta(minutes=29))


def test_two_reminders_in_a_row_are_one_before_the_first_has_left() -> None:
    world = posted(contract())

    with world.open_work() as work:
        actions.remind(work, work.envelopes.for_job(contract().id), BRUNO, now=NOW)

    with pytest.raises(errors.NotNotifiedYet), world.open_work() as work:
        actions.remind(work, work.envelopes.for_job(contract().id), BRUNO, now=NOW)


def test_a_reminder_that_could_not_be_sent_may_be_asked_for_again_at_once() -> None:
    world = posted(contract())
    failed: dict[str, Json] = {"channel": "email", "kind": "reminder", "reason": "550"}
    with world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        actions.remind(work, envelope, BRUNO, now=NOW)
        notifying.notified(work, envelope, BRUNO, detail=failed, now=NOW)

    with world.open_work() as work:
        actions.remind(work, work.envelopes.for_job(contract().id), BRUNO, now=NOW)


def test_only_whose_turn_it_is_are_reminded() -> None:
    world = posted(contract(sequential=True))
    envelope = kept(world)

    with pytest.raises(errors.NotTheirTurn), world.open_work() as work:
        actions.remind(work, envelope, CARLA, now=NOW)


def test_who_has_signed_is_not_reminded() -> None:
    world = posted(contract())
    sign(world, bruno())
    envelope = kept(world)

    with pytest.raises(errors.AlreadySigned), world.open_work() as work:
        actions.remind(work, envelope, BRUNO, now=LATER)


def test_who_gets_the_turn_by_a_change_of_order_is_invited() -> None:
    world = posted(contract(sequential=True))

    envelope = kept(world)
    with world.open_work() as work:
        last = replace(envelope.signer(BRUNO), group=7)
        actions.change_signer(work, envelope, last, by=ANA, now=LATER)

    assert notified(world) == [(BRUNO, "invitation"), (CARLA, "turn")]


def test_a_change_that_moves_no_turn_invites_nobody_again() -> None:
    world = posted(contract())

    envelope = kept(world)
    with world.open_work() as work:
        renamed = replace(envelope.signer(BRUNO), name="Bruno Dias")
        actions.change_signer(work, envelope, renamed, by=ANA, now=LATER)

    assert notified(world) == [(BRUNO, "invitation"), (CARLA, "invitation")]


def test_opening_the_link_after_the_limit_counts_no_view() -> None:
    envelope = contract()
    envelope.expires_at = LATER
    world = posted(envelope)

    with world.open_work() as work:
        actions.view(work, f"{BRUNO}.0", origin=HERE, now=LATER)

    assert kept(world).signer(BRUNO).times_viewed == 0


def test_a_limit_brings_its_alerts_and_its_end() -> None:
    envelope = contract()
    envelope.expires_at = NOW + timedelta(days=5)

    world = posted(envelope)

    due = sorted((row.due_at, row.kind) for row in world.rows.jobs if row.kind != schedule.NOTIFY)
    assert due == [
        (NOW + timedelta(days=2), schedule.ALERT),
        (NOW + timedelta(days=4), schedule.ALERT),
        (NOW + timedelta(days=5), schedule.EXPIRE),
    ]


def test_reminders_stop_after_three() -> None:
    world = posted(contract(reminder_days=1))

    for _ in range(5):
        with world.open_work() as work:
            elapsing.remind_all(work, work.envelopes.for_job(contract().id), now=NOW)

    assert [kind for _, kind in notified(world)].count("reminder") <= 6
    assert kept(world).reminders_given == 3


def test_a_change_of_signers_after_an_act_seals_anew() -> None:
    world = posted(contract())
    sign(world, bruno())
    world.rows.jobs.clear()

    envelope = kept(world)
    with world.open_work() as work:
        actions.remove_signer(work, envelope, CARLA, by=ANA, now=LATER)

    assert jobs(world, schedule.SEAL) == [{}]
    assert kept(world).everyone_signed


def test_what_everybody_did_stands_in_a_chain_that_shows_changes() -> None:
    world = posted(contract())
    sign(world, bruno())
    entries = world.rows.audit[contract().id]

    whole = [entry.hash for entry in entries]

    assert first_break(entries, whole) is None
    assert first_break(entries[1:], whole[1:]) == 0
    assert [entry.actor for entry in entries] == ["user:ana", "user:ana", f"signer:{BRUNO}"]
    assert entries[-1].detail["ip"] == "198.51.100.7"


def posted(envelope: Envelope) -> World:
    world = World()
    with world.open_work() as work:
        actions.create(work, envelope, by=ANA, now=NOW)
        actions.send(work, envelope, by=ANA, now=NOW)
    return world


def sign(world: World, signer: Signer) -> None:
    with world.open_work() as work:
        actions.sign(work, f"{signer.id}.0", act_of(signer.id), particulars=NOBODY_CHANGED, now=LATER)


def kept(world: World) -> Envelope:
    with world.open_work() as work:
        return work.envelopes.for_job(contract().id)


def told(world: World) -> list[str]:
    return [event.type for event in world.rows.events.values()]


def notified(world: World) -> list[tuple[object, object]]:
    asked = [row.payload for row in world.rows.jobs if row.kind == schedule.NOTIFY]
    return [(payload["signer_id"], payload["kind"]) for payload in asked]


def jobs(world: World, kind: str) -> list[object]:
    return [dict(row.payload) for row in world.rows.jobs if row.kind == kind]
