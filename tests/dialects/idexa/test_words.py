"""Every status and problem has its words there."""

from __future__ import annotations

from lacre.dialects.idexa import words
from lacre.processing.extraction import Status, Trouble
from lacre.processing.ports import Unreadable


def test_every_status_has_its_number() -> None:
    assert words.STATUSES.keys() == set(Status)
    assert sorted(number for number, _ in words.STATUSES.values()) == [0, 1, 2, 3]


def test_every_problem_has_a_sentence() -> None:
    assert words.PROBLEMS.keys() == {*Unreadable, *Trouble}
