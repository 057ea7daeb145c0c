"""What a claim gives to whom: decided without a database."""

from __future__ import annotations

from lacre.store.room import Caps, Room

ACCOUNTS = {"a1": "a", "a2": "a", "a3": "a", "b1": "b"}


def test_everybody_gets_the_same() -> None:
    assert Room(ACCOUNTS, {}, {}, Caps(9, 99)).shares(ACCOUNTS, 8) == {"a1": 2, "a2": 2, "a3": 2, "b1": 2}


def test_when_there_is_too_little_the_first_get_one_each() -> None:
    assert Room(ACCOUNTS, {}, {}, Caps(9, 99)).shares(ACCOUNTS, 3) == {"a1": 1, "a2": 1, "a3": 1}


def test_nobody_gets_more_than_their_cap_leaves() -> None:
    room = Room(ACCOUNTS, {"a1": 8, "b1": 9}, {}, Caps(9, 99))

    assert room.shares(ACCOUNTS, 30) == {"a1": 1, "a2": 9, "a3": 9}


def test_an_account_shares_what_it_has_left_among_its_endpoints() -> None:
    room = Room(ACCOUNTS, {}, {"a": 94}, Caps(9, 100))

    assert room.shares(ACCOUNTS, 40) == {"a1": 2, "a2": 2, "a3": 2, "b1": 9}


def test_what_is_left_of_an_account_may_be_too_little_for_all() -> None:
    room = Room(ACCOUNTS, {}, {"a": 98}, Caps(9, 100))

    assert room.shares(ACCOUNTS, 40) == {"a1": 1, "a2": 1, "b1": 9}


def test_what_was_given_is_taken_from_what_is_left() -> None:
    room = Room(ACCOUNTS, {}, {}, Caps(9, 5))

    room.take({"a1": 3, "a2": 2, "b1": 1})

    assert room.shares(ACCOUNTS, 40) == {"b1": 4}
    assert room.full == {"a"}


def test_a_full_account_that_asks_for_nothing_is_still_known_as_full() -> None:
    assert Room({"b1": "b"}, {}, {"a": 5}, Caps(9, 5)).full == {"a"}


def test_a_rate_narrows_one_endpoint() -> None:
    room = Room(ACCOUNTS, {}, {}, Caps(9, 99))

    room.narrow("a1", 0)

    assert room.shares(ACCOUNTS, 9) == {"a2": 3, "a3": 3, "b1": 3}
