"""Endpoints through our API: their life, their secrets, what they hear of."""

from __future__ import annotations

import pytest

from lacre.dialects.native import words
from tests.support.native_desk import Desk

OWN_SECRET = "whsec_" + "A" * 32


def test_a_secret_is_shown_once(desk: Desk) -> None:
    made = desk.subscribe()

    read = desk.call("GET", f"endpoints/{made['id']}")

    assert made["secret"].startswith("whsec_")
    assert "secret" not in read
    assert made["secret"] not in str(desk.call("GET", "endpoints"))


def test_a_customer_may_bring_a_secret(desk: Desk) -> None:
    assert desk.subscribe(secret=OWN_SECRET)["secret"] == OWN_SECRET


@pytest.mark.parametrize("secret", ["short", "whsec_AAAA", "whsec_" + "A" * 180, "whsec_" + "é" * 32])
def test_a_secret_that_cannot_sign_is_refused(desk: Desk, secret: str) -> None:
    said = {"url": "https://client.test/", "secret": secret}

    assert desk.refused("POST", "endpoints", said) == (422, "secret_not_usable")


def test_headers_are_kept_and_only_their_names_are_shown(desk: Desk) -> None:
    made = desk.subscribe(headers=[{"name": "Authorization", "value": "Bearer tell-nobody"}])

    listed = desk.call("GET", "endpoints")

    assert made["headers"] == ["Authorization"]
    assert "tell-nobody" not in str(listed) + str(made)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"url": "ftp://client.test/"}, "url_not_allowed"),
        ({"url": "https://user:pw@client.test/"}, "url_not_allowed"),
        ({"url": "https://client.test/ x"}, "url_not_allowed"),
        ({"url": ""}, "url_not_allowed"),
        ({"headers": [{"name": "Host", "value": "x"}]}, "header_not_allowed"),
        ({"headers": [{"name": "X", "value": "a\nb"}]}, "header_not_allowed"),
        ({"headers": [{"name": "webhook-id", "value": "x"}]}, "header_not_allowed"),
        ({"types": ["envelope.nothing"]}, "event_type_unknown"),
        ({"types": ["endpoint.test"]}, "event_type_unknown"),
    ],
)
def test_what_can_never_be_sent_is_refused_at_once(desk: Desk, said: dict[str, object], code: str) -> None:
    whole = {"url": "https://client.test/"} | said

    assert desk.refused("POST", "endpoints", whole) == (422, code)
    made = desk.subscribe()
    assert desk.refused("PATCH", f"endpoints/{made['id']}", said) == (422, code)


def test_an_endpoint_hears_the_types_it_asked_for(desk: Desk) -> None:
    made = desk.subscribe(types=["envelope.sent"])
    desk.create()

    told = desk.call("GET", "deliveries", params={"endpoint_id": made["id"]})["data"]

    assert [one["event_type"] for one in told] == ["envelope.sent"]


def test_an_endpoint_of_one_envelope_hears_of_no_other(desk: Desk) -> None:
    first = desk.create()
    made = desk.subscribe(envelope_id=first["id"])
    desk.create()
    desk.call("POST", f"envelopes/{first['id']}/cancel")

    told = desk.call("GET", "deliveries", params={"endpoint_id": made["id"]})["data"]

    assert [(one["event_type"], one["envelope_id"]) for one in told] == [("envelope.canceled", first["id"])]


def test_an_endpoint_of_an_envelope_that_is_not_there_is_refused(desk: Desk) -> None:
    said = {"url": "https://client.test/", "envelope_id": "env_" + "0" * 32}

    assert desk.refused("POST", "endpoints", said) == (404, "not_found")


def test_url_types_headers_and_description_are_changed_one_by_one(desk: Desk) -> None:
    made = desk.subscribe(types=["envelope.sent"], description="ERP")
    path = f"endpoints/{made['id']}"

    desk.call("PATCH", path, {"url": "https://other.test/"})
    changed = desk.call("PATCH", path, {"types": [], "headers": [{"name": "X-A", "value": "1"}]})

    assert (changed["url"], changed["types"]) == ("https://other.test/", [])
    assert (changed["headers"], changed["description"]) == (["X-A"], "ERP")


def test_an_endpoint_may_be_told_in_order_and_at_a_rate(desk: Desk) -> None:
    made = desk.subscribe(ordering="endpoint", rate_limit={"count": 10})
    desk.create()

    stats = desk.call("GET", f"endpoints/{made['id']}/stats")

    assert (made["ordering"], made["rate_limit"]) == ("endpoint", {"count": 10, "seconds": 1})
    assert (stats["waiting"], stats["queued"]) == (1, 1)


