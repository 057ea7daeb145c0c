"""What was read on a page, as text and as a measure of how sure it is."""

from __future__ import annotations

from lacre.processing.page import Box, Page, Source, Word

NOWHERE = Box(0, 0, 0, 0)


def test_the_words_of_one_printed_line_stand_together() -> None:
    words = (Word("Valor", NOWHERE, 1, 0), Word("total", NOWHERE, 1, 0), Word("R$ 10,00", NOWHERE, 1, 1))

    assert page(words).text == "Valor total\nR$ 10,00"


def test_a_page_is_as_sure_as_its_characters_are() -> None:
    words = (Word("abc", NOWHERE, 1.0, 0), Word("d", NOWHERE, 0.2, 0))

    assert page(words).confidence == 0.8


def test_nothing_is_unsure_about_an_empty_page() -> None:
    assert page(()).confidence == 1.0


def test_a_box_has_four_sides() -> None:
    box = Box(10, 20, 30, 5)

    assert (box.right, box.bottom) == (40, 25)


def page(words: tuple[Word, ...]) -> Page:
    return Page(number=1, width=595, height=842, words=words, codes=(), source=Source.DIGITAL)
