"""Strips that are looked at side by side say what they say alone."""

from __future__ import annotations

import numpy as np
import openvino
import pytest

from lacre.engines.reading.rapid.finding import Finder
from lacre.engines.reading.rapid.recognising import Recogniser, Sign, parts_number
from tests.support.scans import slip

SHORT = ("Conceição Araújo", "São Luís", "05/03/2027")


def test_strips_are_read_side_by_side_as_they_are_alone() -> None:
    core, picture = openvino.Core(), np.asarray(slip(SHORT))
    strips = sorted(Finder(core).find(picture), key=lambda strip: strip.top)
    recogniser = Recogniser(core)

    together = recogniser.read(picture, strips)
    alone = [recogniser.read(picture, [strip])[0] for strip in strips]

    said = [one.replace(" ", "") for one in SHORT]
    assert [_told(signs) for signs in together] == [_told(signs) for signs in alone] == said
    for one, other in zip(together, alone, strict=True):
        assert one[0].at == pytest.approx(other[0].at, abs=10)


def test_no_strips_are_no_signs() -> None:
    assert Recogniser(openvino.Core()).read(np.asarray(slip()), []) == []


def _told(signs: list[Sign]) -> str:
    """Without the blanks: in 32 bits, the paper beside a strip decides some of them."""
    return "".join(sign.text for sign in signs).replace(" ", "")


@pytest.mark.parametrize(
    ("around", "sure", "parts"),
    [(", 7", 0.2, True), (", 7", 0.9, False), (", a", 0.2, False), ("a 7", 0.2, False)],
)
def test_a_doubtful_blank_behind_a_comma_is_none(around: str, sure: float, parts: bool) -> None:
    signs = [Sign(sign, sure if sign == " " else 1.0, 0.0) for sign in around]

    assert parts_number(signs) is parts
