"""A date limit is the end of the day that is meant, however it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lacre.dialects.zapsign.dates import NotADay, limit_of, shown_limit

CHRISTMAS_ENDS = datetime(2026, 12, 26, 2, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "2026-12-25",
        "2026-12-25T00:00:00.000Z",
        "2026-12-25T23:59:59Z",
        "2026-12-25T13:01:02.345678Z",
        "2026-12-25T9:5:1.000000Z",
        "2026-12-25T23:59:59-03:00",
        " 2026-12-25 ",
        1798156800000,
        1798243199000.0,
        "1798156800000",
    ],
)
def test_every_form_means_the_end_of_that_day_in_brasilia(said: str | float) -> None:
    assert limit_of(said) == CHRISTMAS_ENDS


@pytest.mark.parametrize("said", [None, ""])
def test_no_limit_is_none(said: str | None) -> None:
    assert limit_of(said) is None


@pytest.mark.parametrize(
    "said", ["amanhã", "25/12/2026", "2026-13-01", 1e300, -1e300, "9" * 40, "0001-01-01"]
)
def test_what_is_no_day_is_refused(said: str | float) -> None:
    with pytest.raises(NotADay):
        limit_of(said)


def test_the_limit_is_shown_on_the_day_it_was_written() -> None:
    assert shown_limit(CHRISTMAS_ENDS) == "2026-12-25T23:59:59.999999-03:00"
