"""Tries to sign in are counted per address and e-mail, and per address, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta

from lacre.kit.throttle import MOST_FAILURES, MOST_KEYS, MOST_OF_ADDRESS, WINDOW, Throttle
from tests.support.people import NOW

HERE = "203.0.113.7"
LATER = NOW + WINDOW


def test_a_window_without_tries_lets_in_again() -> None:
    throttle = Throttle()

    tries = [throttle.tries(HERE, "ana@x.test", NOW) for _ in range(MOST_FAILURES + 3)]

    assert tries == [True] * MOST_FAILURES + [False] * 3
    assert not throttle.tries(HERE, "Ana@x.test", LATER - timedelta(seconds=1))
    assert throttle.tries(HERE, "ana@x.test", LATER)
    assert throttle.tries(HERE, "bruno@x.test", NOW)


def test_success_forgets_the_failures() -> None:
    throttle = Throttle()
    for _ in range(MOST_FAILURES):
        throttle.tries(HERE, "ana@x.test", NOW)

    throttle.succeeded(HERE, "ana@x.test")

    assert throttle.tries(HERE, "ana@x.test", NOW)


def test_one_password_tried_on_everybody_is_stopped_too() -> None:
    throttle = Throttle()

    tries = [throttle.tries(HERE, f"{n}@x.test", NOW) for n in range(MOST_OF_ADDRESS + 1)]

    assert tries == [True] * MOST_OF_ADDRESS + [False]
    assert throttle.tries("203.0.113.8", "0@x.test", NOW)


def test_an_office_that_signs_in_all_day_is_not_stopped() -> None:
    throttle = Throttle()

    for number in range(MOST_OF_ADDRESS * 2):
        assert throttle.tries(HERE, f"{number}@x.test", NOW)
        throttle.succeeded(HERE, f"{number}@x.test")


def test_addresses_of_one_ipv6_network_are_one() -> None:
    throttle = Throttle()

    tries = [throttle.tries(f"2001:db8:1:2::{n:x}", "ana@x.test", NOW) for n in range(MOST_FAILURES + 1)]

    assert tries[-1] is False
    assert throttle.tries("2001:db8:1:3::1", "ana@x.test", NOW)


def test_memory_is_bounded() -> None:
    throttle = Throttle()

    for number in range(MOST_KEYS + 10):
        throttle.tries(f"host {number}", "ana@x.test", NOW)

    assert len(throttle._failures) == MOST_KEYS
