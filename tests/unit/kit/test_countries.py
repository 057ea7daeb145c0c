"""Countries, as ISO 3166-1 and the database of time zones have them."""

from __future__ import annotations

from importlib.resources import files

from lacre.kit.countries import CODES, is_country


def test_they_are_those_of_the_database_of_time_zones() -> None:
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")

    assert frozenset(line[:2] for line in table.splitlines() if not line.startswith("#")) == CODES


def test_two_letters_make_no_country() -> None:
    assert [one for one in ("US", "PT", "XK", "ZZ", "EU", "us", "USA", "") if is_country(one)] == ["US", "PT"]
