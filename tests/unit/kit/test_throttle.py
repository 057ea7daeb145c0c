"""Failures to sign in are counted per address and e-mail, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta

from lacre.kit.throttle import MOST_FAILURES, MOST_KEYS, WINDOW, Throttle
from tests.support.people import NOW


def test_a_window_without_tries_lets_in_again() -> None:
    throttle = Throttle()
    for _ in range(MOST_FAILURES):
        throttle.failed("ana", NOW)

    assert not throttle.allows("ana", NOW + WINDOW - timedelta(seconds=1))
    assert throttle.allows("ana", NOW + WINDOW)
    assert throttle.allows("bruno", NOW)


def test_success_forgets_the_failures() -> None:
    throttle = Throttle()
    for _ in range(MOST_FAILURES):
        throttle.failed("ana", NOW)

    throttle.succeeded("ana")

    assert throttle.allows("ana", NOW)


def test_memory_is_bounded() -> None:
    throttle = Throttle()

    for number in range(MOST_KEYS + 10):
        throttle.failed(str(number), NOW)

    assert len(throttle._failures) == MOST_KEYS
