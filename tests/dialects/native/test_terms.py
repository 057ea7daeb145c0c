"""Retries, deadline and success, chosen endpoint by endpoint through our API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.native_desk import Desk

TERMS = ("retry", "deadline_seconds", "success", "stops_at")


def test_unsaid_it_is_what_standard_webhooks_recommends(desk: Desk) -> None:
    made = desk.subscribe()

    assert [made[name] for name in TERMS] == ["standard", 20, "2xx", [410]]
    assert made["waits"] == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]


def test_a_promise_is_chosen_by_its_name(desk: Desk) -> None:
    made = desk.subscribe(retry="strict")

    assert [made[name] for name in TERMS] == ["strict", 100, "200", [401, 403, 404, 410]]
    assert (made["waits"][0], len(made["waits"])) == (300, 13)


def test_or_said_in_seconds_and_the_rest_beside_it(desk: Desk) -> None:
    made = desk.subscribe(retry=[60] * 29, deadline_seconds=5, success="200")

    assert [made[name] for name in TERMS] == [[60] * 29, 5, "200", [410]]
    assert desk.call("GET", f"endpoints/{made['id']}") == {n: v for n, v in made.items() if n != "secret"}


def test_what_is_not_said_stays(desk: Desk) -> None:
    made = desk.subscribe(retry=[1, 2], deadline_seconds=5)

    changed = desk.call("PATCH", f"endpoints/{made['id']}", {"success": "200"})
    again = desk.call("PATCH", f"endpoints/{made['id']}", {"retry": "two_days"})

    assert [changed[name] for name in TERMS] == [[1, 2], 5, "200", [410]]
    assert [again[name] for name in TERMS] == ["two_days", 5, "200", [410]]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"retry": "often"}, "validation_failed"),
        ({"retry": []}, "validation_failed"),
        ({"retry": [0]}, "validation_failed"),
        ({"retry": [604_801]}, "validation_failed"),
        ({"retry": [1.5]}, "validation_failed"),
        ({"retry": [1] * 51}, "validation_failed"),
        ({"retry": [604_800] * 5}, "retry_not_usable"),
        ({"deadline_seconds": 0}, "validation_failed"),
        ({"deadline_seconds": 101}, "validation_failed"),
        ({"success": "3xx"}, "validation_failed"),
    ],
)
def test_what_cannot_be_promised_is_refused(desk: Desk, said: dict[str, Any], code: str) -> None:
    assert desk.refused("POST", "endpoints", {"url": "https://client.test/", **said}) == (422, code)
    made = desk.subscribe()
    assert desk.refused("PATCH", f"endpoints/{made['id']}", said) == (422, code)