def test_order_and_rate_are_changed_and_taken_away(desk: Desk) -> None:
    made = desk.subscribe(rate_limit={"count": 10})
    desk.create()
    path = f"endpoints/{made['id']}"

    ordered = desk.call("PATCH", path, {"ordering": "subject"})
    queued = desk.call("GET", f"{path}/stats")["queued"]
    freed = desk.call("PATCH", path, {"ordering": "none", "rate_limit": None})

    assert (ordered["ordering"], ordered["rate_limit"], queued) == ("subject", made["rate_limit"], 1)
    assert (freed["ordering"], freed["rate_limit"]) == ("none", None)
    assert desk.call("GET", f"{path}/stats")["queued"] == 0


@pytest.mark.parametrize("limit", [{"count": 0}, {"count": 1, "seconds": 86_401}, {"seconds": 1}])
def test_a_rate_that_cannot_be_kept_is_refused(desk: Desk, limit: dict[str, int]) -> None:
    said = {"url": "https://client.test/", "rate_limit": limit}

    assert desk.refused("POST", "endpoints", said) == (422, "validation_failed")


def test_a_deleted_endpoint_is_gone_and_hears_nothing(desk: Desk) -> None:
    made = desk.subscribe()

    desk.call("DELETE", f"endpoints/{made['id']}")
    desk.create()

    assert desk.refused("GET", f"endpoints/{made['id']}") == (404, "not_found")
    assert desk.call("GET", "endpoints")["data"] == []
    assert desk.call("GET", "deliveries")["data"] == []


def test_pausing_lets_events_wait(desk: Desk) -> None:
    made = desk.subscribe()
    path = f"endpoints/{made['id']}"

    paused = desk.call("POST", f"{path}/pause")
    desk.create()
    desk.attempt()
    waiting = desk.call("GET", f"{path}/stats")
    resumed = desk.call("POST", f"{path}/resume")
    desk.attempt()

    assert (paused["status"], resumed["status"]) == ("paused", "active")
    none = {"queued": 0, "held": 0, "delivered": 0, "discarded": 0}
    assert waiting.items() >= {"waiting": 2, "total": 2, **none}.items()
    assert desk.call("GET", f"{path}/stats")["delivered"] == 2


def test_a_rotated_secret_overlaps_the_old_one_for_a_day(desk: Desk) -> None:
    made = desk.subscribe()
    path = f"endpoints/{made['id']}"

    rotated = desk.call("POST", f"{path}/rotate-secret")
    overlapping = desk.call("GET", path)["secrets"]
    desk.installation.clock.push(hours=24, seconds=1)

    assert rotated["secret"] not in ("", made["secret"])
    assert (overlapping, desk.call("GET", path)["secrets"]) == (2, 1)


@pytest.mark.parametrize(("days", "valid"), [(0, 1), (7, 2)])
def test_how_long_they_overlap_may_be_chosen(desk: Desk, days: int, valid: int) -> None:
    path = f"endpoints/{desk.subscribe()['id']}"

    desk.call("POST", f"{path}/rotate-secret", {"overlap_days": days})
    desk.installation.clock.push(hours=max(24 * days - 1, 0))

    assert desk.call("GET", path)["secrets"] == valid
    assert desk.refused("POST", f"{path}/rotate-secret", {"overlap_days": 8}) == (422, "validation_failed")


def test_a_secret_that_signs_already_pushes_no_other_out(desk: Desk) -> None:
    path = f"endpoints/{desk.subscribe()['id']}"
    desk.call("POST", f"{path}/rotate-secret", {"secret": OWN_SECRET})

    again = desk.refused("POST", f"{path}/rotate-secret", {"secret": OWN_SECRET})

    assert again == (409, "secret_in_use")
    assert desk.call("GET", path)["secrets"] == 2


def test_a_test_goes_to_one_endpoint_by_the_usual_way(desk: Desk) -> None:
    made, _ = desk.subscribe(types=["envelope.sent"]), desk.subscribe()

    queued = desk.call("POST", f"endpoints/{made['id']}/test")

    assert (queued["event_type"], queued["endpoint_id"]) == ("endpoint.test", made["id"])
    assert len(desk.call("GET", "deliveries")["data"]) == 1
    said = desk.call("GET", f"events/{queued['event_id']}")
    assert said["data"] == {"endpoint_id": made["id"], "message": "Asked for by hand.", "sample": True}


def test_a_test_is_no_event_that_happened(desk: Desk) -> None:
    made = desk.subscribe()

    queued = desk.call("POST", f"endpoints/{made['id']}/test", {"type": "envelope.completed"})

    assert (queued["event_type"], queued["envelope_id"], queued["sample"]) == (
        "envelope.completed",
        None,
        True,
    )
    assert desk.call("GET", "events")["data"] == []
    assert desk.call("GET", "events", params={"after": "start"})["data"] == []


@pytest.mark.parametrize("name", sorted(words.SAMPLES))
def test_every_event_type_has_a_sample(desk: Desk, name: str) -> None:
    made = desk.subscribe()

    queued = desk.call("POST", f"endpoints/{made['id']}/test", {"type": name})

    said = desk.call("GET", f"events/{queued['event_id']}")
    assert (said["type"], said["data"]["sample"]) == (name, True)


