"""Events, deliveries and attempts through our API."""

from __future__ import annotations

import json

import pytest

from tests.support.native_desk import Desk


def test_an_event_says_what_its_webhook_says(desk: Desk) -> None:
    desk.subscribe()
    made = desk.create()
    desk.attempt()
    (sent, _) = desk.call("GET", "deliveries")["data"]
    (attempt,) = desk.call("GET", f"deliveries/{sent['id']}/attempts")["data"]

    event = desk.call("GET", f"events/{sent['event_id']}")

    heard = json.loads(attempt["request_body"])
    assert heard["id"] == event["id"] == sent["event_id"]
    assert heard["type"] == event["type"] == "envelope.sent"
    assert event["data"]["envelope"]["id"] == made["id"]


def test_an_attempt_shows_what_was_sent_and_heard(desk: Desk) -> None:
    desk.subscribe()
    desk.create()
    desk.attempt()
    delivery = desk.call("GET", "deliveries")["data"][0]

    (attempt,) = desk.call("GET", f"deliveries/{delivery['id']}/attempts")["data"]

    assert attempt["id"].startswith("att_")
    assert (attempt["number"], attempt["ok"], attempt["status_code"]) == (1, True, 200)
    assert (attempt["method"], attempt["url"]) == ("POST", "https://client.test/hook")
    assert attempt["response_body"] == "� thanks"


def test_an_event_says_to_whom_it_was_told_and_what_came_back(desk: Desk) -> None:
    desk.subscribe(types=["envelope.sent"])
    desk.create()
    desk.attempt(status=500)
    (first,) = desk.call("GET", "deliveries")["data"]
    desk.call("POST", f"deliveries/{first['id']}/retry")
    desk.attempt()

    told = desk.call("GET", f"events/{first['event_id']}/deliveries")["data"]

    assert [(one["status"], one["replay_of"]) for one in told] == [
        ("delivered", first["id"]),
        ("discarded", None),
    ]
    made = [[(each["number"], each["ok"], each["status_code"]) for each in one["made"]] for one in told]
    assert made == [[(1, True, 200)], [(1, False, 500)]]


def test_the_deliveries_of_an_event_are_paged_and_its_owners_alone(desk: Desk, stranger: Desk) -> None:
    for _ in range(3):
        desk.subscribe(types=["envelope.sent"])
    desk.create()
    page = f"events/{desk.call('GET', 'deliveries')['data'][0]['event_id']}/deliveries"

    first = desk.call("GET", page, params={"limit": 2})
    rest = desk.call("GET", page, params={"limit": 2, "cursor": first["next"]})

    assert [len(first["data"]), len(rest["data"]), rest["next"]] == [2, 1, None]
    assert len({one["endpoint_id"] for one in [*first["data"], *rest["data"]]}) == 3
    assert stranger.refused("GET", page)[0] == 404


def test_a_settled_delivery_is_retried_as_a_new_one(desk: Desk) -> None:
    desk.subscribe()
    desk.create()
    desk.attempt(status=500)
    first = desk.call("GET", "deliveries")["data"][0]

    again = desk.call("POST", f"deliveries/{first['id']}/retry")

    assert (first["status"], first["last_status_code"]) == ("discarded", 500)
    assert (again["status"], again["replay_of"]) == ("waiting", first["id"])
    assert again["event_id"] == first["event_id"]


def test_a_waiting_delivery_is_hurried(desk: Desk) -> None:
    desk.subscribe()
    desk.create()
    waiting = desk.call("GET", "deliveries")["data"][0]

    again = desk.call("POST", f"deliveries/{waiting['id']}/retry")

    assert again["id"] == waiting["id"]


