"""States of an envelope, and the verbs that change them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lacre.kit.ids import SignerId
from lacre.kit.refusal import NotFound, Refusal
from lacre.kit.times import end_of_day
from lacre.signing import errors, events
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.layout import FieldKind
from lacre.signing.signer import Role, SignerStatus
from tests.support.people import BRUNO, CARLA, LATER, NOW, act_of, bruno, carla, contract, field_for, sent


def test_a_draft_becomes_pending_when_it_is_sent() -> None:
    envelope = contract()

    happened = envelope.send(now=NOW)

    assert envelope.status is EnvelopeStatus.PENDING
    assert [one.type for one in happened] == [events.ENVELOPE_SENT]


def test_what_was_sent_is_not_sent_again() -> None:
    with pytest.raises(errors.EnvelopeNotDraft):
        sent().send(now=NOW)


@pytest.mark.parametrize("documents", [0, 26])
def test_an_envelope_holds_one_to_twenty_five_documents(documents: int) -> None:
    envelope = contract()
    envelope.documents = envelope.documents * documents

    with pytest.raises(errors.NoDocuments):
        envelope.send(now=NOW)


def test_an_envelope_without_signers_is_not_sent() -> None:
    envelope = contract()
    envelope.signers = []

    with pytest.raises(errors.NoSigners):
        envelope.send(now=NOW)


def test_a_limit_in_the_past_is_refused() -> None:
    envelope = contract()
    envelope.expires_at = NOW - timedelta(seconds=1)

    with pytest.raises(errors.LimitPassed) as refusal:
        envelope.send(now=NOW)

    assert str(refusal.value) == "The date limit 2026-11-20 is in the past."


def test_the_day_of_a_limit_is_the_one_that_people_chose() -> None:
    envelope = contract()
    envelope.expires_at = end_of_day(date(2026, 11, 19))

    with pytest.raises(errors.LimitPassed) as refusal:
        envelope.send(now=NOW)

    assert str(refusal.value) == "The date limit 2026-11-19 is in the past."


def test_a_field_must_lie_on_a_page_of_its_document() -> None:
    envelope = contract()
    envelope.fields = [field_for(BRUNO, FieldKind.TEXT, page=2)]

    with pytest.raises(errors.FieldOffPage):
        envelope.send(now=NOW)


def test_a_field_must_belong_to_somebody_who_signs() -> None:
    envelope = contract(bruno())
    envelope.fields = [field_for(CARLA, FieldKind.TEXT)]

    with pytest.raises(errors.FieldForStranger):
        envelope.send(now=NOW)


def test_opening_the_link_counts_a_view() -> None:
    envelope = sent()

    envelope.view(BRUNO, now=NOW)
    envelope.view(BRUNO, now=LATER)

    signer = envelope.signer(BRUNO)
    assert (signer.times_viewed, signer.last_viewed_at, signer.status) == (2, LATER, SignerStatus.VIEWED)


def test_reading_is_confirmed_once() -> None:
    envelope = sent()

    first = envelope.confirm_reading(BRUNO, now=NOW)
    second = envelope.confirm_reading(BRUNO, now=LATER)

    assert [one.type for one in first] == [events.SIGNER_READ]
    assert second == []
    assert envelope.signer(BRUNO).read_at == NOW


def test_everyone_having_signed_is_not_yet_complete() -> None:
    envelope = sent()

    envelope.sign(act_of(BRUNO))
    envelope.sign(act_of(CARLA))

    assert envelope.everyone_signed
    assert envelope.status is EnvelopeStatus.PENDING


def test_nobody_signs_twice() -> None:
    envelope = sent()
    envelope.sign(act_of(BRUNO))

    with pytest.raises(errors.AlreadySigned):
        envelope.sign(act_of(BRUNO))


def test_in_a_sequential_envelope_the_next_waits_for_the_first() -> None:
    envelope = sent(sequential=True)

    with pytest.raises(errors.NotTheirTurn):
        envelope.sign(act_of(CARLA))

    envelope.sign(act_of(BRUNO))
    envelope.sign(act_of(CARLA))
    assert envelope.everyone_signed


def test_in_a_parallel_envelope_anybody_may_be_first() -> None:
    envelope = sent()

    envelope.sign(act_of(CARLA))

    assert envelope.signer(CARLA).status is SignerStatus.SIGNED


def test_a_refusal_needs_a_reason_and_the_senders_leave() -> None:
    with pytest.raises(errors.RefusalNotAllowed):
        sent().refuse(BRUNO, "não", now=NOW)
    with pytest.raises(errors.ReasonMissing):
        sent(allow_refusal=True).refuse(BRUNO, "  ", now=NOW)


def test_a_refusal_ends_the_envelope() -> None:
    envelope = sent(allow_refusal=True)

    happened = envelope.refuse(BRUNO, " valor errado ", now=LATER)

    assert [one.type for one in happened] == [events.SIGNER_REFUSED, events.ENVELOPE_REFUSED]
    assert (envelope.status, envelope.reason, envelope.finished_at) == (
        EnvelopeStatus.REFUSED,
        "valor errado",
        LATER,
    )
    with pytest.raises(errors.EnvelopeClosed, match="refused"):
        envelope.sign(act_of(CARLA))


@pytest.mark.parametrize("verb", ["cancel", "remove", "add", "change", "resend", "limit"])
def test_nothing_is_changed_once_everybody_signed(verb: str) -> None:
    envelope = sent()
    envelope.sign(act_of(BRUNO))
    envelope.sign(act_of(CARLA))

    with pytest.raises(Refusal) as refusal:
        do(verb, envelope)

    assert isinstance(refusal.value, errors.EnvelopeClosed)


def test_who_has_signed_stays() -> None:
    envelope = sent()
    envelope.sign(act_of(BRUNO))

    with pytest.raises(errors.SignerHasSigned):
        envelope.remove_signer(BRUNO, now=NOW)


def test_the_only_signer_stays() -> None:
    with pytest.raises(errors.LastSigner):
        sent(bruno()).remove_signer(BRUNO, now=NOW)


def test_removing_the_last_who_waits_lets_the_envelope_complete() -> None:
    envelope = sent()
    envelope.sign(act_of(BRUNO))

    envelope.remove_signer(CARLA, now=NOW)

    assert envelope.everyone_signed
    with pytest.raises(NotFound):
        envelope.signer(CARLA)


def test_a_change_of_signers_rebuilds_the_files_only_after_an_act() -> None:
    before, after = sent(bruno()), sent(bruno())
    after.signers.append(contract().signers[1])
    after.sign(act_of(BRUNO))

    before.add_signer(contract().signers[1])
    after.remove_signer(CARLA, now=NOW)

    assert (before.structure, after.structure) == (0, 1)


def test_the_limit_holds_although_nobody_expired_the_envelope_yet() -> None:
    envelope = sent(allow_refusal=True)
    envelope.expires_at = LATER

    with pytest.raises(errors.EnvelopeClosed, match="expired"):
        envelope.sign(act_of(BRUNO, at=LATER))
    with pytest.raises(errors.EnvelopeClosed, match="expired"):
        envelope.refuse(BRUNO, "Tarde demais", now=LATER)

    envelope.sign(act_of(BRUNO, at=LATER - timedelta(microseconds=1)))


def test_who_only_observes_from_now_on_leaves_their_fields_and_the_files_are_built_again() -> None:
    envelope = sent()
    envelope.fields = [field_for(CARLA, FieldKind.TEXT)]
    envelope.sign(act_of(BRUNO))

    envelope.change_signer(replace(envelope.signer(CARLA), role=Role.OBSERVER))

    assert envelope.everyone_signed
    assert (envelope.fields, envelope.structure) == ([], 1)


def test_an_observer_who_is_to_sign_gets_a_place_in_files_built_again() -> None:
    envelope = sent(bruno(), replace(carla(), role=Role.OBSERVER))
    envelope.signers.append(replace(carla(), id=SignerId("another")))
    envelope.sign(act_of(BRUNO))

    envelope.change_signer(replace(envelope.signer(CARLA), role=Role.SIGNER))

    assert envelope.structure == 1


def test_the_only_signer_cannot_become_an_observer() -> None:
    envelope = sent(bruno())

    with pytest.raises(errors.LastSigner):
        envelope.change_signer(replace(envelope.signer(BRUNO), role=Role.OBSERVER))


@pytest.mark.parametrize("kind", [FieldKind.TEXT, FieldKind.DATE, FieldKind.CHECKBOX, FieldKind.NAME])
def test_a_document_that_came_signed_takes_only_signatures(kind: FieldKind) -> None:
    envelope = contract()
    envelope.documents[0].came_signed = 1

    with pytest.raises(errors.FieldBesideSignatures):
        envelope.place_fields(BRUNO, [field_for(BRUNO, kind)])

    envelope.place_fields(BRUNO, [field_for(BRUNO, FieldKind.SIGNATURE)])


def test_resending_reopens_what_expired() -> None:
    envelope = sent()
    envelope.expires_at = LATER
    envelope.expire(now=LATER)

    envelope.resend(
        now=LATER, expires_at=LATER + timedelta(days=1), renew=[one.id for one in envelope.signers]
    )

    assert envelope.status is EnvelopeStatus.PENDING
    assert [signer.link_generation for signer in envelope.signers] == [1, 1]


def test_an_envelope_expires_only_when_its_limit_has_passed() -> None:
    envelope = sent()
    envelope.expires_at = LATER

    assert envelope.expire(now=LATER - timedelta(microseconds=1)) == []
    assert [one.type for one in envelope.expire(now=LATER)] == [events.ENVELOPE_EXPIRED]
    assert envelope.expire(now=LATER) == []


def test_an_alert_is_given_once() -> None:
    envelope = sent()

    assert [one.detail for one in envelope.alert(3)] == [{"days_left": 3}]
    assert envelope.alert(3) == []


def test_deleting_twice_happens_once() -> None:
    envelope = sent()

    assert [one.type for one in envelope.delete(now=NOW)] == [events.ENVELOPE_DELETED]
    assert envelope.delete(now=LATER) == []
    assert envelope.deleted_at == NOW


def do(verb: str, envelope: Envelope) -> None:
    match verb:
        case "cancel":
            envelope.cancel("engano", now=NOW)
        case "remove":
            envelope.remove_signer(BRUNO, now=NOW)
        case "add":
            envelope.add_signer(bruno())
        case "change":
            envelope.change_signer(bruno())
        case "resend":
            envelope.resend(now=NOW, expires_at=None)
        case _:
            envelope.change_limit(None, now=NOW)


def with_quorum(least: int) -> Envelope:
    """Bruno and Carla in one group, of which so many have to sign."""
    envelope = sent()
    envelope.options = replace(envelope.options, sequential=True, quorums={0: least})
    for one in envelope.signers:
        one.group = 0
    return envelope


def test_who_is_left_of_a_group_is_let_off_once_enough_have_signed() -> None:
    envelope = with_quorum(1)

    happened = envelope.sign(act_of(BRUNO))

    assert [(one.type, one.signer_id) for one in happened] == [
        (events.SIGNER_SIGNED, BRUNO),
        (events.SIGNER_RELEASED, CARLA),
    ]
    assert envelope.everyone_signed


def test_whoever_was_let_off_signs_no_more() -> None:
    envelope = with_quorum(1)
    envelope.signers.append(replace(bruno(), id=SignerId("davi"), group=1))
    envelope.sign(act_of(BRUNO))

    with pytest.raises(errors.NotNeeded):
        envelope.sign(act_of(CARLA))

    assert envelope.their_turn(envelope.signer(SignerId("davi")))


def test_a_group_that_does_not_have_enough_goes_on() -> None:
    envelope = with_quorum(2)

    happened = envelope.sign(act_of(BRUNO))

    assert [one.type for one in happened] == [events.SIGNER_SIGNED]
    assert envelope.open


def test_groups_that_are_dissolved_need_everybody_again() -> None:
    envelope = with_quorum(1)

    envelope.ungroup()
    envelope.sign(act_of(BRUNO))

    assert envelope.open
