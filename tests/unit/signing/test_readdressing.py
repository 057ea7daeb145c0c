"""A signer's address put right after a message had gone to the wrong one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lacre.signing.readdressing import readdress
from lacre.signing.signer import Channel
from tests.support.fake_work import World
from tests.support.people import ANA, BRUNO, LATER, contract
from tests.unit.signing.test_actions import kept, notified, posted

WRITTEN_TO: dict[Channel, int] = {Channel.EMAIL: 1}


def test_a_new_link_goes_to_the_right_address_and_the_old_one_is_dead() -> None:
    world = posted(contract())

    sent = changed(world, notified=WRITTEN_TO, email="bruno.dias@example.test")

    assert sent
    assert kept(world).signer(BRUNO).link_generation == 1
    assert notified(world) == [(BRUNO, "invitation")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"email": "bruno.dias@example.test"}),
        ({"notified": WRITTEN_TO}, {"name": "Bruno Dias"}),
        ({"notified": WRITTEN_TO}, {"phone": "11987654321"}),
        ({"notified": WRITTEN_TO, "unsent": WRITTEN_TO}, {"email": "bruno.dias@example.test"}),
    ],
    ids=["nothing had gone", "the same address", "an address that nothing had gone to", "nothing leaves"],
)
def test_a_link_that_no_stranger_has_stays(before: dict[str, Any], after: dict[str, Any]) -> None:
    world = posted(contract())

    sent = changed(world, **before, **after)

    assert not sent
    assert kept(world).signer(BRUNO).link_generation == 0
    assert notified(world) == []


def test_whose_address_is_taken_away_is_not_written_to() -> None:
    world = posted(contract())

    sent = changed(world, notified=WRITTEN_TO, email="")

    assert not sent
    assert kept(world).signer(BRUNO).link_generation == 1


def changed(world: World, **said: Any) -> bool:  # noqa: ANN401
    """`notified` and `unsent` were so before; what was asked of the worker until then is done."""
    world.rows.jobs.clear()
    envelope = kept(world)
    bruno = envelope.signer(BRUNO)
    bruno.notified, bruno.unsent = said.pop("notified", {}), said.pop("unsent", {})
    with world.open_work() as work:
        return readdress(work, envelope, replace(bruno, **said), by=ANA, now=LATER)