def test_deliveries_are_narrowed_and_paged(desk: Desk) -> None:
    endpoint, _ = desk.subscribe(), desk.subscribe(types=["envelope.sent"])
    made, _ = desk.create(), desk.create()
    event = desk.call("GET", "events", params={"type": "envelope.sent"})["data"][0]

    assert len(_ids(desk)) == 6
    assert len(_ids(desk, endpoint_id=endpoint["id"])) == 4
    assert len(_ids(desk, envelope_id=made["id"])) == 3
    assert len(_ids(desk, event_id=event["id"])) == 2
    assert _ids(desk, status="delivered") == []
    first = desk.call("GET", "deliveries", params={"limit": 4})
    assert [one["id"] for one in first["data"]] + _ids(desk, cursor=first["next"]) == _ids(desk)


def test_events_are_narrowed_and_paged(desk: Desk) -> None:
    made = desk.create()
    moment = desk.installation.clock().isoformat()
    other = desk.create()
    listed = desk.call("GET", "events")["data"]

    assert [one["type"] for one in listed] == ["envelope.sent", "envelope.created"] * 2
    assert [one["envelope_id"] for one in listed] == [other["id"]] * 2 + [made["id"]] * 2
    assert len(desk.call("GET", "events", params={"since": moment})["data"]) == 2
    assert len(desk.call("GET", "events", params={"envelope_id": made["id"]})["data"]) == 2
    first = desk.call("GET", "events", params={"limit": 3})
    rest = desk.call("GET", "events", params={"cursor": first["next"]})
    assert first["data"] + rest["data"] == listed
    assert rest["next"] is None


def test_an_event_type_that_is_none_is_refused(desk: Desk) -> None:
    answered = desk.refused("GET", "events", params={"type": "envelope.nothing"})

    assert answered == (422, "event_type_unknown")


def test_events_that_only_another_dialect_tells_are_not_there(desk: Desk) -> None:
    made = desk.create()
    event = desk.event(desk.call("GET", "events")["data"][0]["id"]).event
    foreign = type(event)(
        type="other.thing", account_id=event.account_id, subject_id=event.subject_id, at=event.at, facts={}
    )
    with desk.services.open_work() as work:
        event_id = work.announce(foreign)

    assert len(desk.call("GET", f"envelopes/{made['id']}/events")["data"]) == 2
    assert desk.refused("GET", f"events/evt_{event_id.replace('-', '')}") == (404, "not_found")


def _ids(desk: Desk, **query: str) -> list[str]:
    return [one["id"] for one in desk.call("GET", "deliveries", params=query)["data"]]


def test_a_delivery_behind_another_cannot_overtake(desk: Desk) -> None:
    desk.subscribe(ordering="endpoint")
    desk.create()
    (queued,) = desk.call("GET", "deliveries", params={"status": "queued"})["data"]

    assert desk.refused("POST", f"deliveries/{queued['id']}/retry") == (409, "behind_another")


def test_what_is_about_an_invoice_says_so_and_is_found_by_it(desk: Desk) -> None:
    desk.subscribe()
    made, invoice = desk.create(), desk.invoice()

    about = {"envelope_id": None, "extraction_id": None, "invoice_id": invoice["id"]}
    for path in ("events", "deliveries"):
        listed = desk.call("GET", path, params={"invoice_id": invoice["id"]})["data"]
        assert listed
        assert all({name: one[name] for name in about} == about for one in listed)
        of_envelope = desk.call("GET", path, params={"envelope_id": made["id"]})["data"]
        assert {(one["envelope_id"], one["invoice_id"]) for one in of_envelope} == {(made["id"], None)}


@pytest.mark.parametrize("ended", [{"until": "2026-11-24T00:00:00Z"}, {"cursor": f"evt_{'1' * 32}"}])
def test_who_follows_does_so_without_an_end(desk: Desk, ended: dict[str, str]) -> None:
    asked = {"after": "start"} | ended

    assert desk.refused("GET", "events", params=asked) == (422, "not_with_after")


def test_no_list_is_narrowed_to_two_things_at_once(desk: Desk) -> None:
    both = {"envelope_id": f"env_{'1' * 32}", "invoice_id": f"inv_{'1' * 32}"}

    assert desk.refused("GET", "events", params=both) == (422, "subject_ambiguous")
