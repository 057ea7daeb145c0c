"""How signers prove who they are: codes by three channels, a number that the sender knows, three attempts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lacre.kit.refusal import NotFound
from lacre.signing import actions, errors, events, identifying
from lacre.signing.code import MAX_PER_DAY, PAUSE, CodeResult
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Identification, Origin
from lacre.signing.signer import MAX_TRIES, Channel, Passcode, Signer
from tests.support.fake_work import World
from tests.support.people import ANA, BRUNO, LATER, NOW, act_of, bruno, contract

HERE = Origin(ip="198.51.100.7", port=50_000, user_agent="Phone")
LINK = f"{BRUNO}.0"


def test_without_the_code_nobody_signs_who_must_give_it() -> None:
    world = posted(bruno(email_code=True))

    with pytest.raises(errors.IdentificationMissing):
        sign(world)


def test_the_right_code_identifies_once() -> None:
    world = posted(bruno(email_code=True))
    ask_for_code(world)

    assert [type_code(world, "123456"), type_code(world, "123456")] == [CodeResult.RIGHT, CodeResult.WRONG]

    sign(world)
    assert len(kept(world).acts) == 1


@pytest.mark.parametrize(
    ("asked", "channel", "proof"),
    [
        ("email_code", Channel.EMAIL, Identification.EMAIL_CODE),
        ("sms_code", Channel.SMS, Identification.SMS_CODE),
        ("whatsapp_code", Channel.WHATSAPP, Identification.WHATSAPP_CODE),
    ],
)
def test_the_code_goes_where_the_sender_wants_it(asked: str, channel: Channel, proof: Identification) -> None:
    world = posted(replace(bruno(**{asked: True}), phone="11 98888-7777"))

    assert ask_for_code(world) is channel
    type_code(world, "123456")

    assert identifying.identified_by(the_signer(world)) == (Identification.LINK, proof)


def test_a_code_that_did_not_leave_proves_that_their_sender_told_it() -> None:
    world = posted(bruno(sms_code=True))
    ask_for_code(world)

    stay(world, NOW.isoformat())
    type_code(world, "123456")

    proofs = identifying.identified_by(the_signer(world))
    assert proofs == (Identification.LINK, Identification.TOLD_CODE)


def test_of_a_code_that_another_has_replaced_nothing_is_said() -> None:
    world = posted(bruno(email_code=True))
    ask_for_code(world)

    stay(world, "of an earlier one")
    type_code(world, "123456")

    assert Identification.EMAIL_CODE in identifying.identified_by(the_signer(world))


def test_who_is_asked_for_no_code_is_sent_none() -> None:
    world = posted(bruno())

    with pytest.raises(NotFound):
        ask_for_code(world)


def test_a_code_is_worth_nothing_after_ten_minutes() -> None:
    world = posted(bruno(email_code=True))
    ask_for_code(world)

    assert type_code(world, "123456", at=NOW + timedelta(minutes=10)) is CodeResult.WRONG


def test_three_failures_lock_and_are_told_once() -> None:
    world = posted(bruno(email_code=True))
    ask_for_code(world)

    results = [type_code(world, "000000") for _ in range(MAX_TRIES)]

    assert results == [CodeResult.WRONG, CodeResult.WRONG, CodeResult.LOCKED]
    assert type_code(world, "123456") is CodeResult.LOCKED
    told = [one.facts for one in world.rows.events.values() if one.type == FAILED]
    assert [(one["attempts_used"], one["max_attempts"], one["reason"]) for one in told] == [
        (3, 3, "wrong_code")
    ]


def test_failures_are_counted_over_several_codes() -> None:
    world = posted(bruno(email_code=True))
    for failure in range(MAX_TRIES):
        at = NOW + failure * PAUSE
        ask_for_code(world, at=at)
        type_code(world, "000000", at=at)

    with pytest.raises(errors.CodeLocked):
        ask_for_code(world, at=NOW + timedelta(hours=1))


def test_the_sender_lets_a_locked_out_signer_try_again_with_a_new_code() -> None:
    world = posted(bruno(email_code=True))
    ask_for_code(world)
    for _ in range(MAX_TRIES):
        type_code(world, "000000")

    unlock(world)

    assert type_code(world, "123456") is not CodeResult.RIGHT
    ask_for_code(world, at=NOW + timedelta(minutes=1))
    assert type_code(world, "123456", at=NOW + timedelta(minutes=1)) is CodeResult.RIGHT
    assert the_signer(world).failed_attempts == 0


def test_who_can_still_try_needs_no_second_chance() -> None:
    world = posted(bruno(email_code=True))

    with pytest.raises(errors.AttemptsLeft):
        unlock(world)


def test_two_codes_in_a_row_are_half_a_minute_apart() -> None:
    world = posted(bruno(email_code=True))
    ask_for_code(world)

    with pytest.raises(errors.CodeTooSoon):
        ask_for_code(world, at=NOW + PAUSE - timedelta(seconds=1))
    ask_for_code(world, at=NOW + PAUSE)


def test_a_day_has_ten_codes() -> None:
    world = posted(bruno(email_code=True))
    for count in range(MAX_PER_DAY):
        ask_for_code(world, at=NOW + count * timedelta(minutes=5))

    with pytest.raises(errors.TooManyCodes):
        ask_for_code(world, at=NOW + timedelta(hours=23))
    ask_for_code(world, at=NOW + timedelta(hours=25))


def test_a_phone_that_is_changed_must_be_proved_anew() -> None:
    world = posted(replace(bruno(sms_code=True), phone="11988887777"))
    ask_for_code(world)
    type_code(world, "123456")

    with world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        moved = replace(envelope.signer(BRUNO), phone="11900000000")
        actions.change_signer(work, envelope, moved, by=ANA, now=LATER)

    assert the_signer(world).identified_at is None


def test_where_the_code_went_cannot_be_moved_while_signing() -> None:
    world = posted(replace(bruno(sms_code=True), phone="11988887777"))
    ask_for_code(world)
    type_code(world, "123456")

    sign(world, phone="11900000000")

    assert the_signer(world).phone == "11988887777"


def test_the_number_that_the_sender_knows_has_to_be_typed() -> None:
    world = posted(replace(bruno(prove_tax_id=True), tax_id="52998224725"))
    with pytest.raises(errors.IdentificationMissing):
        sign(world)

    assert type_tax_id(world, "111.444.777-35") is CodeResult.WRONG
    assert type_tax_id(world, "529.982.247-25") is CodeResult.RIGHT

    assert Identification.TAX_ID in identifying.identified_by(the_signer(world))
    sign(world)


def test_a_number_that_nobody_knows_yet_only_has_to_be_one() -> None:
    world = posted(bruno(prove_tax_id=True))

    assert type_tax_id(world, "529.982.247-24") is CodeResult.WRONG
    assert type_tax_id(world, "529.982.247-25") is CodeResult.RIGHT

    assert the_signer(world).tax_id == "52998224725"


def test_numbers_are_guessed_three_times_at_most() -> None:
    world = posted(replace(bruno(prove_tax_id=True), tax_id="52998224725"))

    assert [type_tax_id(world, "1") for _ in range(3)][-1] is CodeResult.LOCKED
    assert type_tax_id(world, "52998224725") is CodeResult.LOCKED


def test_who_knows_one_secret_has_no_more_guesses_at_another() -> None:
    """A CPF is known to many: said again, it forgives nothing."""
    asked = bruno(prove_tax_id=True, passcode=Passcode(hidden="hidden", channel=None))
    world = posted(replace(asked, tax_id="52998224725"))

    guesses = []
    for _ in range(MAX_TRIES + 1):
        type_tax_id(world, "52998224725")
        guesses.append(type_passcode(world, "guessed"))

    assert guesses == [CodeResult.WRONG, CodeResult.WRONG, CodeResult.LOCKED, CodeResult.LOCKED]


def test_a_first_proof_forgives_the_failures_before_it() -> None:
    asked = bruno(prove_tax_id=True, passcode=Passcode(hidden="hidden", channel=None))
    world = posted(replace(asked, tax_id="52998224725"))

    wrong = [type_tax_id(world, "1") for _ in range(MAX_TRIES - 1)]
    type_tax_id(world, "52998224725")

    assert wrong == [CodeResult.WRONG] * (MAX_TRIES - 1)
    assert type_passcode(world, "guessed") is CodeResult.WRONG


FAILED = events.SIGNER_AUTHENTICATION_FAILED


def posted(*signers: Signer) -> World:
    world, envelope = World(), contract(*signers)
    with world.open_work() as work:
        actions.create(work, envelope, by=ANA, now=NOW)
        actions.send(work, envelope, by=ANA, now=NOW)
    return world


def ask_for_code(world: World, *, at: datetime = NOW) -> Channel:
    with world.open_work() as work:
        return identifying.send_code(work, LINK, code="123456", salt=at.isoformat(), now=at)[2]


def type_code(world: World, typed: str, *, at: datetime = NOW) -> CodeResult:
    with world.open_work() as work:
        return identifying.confirm_code(work, LINK, typed, origin=HERE, now=at)


def type_tax_id(world: World, typed: str) -> CodeResult:
    with world.open_work() as work:
        return identifying.confirm_tax_id(work, LINK, typed, origin=HERE, now=NOW)


def type_passcode(world: World, typed: str) -> CodeResult:
    with world.open_work() as work:
        return identifying.confirm_passcode(work, LINK, typed, "told", origin=HERE, now=NOW)


def stay(world: World, salt: str) -> None:
    with world.open_work() as work:
        identifying.code_stayed(work, BRUNO, salt)


def unlock(world: World) -> None:
    with world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        identifying.let_try_again(work, envelope, BRUNO, by=ANA, now=NOW)


def sign(world: World, **said: Any) -> None:  # noqa: ANN401 - particulars
    with world.open_work() as work:
        actions.sign(work, LINK, act_of(BRUNO), particulars=actions.Particulars(**said), now=LATER)


def kept(world: World) -> Envelope:
    with world.open_work() as work:
        return work.envelopes.for_job(contract().id)


def the_signer(world: World) -> Signer:
    return kept(world).signer(BRUNO)
