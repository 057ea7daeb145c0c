"""Every event has a word there or a reason for silence, and every status and problem its words."""

from __future__ import annotations

from lacre.dialects.idexa import words
from lacre.fiscal import events as of_invoices
from lacre.processing import events as of_processing
from lacre.processing.extraction import Status, Trouble
from lacre.processing.ports import Unreadable
from lacre.signing import events
from lacre.webhooks import events as of_endpoints


def test_every_event_has_a_word_or_a_reason_for_silence() -> None:
    known = events.ALL | of_processing.ALL | of_invoices.ALL | of_endpoints.ALL

    assert set(words.EVENT_TYPES) | set(words.SILENCES) == known
    assert not set(words.EVENT_TYPES) & set(words.SILENCES)


def test_every_status_has_its_number() -> None:
    assert words.STATUSES.keys() == set(Status)
    assert sorted(number for number, _ in words.STATUSES.values()) == [0, 1, 2, 3]


def test_every_problem_has_a_sentence() -> None:
    assert words.PROBLEMS.keys() == {*Unreadable, *Trouble}
