"""A timestamp server that is there, and one that is away while people sign and comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lacre.signing import events
from tests.support import sealing
from tests.support.aftermath import Aftermath
from tests.support.customer import Customer, Visitor
from tests.support.pdfs import written
from tests.support.pki import TimestampServer
from tests.support.server import Premises
from tests.support.working import eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tsa() -> Iterator[TimestampServer]:
    with TimestampServer() as server:
        yield server


@pytest.fixture(scope="module")
def premises(tsa: TimestampServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    opened = Premises(tmp_path_factory.mktemp("stamped"), tsa_url=tsa.url, time_scale="60")
    with opened.server():
        yield opened


@pytest.fixture(scope="module")
def customer(premises: Premises) -> Customer:
    return Customer(premises.url, premises.new_token())


def test_every_seal_bears_a_timestamp(premises: Premises, customer: Customer) -> None:
    token = signed_by_two(customer)

    assert levels_of(premises, customer, token) == ["B-T", "B-T", "B-T"]


def test_without_the_server_it_completes_lower_and_rises_when_it_is_back(
    premises: Premises, customer: Customer, tsa: TimestampServer
) -> None:
    tsa.mode = "down"
    token = signed_by_two(customer)
    assert levels_of(premises, customer, token) == ["B-B", "B-B", "B-B"]
    assert level_and_wanted(premises, token) == ("B-B", "B-T")

    tsa.mode = "granted"
    eventually(lambda: level_and_wanted(premises, token) == ("B-T", "B-T"), seconds=60)

    assert levels_of(premises, customer, token) == ["B-T", "B-T", "B-T"]
    with Aftermath.of(premises) as left:
        left.check_whole()
        assert left.count(token, events.ENVELOPE_COMPLETED) == 1


def signed_by_two(customer: Customer) -> str:
    """A document's token, complete."""
    made = customer.send([{"name": "Bruno"}, {"name": "Carla"}])
    for signer in made["signers"]:
        Visitor(signer["sign_url"]).signs_all(signer["name"])
    token: str = made["token"]
    eventually(lambda: customer.document(token)["status"] == "signed", seconds=60)
    return token


def levels_of(premises: Premises, customer: Customer, token: str) -> list[str]:
    """Of each signature, once all are found valid."""
    sealed = customer.download(customer.document(token)["signed_file"])
    file = written(premises.folder, sealed)
    assert sealing.valid_by_poppler(file) == 3
    said: dict[str, Any] = json.loads(premises.run("verify", str(file), "--json"))
    return [found["level"] for found in said["signatures"]]


def level_and_wanted(premises: Premises, token: str) -> tuple[str, str]:
    """What the document's file has reached, and what is owed."""
    with Aftermath.of(premises) as left:
        (document,) = left.envelope(token).documents
    return document.level, document.wanted_level
