"""The catalogue of what there is to hear, and whether what is told is what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lacre.dialects.native import words
from tests.support.catalogue import flaws
from tests.support.native_desk import Desk

GOLDEN = sorted(
    path for path in Path(__file__).parent.glob("*.json") if path.stem in {*words.EVENTS, words.TEST}
)
PLANTED = {
    "a misnamed property": lambda said: said["data"]["envelope"].update(
        titel=said["data"]["envelope"].pop("title")
    ),
    "a missing one": lambda said: said["data"].pop("signer"),
    "one too many": lambda said: said["data"].update(comment=""),
    "one of another type": lambda said: said["data"]["envelope"].update(number="12"),
    "an unknown state": lambda said: said["data"]["signer"].update(status="asleep"),
    "a local time": lambda said: said.update(created_at="2026-11-20 12:06"),
    "another type": lambda said: said.update(type="signer.viewed", data={}),
}


def test_every_type_says_what_it_means_and_what_comes(desk: Desk) -> None:
    listed = desk.call("GET", "event-types")["data"]

    assert [one["name"] for one in listed] == sorted(words.EVENTS)
    for one in listed:
        assert one["group"] == one["name"].partition(".")[0]
        assert one["description"] == one["json_schema"]["description"]
        jsonschema_rs.meta.validate(one["json_schema"])


def test_the_list_is_short_on_demand(desk: Desk) -> None:
    listed = desk.call("GET", "event-types?schemas=false")["data"]

    assert {one["json_schema"] for one in listed} == {one["example"] for one in listed} == {None}


@pytest.mark.parametrize("name", words.SAMPLES)
def test_an_example_is_what_its_schema_says(desk: Desk, name: str) -> None:
    read = desk.call("GET", f"event-types/{name}")

    assert jsonschema_rs.Draft202012Validator(read["json_schema"]).is_valid(read["example"])
    assert read["example"]["type"] == name
    assert read["example"]["data"]["sample"] is True
    assert flaws(read["example"]) == []


@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_what_is_written_down_is_what_its_schema_says(path: Path) -> None:
    assert flaws(json.loads(path.read_text())) == []


@pytest.mark.parametrize("what", PLANTED)
def test_a_body_that_is_not_so_is_found_out(what: str) -> None:
    said = json.loads((Path(__file__).parent / "signer.signed.json").read_text())

    PLANTED[what](said)

    assert flaws(said) != []


def test_a_test_sends_the_example(desk: Desk) -> None:
    shown = desk.call("GET", "event-types/signer.refused")["example"]
    made = desk.subscribe()
    desk.call("POST", f"endpoints/{made['id']}/test", {"type": "signer.refused"})

    sent = _told(desk, made["id"])

    assert _without_instants(sent) == _without_instants(shown)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("envelope.complete", "did you mean `envelope.completed`"),
        ("signer.sign", "`signer.signed`"),
        ("lunch", "There is no such event type."),
    ],
)
def test_a_type_that_is_not_there_names_the_nearest(desk: Desk, name: str, near: str) -> None:
    answer = desk.ask("GET", f"event-types/{name}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert near in answer.json()["detail"]


def test_a_misspelt_type_of_an_endpoint_names_the_nearest(desk: Desk) -> None:
    answer = desk.ask("POST", "endpoints", {"url": "https://client.test/", "types": ["signer.singed"]})

    assert "did you mean `signer.signed`" in answer.json()["errors"][0]["detail"]


def test_another_dialects_types_have_examples_in_its_own_form(desk: Desk) -> None:
    listed = desk.call("GET", "event-types?dialect=fastnotas")["data"]

    assert {one["json_schema"] for one in listed} == {None}
    assert {one["group"] for one in listed} == {"invoice", "operation", "asset"}
    assert all(one["example"] for one in listed)


def _told(desk: Desk, endpoint_id: str) -> Any:  # noqa: ANN401 - JSON
    desk.attempt()
    (sent,) = desk.call("GET", f"deliveries?endpoint_id={endpoint_id}")["data"]
    (made,) = desk.call("GET", f"deliveries/{sent['id']}/attempts")["data"]
    return json.loads(made["request_body"])


def _without_instants(said: Any) -> Any:  # noqa: ANN401 - JSON
    """And without what is made anew each time."""
    if isinstance(said, list):
        return [_without_instants(one) for one in said]
    if not isinstance(said, dict):
        return said
    return {
        name: _without_instants(value)
        for name, value in said.items()
        if not name.endswith(("_at", "_url")) and not str(value).startswith("evt_")
    }
