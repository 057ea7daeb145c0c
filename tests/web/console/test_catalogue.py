"""The pages of event types: each in the words of its dialect, with what comes and an example."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from lacre.dialects.native.webhook import NativeWording
from tests.support.house import House
from tests.support.visitor import Visitor

COPIED = re.compile(r'data-copy="([^"]*)"')


def test_every_type_is_listed_and_leads_to_its_page(ana: Visitor) -> None:
    page = ana.open("/app/event-types?dialect=native").text

    assert all(f'/app/event-types/{name}?dialect=native"' in page for name in NativeWording().types)


@pytest.mark.parametrize("name", ["signer.signed", "asset.available", "document.processed", "endpoint.test"])
def test_a_type_shows_its_shape_and_an_example_to_copy(ana: Visitor, name: str) -> None:
    page = ana.open(f"/app/event-types/{name}?dialect=native").text

    schema, example = (json.loads(unescape(one)) for one in COPIED.findall(page))
    assert schema == NativeWording().schema(name)
    assert (example["type"], example["data"]["sample"]) == (name, True)
    assert "<code>created_at</code>" in page


def test_it_is_said_in_the_readers_language(ana: Visitor) -> None:
    page = ana.open("/app/event-types/envelope.expiring?dialect=native&lang=es").text

    assert "El plazo llega en <code>data.days_left</code> días" in page


def test_every_type_of_every_dialect_has_a_page(ana: Visitor, house: House) -> None:
    for dialect, wording in house.services.wordings.items():
        for name in wording.types:
            assert f">{name}</h1>" in ana.open(f"/app/event-types/{name}?dialect={dialect}").text


def test_the_forms_choice_of_events_leads_there(ana: Visitor) -> None:
    assert 'href="/app/event-types?dialect=native"' in ana.open("/app/endpoints/new").text


@pytest.mark.parametrize("path", ["lunch", "signer.signed?dialect=lunch"])
def test_what_is_no_type_has_no_page(ana: Visitor, path: str) -> None:
    assert ana.open(f"/app/event-types/{path}").status_code == 404
