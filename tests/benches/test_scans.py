"""Readers of scans that nobody transcribed are compared by what they agree on."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.scans import agreement


def test_a_word_is_agreed_on_where_a_reader_of_the_other_kind_has_it_too() -> None:
    row = agreement(
        {
            "lacre": Counter(["the", "fox", "fox", "runs"]),
            "tesseract": Counter(["the", "fox", "rnns"]),
            "ocrmypdf": Counter(["rnns", "runs"]),
        }
    )

    assert (row["lacre_words"], row["lacre_agreed"]) == (4, 75)
    assert row["tesseract_agreed"] == pytest.approx(200 / 3)
    assert row["ocrmypdf_agreed"] == 50


def test_who_found_nothing_agrees_with_nobody() -> None:
    assert agreement({"lacre": Counter()}) == {"lacre_words": 0}
