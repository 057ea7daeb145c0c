"""A rate lets a short burst through, and never more than it says over any longer time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lacre.webhooks.errors import RateNotUsable
from lacre.webhooks.rate import Rate, allowed, believed, booked, check_rate, free_at, is_free
from tests.support.webhooks import NOON

TEN = Rate(count=10)
RATES = [TEN, Rate(count=7), Rate(count=1, seconds=60), Rate(count=1000), Rate(count=3, seconds=7)]


def test_half_a_second_of_it_may_go_at_once() -> None:
    assert allowed(TEN, NOON, NOON) == 5


def test_of_a_slow_one_a_single_attempt_may_go() -> None:
    assert allowed(Rate(count=1, seconds=60), NOON, NOON) == 1


def test_nothing_may_go_until_one_more_is_free() -> None:
    until = booked(TEN, NOON, NOON, taken=5)
    free = free_at(TEN, until)

    before, then = (allowed(TEN, until, at) for at in (free - timedelta(microseconds=1), free))

    assert (before, then, free - NOON) == (0, 1, timedelta(milliseconds=100))


def test_what_nobody_used_is_not_saved_up() -> None:
    until = booked(TEN, NOON, NOON, taken=5)

    assert allowed(TEN, until, NOON + timedelta(hours=1)) == 5


@pytest.mark.parametrize("rate", RATES)
def test_a_clock_that_was_set_back_stops_nobody_for_longer_than_the_rate_does(rate: Rate) -> None:
    until = booked(rate, NOON, NOON, taken=rate.at_once)
    now = NOON - timedelta(hours=3)

    anew = believed(rate, until, now)

    assert is_free(rate, free_at(rate, until), now)
    assert (allowed(rate, anew, now), free_at(rate, anew) - now) == (0, rate.apart)


@pytest.mark.parametrize("rate", RATES)
def test_clocks_that_differ_by_a_little_keep_one_rate(rate: Rate) -> None:
    until = booked(rate, NOON, NOON, taken=rate.at_once)
    now = NOON - timedelta(seconds=50)

    assert not is_free(rate, free_at(rate, until), now)
    assert believed(rate, until, now) == until


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("every_ms", [1, 37, 250])
def test_over_any_time_no_more_goes_than_the_rate_and_a_burst(rate: Rate, every_ms: int) -> None:
    went = simulated(rate, every_ms=every_ms, seconds=8)

    for start in went[:: max(1, len(went) // 50)]:
        within = [at for at in went if start <= at < start + timedelta(seconds=5)]
        assert len(within) <= 5 * rate.count / rate.seconds + rate.at_once


@pytest.mark.parametrize("rate", [TEN, Rate(count=7), Rate(count=1000)])
def test_who_looks_four_times_a_second_gets_the_whole_rate(rate: Rate) -> None:
    went = simulated(rate, every_ms=250, seconds=8)

    assert len(went) >= 8 * rate.count / rate.seconds


@pytest.mark.parametrize(
    "rate", [Rate(count=0), Rate(count=10_001), Rate(count=1, seconds=0), Rate(count=1, seconds=86_401)]
)
def test_a_rate_that_cannot_be_kept_is_refused(rate: Rate) -> None:
    with pytest.raises(RateNotUsable):
        check_rate(rate)


def simulated(rate: Rate, *, every_ms: int, seconds: int) -> list[datetime]:
    """When each went, if somebody takes all that may go, again and again."""
    until, went = NOON, []
    for place in range(seconds * 1000 // every_ms):
        now = NOON + place * timedelta(milliseconds=every_ms)
        taken = allowed(rate, until, now)
        if taken:
            until = booked(rate, until, now, taken=taken)
        went += [now] * taken
    return went
