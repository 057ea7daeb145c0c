"""So many in each window, for each who; what several processes count adds up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from lacre.engines.turnstile import CountingTurnstile
from lacre.kit.pace import Allowance

NOON = datetime(2026, 11, 29, 12, 0, 30, tzinfo=UTC)
FIVE, MANY = (Allowance(most=5, seconds=60),), (Allowance(most=500, seconds=60),)


def test_one_too_many_is_told_when_to_come_again() -> None:
    turnstile = CountingTurnstile()

    answers = [turnstile.enter("Ana", FIVE, now=NOON) for _ in range(7)]

    assert answers == [None] * 5 + [30, 30]
    assert turnstile.enter("Bruno", FIVE, now=NOON) is None


def test_the_next_window_begins_anew() -> None:
    turnstile = CountingTurnstile()
    for _ in range(9):
        turnstile.enter("Ana", FIVE, now=NOON)

    assert turnstile.enter("Ana", FIVE, now=NOON + timedelta(seconds=30)) is None


def test_the_fullest_of_several_allowances_counts_and_what_is_refused_does_not() -> None:
    turnstile = CountingTurnstile()
    two_a_second = (Allowance(most=2, seconds=1), *FIVE)

    answers = [
        turnstile.enter("Ana", two_a_second, now=NOON + timedelta(seconds=second))
        for second in range(4)
        for _ in range(3)
    ]

    assert answers == [None, None, 1, None, None, 1, None, 28, 28, 27, 27, 27]


def test_what_is_left_of_a_window_is_known_and_asking_counts_nothing() -> None:
    turnstile, (five,) = CountingTurnstile(), FIVE
    turnstile.enter("Ana", FIVE, now=NOON)

    left = [turnstile.remaining(who, five, now=NOON) for who in ("Ana", "Ana", "Bruno")]

    assert left == [4, 4, 5]
    assert turnstile.remaining("Ana", five, now=NOON + timedelta(seconds=30)) == 5


def shared() -> list[CountingTurnstile]:
    """Of three processes."""
    total = Counter[tuple[str, int]]()

    def share(who: str, allowed: Allowance, times: int, now: datetime) -> int:
        total[who, allowed.window(now)] += times
        return total[who, allowed.window(now)]

    return [CountingTurnstile(share) for _ in range(3)]


def test_several_processes_let_no_more_through_than_a_part_of_it_each() -> None:
    processes = shared()

    let = sum(processes[turn % 3].enter("Ana", MANY, now=NOON) is None for turn in range(2_000))

    assert 500 <= let <= 500 + 3 * 10


def test_small_allowances_are_shared_exactly() -> None:
    processes = shared()

    let = sum(processes[turn % 3].enter("Ana", FIVE, now=NOON) is None for turn in range(30))

    # the other two hear of it with their next
    assert 5 <= let <= 7
