"""Retries chosen once for all endpoints of an account; what an endpoint chooses itself comes first."""

from __future__ import annotations

import pytest

from tests.support.native_desk import Desk

NOTHING = {"attempts": None, "pause_minutes": None, "deadline_seconds": None, "success": None}
CHOSEN = {"attempts": 4, "pause_minutes": 2, "deadline_seconds": None, "success": "200"}


def test_nothing_is_chosen_at_first(desk: Desk) -> None:
    assert desk.call("GET", "webhook-settings") == NOTHING


def test_what_is_chosen_holds_for_one_s_own_account(desk: Desk, stranger: Desk) -> None:
    assert desk.call("PUT", "webhook-settings", CHOSEN) == CHOSEN

    assert desk.call("GET", "webhook-settings") == CHOSEN
    assert stranger.call("GET", "webhook-settings") == NOTHING


def test_it_can_be_taken_back(desk: Desk) -> None:
    desk.call("PUT", "webhook-settings", CHOSEN)

    assert desk.call("PUT", "webhook-settings", {}) == NOTHING


@pytest.mark.parametrize(
    "said",
    [
        {"attempts": 31, "pause_minutes": 5},
        {"attempts": 1, "pause_minutes": 5},
        {"attempts": 3},
        {"attempts": 3, "pause_minutes": 0},
        {"attempts": 30, "pause_minutes": 10_080},
        {"success": "204"},
    ],
)
def test_what_cannot_be_promised_is_refused(desk: Desk, said: dict[str, object]) -> None:
    status = desk.client.put("/api/lacre/v1/webhook-settings", json=said).status_code

    assert status in (400, 422)
