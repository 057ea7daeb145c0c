"""Which pages are wanted."""

from __future__ import annotations

import pytest

from lacre.processing.errors import PagesNotUsable
from lacre.processing.selection import selection


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("", [1, 2, 3, 4]), ("1,2", [1, 2]), ("1, 3-4", [1, 3, 4]), ("2-3", [2, 3]), (" 4 ", [4])],
)
def test_pages_are_chosen_as_people_write_them(text: str, numbers: list[int]) -> None:
    assert selection(text).numbers(4) == numbers


@pytest.mark.parametrize(
    "text", ["0", "3-1", "1,1", "2,1", "a", "1-", "1,,2", "-3", "1-2-3", "9" * 9, "1," * 300]
)
def test_what_names_no_pages_is_refused(text: str) -> None:
    with pytest.raises(PagesNotUsable):
        selection(text)


@pytest.mark.parametrize(("text", "first"), [("", None), ("4", None), ("2-9", 5), ("7", 7), ("1,6-8", 6)])
def test_the_first_page_that_is_not_there_is_named(text: str, first: int | None) -> None:
    assert selection(text).beyond(4) == first
