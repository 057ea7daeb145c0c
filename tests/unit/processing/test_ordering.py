"""Words stand in printed lines, whatever order they came in."""

from __future__ import annotations

from lacre.processing.ordering import in_lines
from lacre.processing.page import Box, Word


def test_words_of_one_height_are_one_line_from_left_to_right() -> None:
    words = in_lines([word("mundo", 60, 101), word("olá", 20, 100)])

    assert [(one.text, one.line) for one in words] == [("olá", 0), ("mundo", 0)]


def test_lines_go_from_top_to_bottom() -> None:
    words = in_lines([word("depois", 20, 130), word("antes", 20, 100)])

    assert [(one.text, one.line) for one in words] == [("antes", 0), ("depois", 1)]


def test_a_small_label_does_not_join_the_line_below() -> None:
    label, value = word("CPF", 20, 100, height=6), word("071.523.837-07", 20, 106, height=11)

    assert [one.line for one in in_lines([value, label])] == [0, 1]


def test_nothing_is_no_line() -> None:
    assert in_lines([]) == ()


def word(text: str, left: float, top: float, height: float = 10) -> Word:
    return Word(text, Box(left, top, len(text) * 5, height), 1.0, 0)
