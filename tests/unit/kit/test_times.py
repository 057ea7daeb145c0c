"""Instants and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lacre.kit.times import end_of_day, parse_rfc3339, rfc3339, scaled


def test_a_day_ends_where_the_people_are() -> None:
    assert end_of_day(date(2026, 11, 20)) == datetime(2026, 11, 21, 2, 59, 59, 999_999, tzinfo=UTC)


def test_an_instant_always_shows_six_digits() -> None:
    instant = datetime(2026, 11, 20, 12, 0, 0, 100, tzinfo=UTC)

    assert rfc3339(instant) == "2026-11-20T12:00:00.000100Z"
    assert parse_rfc3339(rfc3339(instant)) == instant


def test_an_instant_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="time zone"):
        parse_rfc3339("2026-11-20T12:00:00")


def test_a_sandbox_waits_less() -> None:
    assert scaled(timedelta(hours=48), 3600) == timedelta(seconds=48)
