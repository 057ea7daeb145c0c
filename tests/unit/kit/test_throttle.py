"""Tries to sign in are counted per address and e-mail, and per address, and forgotten in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from lacre.kit.throttle import MOST_FAILURES, MOST_OF_ADDRESS, WINDOW, succeeded, tries
from tests.support.people import NOW

HERE = "203.0.113.7"
LATER = NOW + WINDOW


@dataclass
class Kept:
    """Failures in memory, and the work that they are of."""

    failed: dict[str, Sequence[datetime]] = field(default_factory=dict)

    @property
    def failures(self) -> Kept:
        return self

    def of(self, who: str, *, now: datetime) -> Sequence[datetime]:  # noqa: ARG002 - a port's shape
        return self.failed.get(who, ())

    def keep(self, who: str, at: Sequence[datetime], *, now: datetime) -> None:  # noqa: ARG002 - a port's shape
        self.failed[who] = at


@pytest.fixture
def work() -> Kept:
    return Kept()


def test_a_window_without_tries_lets_in_again(work: Kept) -> None:
    tried = [tries(work, HERE, "ana@x.test", now=NOW) for _ in range(MOST_FAILURES + 3)]

    assert tried == [True] * MOST_FAILURES + [False] * 3
    assert not tries(work, HERE, "Ana@x.test", now=LATER - timedelta(seconds=1))
    assert tries(work, HERE, "ana@x.test", now=LATER)
    assert tries(work, HERE, "bruno@x.test", now=NOW)


def test_success_forgets_the_failures(work: Kept) -> None:
    for _ in range(MOST_FAILURES):
        tries(work, HERE, "ana@x.test", now=NOW)

    succeeded(work, HERE, "ana@x.test", now=NOW)

    assert tries(work, HERE, "ana@x.test", now=NOW)


def test_one_password_tried_on_everybody_is_stopped_too(work: Kept) -> None:
    tried = [tries(work, HERE, f"{n}@x.test", now=NOW) for n in range(MOST_OF_ADDRESS + 1)]

    assert tried == [True] * MOST_OF_ADDRESS + [False]
    assert tries(work, "203.0.113.8", "0@x.test", now=NOW)


def test_an_office_that_signs_in_all_day_is_not_stopped(work: Kept) -> None:
    for number in range(MOST_OF_ADDRESS * 2):
        assert tries(work, HERE, f"{number}@x.test", now=NOW)
        succeeded(work, HERE, f"{number}@x.test", now=NOW)


def test_addresses_of_one_ipv6_network_are_one(work: Kept) -> None:
    tried = [tries(work, f"2001:db8:1:2::{n:x}", "ana@x.test", now=NOW) for n in range(MOST_FAILURES + 1)]

    assert tried[-1] is False
    assert tries(work, "2001:db8:1:3::1", "ana@x.test", now=NOW)
