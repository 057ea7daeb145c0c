"""How long a worker may count on being known."""

from __future__ import annotations

from lacre.store.workers import SILENCE_SECONDS
from lacre.worker.lease import LEASE_SECONDS, Lease


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_lease_ends_unless_it_is_renewed() -> None:
    ticks = Ticks()
    lease = Lease(10, ticks=ticks)

    ticks.now += 9
    assert lease.holds()
    lease.renew(lambda: None)
    ticks.now += 9
    assert lease.holds()
    ticks.now += 1
    assert not lease.holds()


def test_what_a_beat_takes_is_not_added() -> None:
    ticks = Ticks()
    lease = Lease(10, ticks=ticks)

    def slow_beat() -> None:
        ticks.now += 8

    lease.renew(slow_beat)
    ticks.now += 2

    assert not lease.holds()


def test_it_ends_well_before_others_give_the_work_away() -> None:
    assert LEASE_SECONDS + 10 <= SILENCE_SECONDS
