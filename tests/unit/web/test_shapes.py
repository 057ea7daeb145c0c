"""A JSON Schema as the tables that a page shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.dialects.native.webhook import NativeWording
from lacre.web.console.shapes import Kind, Table, tables

PERSON = {"type": "object", "properties": {"name": {"type": "string", "description": "Theirs."}}}
STATE = {"enum": ["open", "closed"], "type": "string"}
SCHEMA: dict[str, Any] = {
    "description": "Something happened.",
    "properties": {
        "boss": {"$ref": "#/$defs/Person"},
        "people": {"type": "array", "items": {"$ref": "#/$defs/Person"}},
        "state": {"$ref": "#/$defs/State"},
        "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
        "kind": {"const": "a"},
        "anything": {},
    },
    "required": ["boss", "people"],
    "$defs": {"Person": PERSON, "State": STATE},
}


def test_the_whole_comes_first_and_each_object_once_with_its_places() -> None:
    whole, person = tables(SCHEMA)

    assert (whole.name, whole.words) == ("", "Something happened.")
    assert (person.name, person.places) == ("Person", ["boss", "people[]"])
    assert [(row.name, row.words) for row in person.rows] == [("name", "Theirs.")]


def test_what_a_value_may_be_is_read_however_it_is_said() -> None:
    rows = {row.name: row for row in tables(SCHEMA)[0].rows}

    assert {name: row.kind for name, row in rows.items()} == {
        "boss": Kind(word="object", of="Person"),
        "people": Kind(word="object", of="Person", many=True),
        "state": Kind(codes=("open", "closed")),
        "at": Kind(word="date-time", or_null=True),
        "kind": Kind(codes=("a",)),
        "anything": Kind(word="any"),
    }
    assert [name for name, row in rows.items() if row.always] == ["boss", "people"]


@pytest.mark.parametrize("name", NativeWording().samples)
def test_every_property_of_our_own_webhooks_says_what_it_means(name: str) -> None:
    found: list[Table] = tables(NativeWording().schema(name) or {})

    assert [f"{one.name}.{row.name}" for one in found for row in one.rows if not row.words] == []