def test_a_test_of_what_nobody_tells_is_refused(desk: Desk) -> None:
    path = f"endpoints/{desk.subscribe()['id']}/test"

    assert desk.refused("POST", path, {"type": "envelope.nothing"}) == (422, "event_type_unknown")


def test_a_paused_endpoint_is_not_tested(desk: Desk) -> None:
    path = f"endpoints/{desk.subscribe()['id']}"
    desk.call("POST", f"{path}/pause")

    assert desk.refused("POST", f"{path}/test") == (409, "endpoint_not_active")


def test_an_endpoint_may_be_told_in_another_dialect(desk: Desk) -> None:
    said = {"dialect": "fastnotas", "types": ["document_success", "asset_avaliable"]}
    made = desk.subscribe(**said)
    path = f"endpoints/{made['id']}"
    desk.invoice()
    changed = desk.call("PATCH", path, {"types": [], "url": "https://client.test/notas"})
    desk.invoice()
    told = desk.call("GET", "deliveries", params={"endpoint_id": made["id"]})["data"]

    assert {name: made[name] for name in said} == said
    assert (made["secret"], made["method"], made["deadline_seconds"]) == (None, None, 20)
    assert (made["retry"][:3], len(made["waits"])) == ([10, 20, 40], 15)
    assert (changed["types"], changed["url"]) == ([], "https://client.test/notas")
    assert {one["event_type"] for one in told} == {"invoice.processing", "operation.processing"}


def test_endpoints_of_another_dialect_are_listed_when_they_are_asked_for(desk: Desk) -> None:
    ours, theirs = desk.subscribe()["id"], desk.subscribe(dialect="fastnotas")["id"]

    assert [one["id"] for one in desk.call("GET", "endpoints")["data"]] == [ours]
    assert listed(desk) == [theirs]
    desk.call("DELETE", f"endpoints/{theirs}")
    assert listed(desk) == []


def listed(desk: Desk) -> list[str]:
    return [one["id"] for one in desk.call("GET", "endpoints", params={"dialect": "fastnotas"})["data"]]


def test_the_same_request_makes_one_endpoint_of_another_dialect_too(desk: Desk) -> None:
    said, key = {"dialect": "fastnotas", "url": "https://client.test/"}, {"Idempotency-Key": "once"}

    first, again = (desk.ask("POST", "endpoints", said, headers=key) for _ in range(2))

    assert (first.status_code, first.json()) == (201, again.json())
    assert listed(desk) == [first.json()["id"]]


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"dialect": "nobody"}, "dialect_unknown", "#/dialect"),
        ({"types": ["invoice.issued"]}, "event_type_unknown", "#/types/0"),
        ({"files": "base64"}, "option_not_possible", "#/files"),
        ({"secret": OWN_SECRET}, "option_not_possible", "#/secret"),
        ({"url": "ftp://x.test/"}, "url_not_allowed", "#/url"),
    ],
)
def test_what_another_dialect_does_not_know_is_refused(
    desk: Desk, said: dict[str, object], code: str, pointer: str
) -> None:
    whole = {"url": "https://client.test/", "dialect": "fastnotas"} | said

    assert desk.refused("POST", "endpoints", whole) == (422, code)
    assert desk.pointers("POST", "endpoints", whole) == [pointer]


def test_an_endpoint_of_another_dialect_is_tested_in_its_words_and_has_no_secret(desk: Desk) -> None:
    made = desk.subscribe(dialect="fastnotas")["id"]

    tested = desk.call("POST", f"endpoints/{made}/test", {"type": "document_rejected"})

    assert (tested["sample"], tested["endpoint_id"]) == (True, made)
    ours = {"type": "invoice.issued"}
    assert desk.refused("POST", f"endpoints/{made}/test", ours) == (422, "event_type_unknown")
    assert desk.refused("POST", f"endpoints/{made}/rotate-secret") == (409, "secret_not_used")


def test_the_catalogue_of_another_dialect_is_in_its_words(desk: Desk) -> None:
    found = desk.call("GET", "event-types", params={"dialect": "fastnotas"})["data"]

    meanings = {one["name"]: one["description"] for one in found}
    assert meanings["document_success"] == "The tax office issued the note."
    assert all(meanings.values())


def test_endpoints_are_paged(desk: Desk) -> None:
    ids = [desk.subscribe()["id"] for _ in range(3)]

    first = desk.call("GET", "endpoints", params={"limit": 2})
    second = desk.call("GET", "endpoints", params={"limit": 2, "cursor": first["next"]})

    assert [one["id"] for one in (*first["data"], *second["data"])] == ids
    assert second["next"] is None


def test_the_catalogue_names_every_type(desk: Desk) -> None:
    listed = desk.call("GET", "event-types")["data"]

    assert {one["name"] for one in listed} == set(words.EVENTS)
    assert all(one["description"] for one in listed)
