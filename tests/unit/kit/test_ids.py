"""Identifiers."""

from __future__ import annotations

import uuid  # noqa: TID251 - the judge of what is a UUID

from lacre.kit.ids import as_uuid, timed_uuid

AT = 1_795_435_200_123_456
"""Microseconds since 1970."""


def test_a_timed_uuid_is_one_of_version_seven() -> None:
    made = uuid.UUID(timed_uuid(AT))

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == AT // 1000


def test_later_ones_sort_later_also_within_a_millisecond() -> None:
    made = [timed_uuid(AT + microseconds) for microseconds in range(3000)]

    assert sorted(made) == made


def test_of_one_instant_who_was_made_first_sorts_first() -> None:
    made = [timed_uuid(AT) for _ in range(5000)]

    assert sorted(made) == made


def test_no_two_are_equal() -> None:
    made = {timed_uuid(AT) for _ in range(5000)}

    assert len(made) == 5000


def test_it_is_read_like_any_other() -> None:
    made = timed_uuid(AT)

    assert as_uuid(made.replace("-", "")) == made
