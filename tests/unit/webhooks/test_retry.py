"""How long to wait before the next attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import text

from lacre.webhooks.retry import LONGEST_ASKED, asked_wait, next_wait
from tests.support.examples import PATIENT
from tests.support.webhooks import NOON

WAITS = (timedelta(seconds=10), timedelta(minutes=1))


def test_waits_follow_the_schedule() -> None:
    waits = [next_wait(WAITS, made, jitter=0.1, roll=0) for made in (1, 2)]

    assert waits == [timedelta(seconds=10), timedelta(minutes=1)]


def test_the_schedule_ends() -> None:
    assert next_wait(WAITS, 3, jitter=0.1, roll=0) is None


def test_a_roll_only_lengthens_a_wait() -> None:
    assert next_wait(WAITS, 1, jitter=0.1, roll=0.5) == timedelta(seconds=10.5)


def test_a_receiver_cannot_stop_deliveries_by_asking_for_years() -> None:
    assert asked_wait([("Retry-After", "77760000")], now=NOON) == LONGEST_ASKED


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Monday, 23-Nov-26 12:01:00 GMT", 60),
        ("Mon Nov 23 12:01:00 2026", 60),
        ("Mon, 23 Nov 2026 09:01:00 -0300", 60),
        ("Mon, 23 Nov 1926 12:01:00 GMT", 0),
        ("Mon, 23 Nov 2026", 0),
        ("2026-11-23T12:01:00Z", 0),
        ("120, 240", 0),
        ("1e9", 0),
        ("+5", 0),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("", 0),
        ("٣", 0),
        ("Mon, 99 Nov 99999 12:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: int) -> None:
    assert asked_wait([("retry-after", value)], now=NOON) == timedelta(seconds=seconds)


def test_a_huge_number_of_seconds_is_only_long() -> None:
    assert asked_wait([("Retry-After", "9" * 5000)], now=NOON) == LONGEST_ASKED


@PATIENT
@given(text())
def test_nothing_that_a_receiver_may_say_breaks_the_reading(value: str) -> None:
    assert asked_wait([("Retry-After", value)], now=NOON) >= timedelta(0)


def test_nothing_is_asked_without_the_header() -> None:
    assert asked_wait([("Content-Type", "text/plain")], now=NOON) == timedelta(0)
