"""Files made to exhaust whoever opens them: answered in time, and the next file is none the worse."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from lacre.signing.ports import Accepted, Unusable
from tests.engines.intake.conftest import Admit
from tests.support.hostile_pdfs import (
    boastful_pdf,
    circular_pdf,
    deflate_bomb_pdf,
    nested_pdf,
    pixel_flood_pdf,
    structure_bomb_pdf,
    towering_pdf,
)
from tests.support.pdfs import contract_pdf, crowded_pdf

GB = 1 << 30


@pytest.mark.slow
@pytest.mark.parametrize(
    "bomb",
    [
        lambda: deflate_bomb_pdf(3 * GB),
        circular_pdf,
        pixel_flood_pdf,
        lambda: crowded_pdf(10_400),
    ],
    ids=["deflate", "circle", "pixels", "pages"],
)
def test_a_bomb_is_refused_in_time(admit: Admit, bomb: Callable[[], bytes]) -> None:
    content = bomb()
    began = time.monotonic()

    verdict = admit(content)

    assert isinstance(verdict, Unusable)
    assert time.monotonic() - began < 60
    assert isinstance(admit(contract_pdf(1)), Accepted)


@pytest.mark.slow
@pytest.mark.parametrize(
    "oddity",
    [boastful_pdf, nested_pdf, towering_pdf, lambda: structure_bomb_pdf(3 * GB)],
    ids=["page count", "nesting", "tower", "unused object stream"],
)
def test_an_oddity_is_answered_in_time(admit: Admit, oddity: Callable[[], bytes]) -> None:
    content = oddity()
    began = time.monotonic()

    assert isinstance(admit(content), Accepted | Unusable)
    assert time.monotonic() - began < 60
    assert isinstance(admit(contract_pdf(1)), Accepted)
