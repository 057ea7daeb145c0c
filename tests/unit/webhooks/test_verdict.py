"""What an attempt's outcome means for its delivery and its endpoint."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.request import NoAnswer, Outcome, Reason, Timings
from lacre.webhooks.verdict import NotWorded, Verdict, settle, succeeded
from tests.support.webhooks import NOON, PROMISE, a_delivery, an_answer, no_answer


def verdict(outcome: Outcome | NotWorded, *, attempts: int = 0, scale: float = 1) -> Verdict:
    return settle(a_delivery(attempts=attempts), outcome, PROMISE, now=NOON, roll=lambda: 0.0, scale=scale)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_an_answer_in_the_200s_delivers(status: int) -> None:
    assert verdict(an_answer(status)).status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize("status", [100, 301, 302, 304, 400, 404, 429, 500, 599])
def test_any_other_answer_is_tried_again(status: int) -> None:
    assert verdict(an_answer(status)) == Verdict(
        status=DeliveryStatus.WAITING, due_at=NOON + timedelta(seconds=10)
    )


def test_silence_is_tried_again() -> None:
    assert verdict(no_answer(), attempts=1).due_at == NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("reason", "sent", "believed"),
    [("deadline", True, True), ("deadline", False, False), ("reset", True, False)],
)
def test_whoever_got_the_request_and_stays_silent_may_be_believed(
    reason: Reason, sent: bool, believed: bool
) -> None:
    promise = replace(PROMISE, silence_is_success=True)
    silence = NoAnswer(reason=reason, detail="", timings=Timings(), sent=sent)

    assert succeeded(silence, promise) is believed
    assert not succeeded(silence, PROMISE)
    assert not succeeded(an_answer(500), promise)


def test_a_type_is_stopped_by_the_last_failure_alone() -> None:
    promise = replace(PROMISE, stops_type_at_end=True)

    def stops(attempts: int) -> bool:
        tried = a_delivery(attempts=attempts)
        return settle(tried, an_answer(500), promise, now=NOON, roll=lambda: 0.0).stop_type

    assert [stops(attempts) for attempts in (0, 1, 2)] == [False, False, True]


@pytest.mark.parametrize("by_type", [True, False])
def test_each_failure_says_whether_events_are_given_up_type_by_type(by_type: bool) -> None:
    promise = replace(PROMISE, stops_type_at_end=by_type)

    assert settle(a_delivery(), an_answer(500), promise, now=NOON, roll=lambda: 0.0).by_type is by_type


def test_what_we_could_not_say_is_tried_again() -> None:
    assert verdict(NotWorded(detail="KeyError")).status is DeliveryStatus.WAITING


def test_after_the_last_wait_a_delivery_is_given_up() -> None:
    assert verdict(an_answer(500), attempts=2) == Verdict(status=DeliveryStatus.DISCARDED, due_at=NOON)


def test_attempts_that_count_no_more_leave_the_whole_schedule() -> None:
    forgiven = a_delivery(attempts=9, forgiven=9)

    verdict = settle(forgiven, an_answer(500), PROMISE, now=NOON, roll=lambda: 0.0)

    assert (verdict.status, verdict.due_at) == (DeliveryStatus.WAITING, NOON + PROMISE.waits[0])


def test_a_delivery_sent_again_by_hand_has_one_attempt() -> None:
    assert verdict(an_answer(500), attempts=9).status is DeliveryStatus.DISCARDED


def test_a_dialect_may_take_200_alone() -> None:
    strict = replace(PROMISE, only_200=True)

    assert [succeeded(an_answer(status), strict) for status in (200, 201, 204)] == [True, False, False]


def test_a_receiver_that_is_gone_disables_its_endpoint_and_the_delivery_waits_for_it() -> None:
    gone = verdict(an_answer(410))

    assert (gone.status, gone.disable_endpoint) == (DeliveryStatus.WAITING, True)


def test_other_failures_leave_the_endpoint_alone() -> None:
    assert not verdict(an_answer(404)).disable_endpoint


def test_retry_after_is_honoured() -> None:
    assert verdict(an_answer(429, {"Retry-After": "300"})).due_at == NOON + timedelta(minutes=5)


def test_a_receiver_cannot_ask_for_less_patience() -> None:
    impatient = an_answer(429, {"Retry-After": "1"})

    assert verdict(impatient, attempts=1).due_at == NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("asked", "seconds"), [("", 100), ("300", 390), ("Mon, 23 Nov 2026 12:04:00 GMT", 240)]
)
def test_a_schedule_runs_from_the_attempts_beginning_and_what_is_asked_from_the_answer(
    asked: str, seconds: int
) -> None:
    """The answer took a minute and a half; the next attempt is due a hundred seconds after the beginning."""
    promise = replace(PROMISE, waits=(timedelta(seconds=100),))
    late, answer = NOON + timedelta(seconds=90), an_answer(503, {"Retry-After": asked})

    due_at = settle(a_delivery(), answer, promise, now=late, roll=lambda: 0.0, began_at=NOON).due_at

    assert due_at == NOON + timedelta(seconds=seconds)


def test_a_sandbox_waits_less() -> None:
    assert verdict(an_answer(500), scale=10).due_at == NOON + timedelta(seconds=1)
