"""Replays through our API: counted, begun, watched, stopped."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.kit.ids import AccountId, ReplayId
from lacre.webhooks import replaying
from tests.support.native_desk import Desk

EARLY = "2020-01-01T00:00:00Z"
EVERYTHING = {"since": EARLY}


def test_what_failed_is_counted_and_then_told_again(desk: Desk) -> None:
    desk.subscribe()
    desk.create()
    desk.attempt(status=500)

    counted = desk.call("POST", "replays/preview", EVERYTHING | {"scope": "failed"})
    asked = desk.call("POST", "replays", EVERYTHING | {"scope": "failed"})
    work_off(desk)

    done = desk.call("GET", f"replays/{asked['id']}")
    assert asked["id"].startswith("rpl_")
    assert (asked["status"], asked["share"], asked["deliveries"]) == ("running", 0, 0)
    assert (done["status"], done["share"], done["deliveries"]) == ("done", 1, counted["deliveries"])
    assert counted == {"events": 2, "deliveries": 2, "hurried": 0, "exact": True}
    assert done["asked_by"].startswith("key:")
    assert done["events"] == done["events_total"]


def test_a_new_endpoint_gets_what_it_missed(desk: Desk) -> None:
    made = desk.create()
    endpoint = desk.subscribe()

    narrow = {
        "scope": "missing",
        "endpoint_id": endpoint["id"],
        "envelope_id": made["id"],
        "types": ["envelope.sent"],
    }
    asked = desk.call("POST", "replays", EVERYTHING | narrow)
    work_off(desk)

    (told,) = desk.call("GET", "deliveries")["data"]
    assert (told["event_type"], told["envelope_id"]) == ("envelope.sent", made["id"])
    assert {name: asked[name] for name in narrow} == narrow


def test_the_same_asked_while_it_runs_is_the_same_replay(desk: Desk) -> None:
    first, again = (desk.call("POST", "replays", EVERYTHING) for _ in range(2))
    work_off(desk)

    assert first["id"] == again["id"] != desk.call("POST", "replays", EVERYTHING)["id"]


def test_an_idempotency_key_makes_it_the_same_after_it_is_done_too(desk: Desk) -> None:
    key = {"Idempotency-Key": "replay-1"}
    first = desk.call("POST", "replays", EVERYTHING, headers=key)
    work_off(desk)

    assert desk.call("POST", "replays", EVERYTHING, headers=key) == first
    assert len(desk.call("GET", "replays")["data"]) == 1


def test_a_stopped_replay_stays_stopped(desk: Desk) -> None:
    desk.create()
    desk.subscribe()
    asked = desk.call("POST", "replays", EVERYTHING)

    stopped = desk.call("POST", f"replays/{asked['id']}/stop")
    work_off(desk)

    assert (stopped["status"], stopped["finished_at"] is not None) == ("stopped", True)
    assert desk.call("POST", f"replays/{asked['id']}/stop")["finished_at"] == stopped["finished_at"]
    assert desk.call("GET", "deliveries")["data"] == []


def test_replays_are_listed_newest_first_page_by_page(desk: Desk) -> None:
    scopes = ("all", "failed", "missing")
    ids = [desk.call("POST", "replays", EVERYTHING | {"scope": scope})["id"] for scope in scopes]

    first = desk.call("GET", "replays?limit=2")
    rest = desk.call("GET", f"replays?limit=2&cursor={first['next']}")

    assert [one["id"] for one in first["data"] + rest["data"]] == ids[::-1]
    assert rest["next"] is None


def test_one_event_is_told_again_to_all_who_listen(desk: Desk) -> None:
    desk.create()
    desk.subscribe()
    event = desk.call("GET", "events?type=envelope.sent")["data"][0]

    first, again = (desk.call("POST", f"events/{event['id']}/replay") for _ in range(2))

    assert first == again == {"deliveries": 1}
    assert [one["event_id"] for one in desk.call("GET", "deliveries")["data"]] == [event["id"]]


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({}, "validation_failed", "#/since"),
        ({"since": "2026-01-01T00:00:00"}, "validation_failed", "#/since"),
        ({"since": EARLY, "until": EARLY}, "span_empty", "#/until"),
        ({"since": EARLY, "scope": "some"}, "validation_failed", "#/scope"),
        ({"since": EARLY, "types": ["envelope.sent", "lunch"]}, "event_type_unknown", "#/types/1"),
        ({"since": EARLY, "envelope_id": "ep_1"}, "envelope_unknown", "#/envelope_id"),
        ({"since": EARLY, "endpoint_id": "ep_" + "0" * 32}, "endpoint_unknown", "#/endpoint_id"),
    ],
)
@pytest.mark.parametrize("path", ["replays", "replays/preview"])
def test_nonsense_is_refused(desk: Desk, path: str, said: dict[str, Any], code: str, pointer: str) -> None:
    refused = desk.ask("POST", path, said).json()

    assert (refused["status"], refused["code"]) == (422, code)
    assert [one["pointer"] for one in refused["errors"]] == [pointer]


def test_an_unknown_replay_is_not_found(desk: Desk) -> None:
    unknown = f"replays/rpl_{'0' * 32}"

    assert desk.refused("GET", unknown) == (404, "not_found")
    assert desk.refused("POST", f"{unknown}/stop") == (404, "not_found")
    assert desk.refused("GET", f"replays?cursor=rpl_{'0' * 32}") == (422, "cursor_unknown")


def work_off(desk: Desk) -> None:
    """What the worker does with this account's replays."""
    services, now = desk.services, desk.services.clock()
    while True:
        with services.open_work() as work:
            jobs = work.queue.claim("w", now=now, limit=9, kinds=(replaying.REPLAY,))
        for job in jobs:
            with services.open_work() as work:
                going = work.replays.get(AccountId(job.key), ReplayId(str(job.payload["replay_id"])))
                replaying.turn_page(work, going, wordings=services.wordings, now=now)
                work.queue.finish("w", job.id, now=now)
        if not jobs:
            break


def test_what_is_about_an_invoice_is_told_again_alone(desk: Desk) -> None:
    desk.create()
    invoice = desk.invoice()
    desk.subscribe()

    narrow = {"scope": "missing", "invoice_id": invoice["id"]}
    asked = desk.call("POST", "replays", EVERYTHING | narrow)
    work_off(desk)

    assert {name: asked[name] for name in narrow} == narrow
    assert asked["envelope_id"] is None
    assert {one["invoice_id"] for one in desk.call("GET", "deliveries")["data"]} == {invoice["id"]}
