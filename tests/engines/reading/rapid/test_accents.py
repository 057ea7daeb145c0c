"""Lines of capitals whose accents were not looked at are looked at again."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from lacre.engines.reading.rapid.accents import are_capitals, better, reaches_out
from lacre.engines.reading.rapid.eyes import RapidEyes
from lacre.engines.reading.rapid.finding import Strip
from lacre.engines.reading.rapid.recognising import Sign
from lacre.engines.reading.upright import Gray, cleaned
from tests.support.scans import slip


def test_accents_and_cedillas_of_worn_capitals_are_read() -> None:
    lines = ("MAGALHÃES GUIMARÃES", "OLÍVIA DA ASSUNÇÃO", "NITERÓI E BELÉM")

    seen = RapidEyes().see(cleaned(worn(slip(lines))), ("pt",))

    assert [word.text for word in seen] == " ".join(lines).split()


@pytest.mark.parametrize(
    ("text", "told"), [("SÃO PAULO", True), ("São Paulo", False), ("CPF 12", True), ("1.234,56", False)]
)
def test_capitals_are_told_from_other_lines(text: str, told: bool) -> None:
    assert are_capitals(signs(text)) is told


@pytest.mark.parametrize(
    ("rows", "columns", "out"),
    [
        (slice(2, 6), slice(100, 110), True),
        (slice(20, 28), slice(20, 180), False),
        (slice(2, 4), slice(0, 200), False),
        (slice(0, 48), slice(0, 4), False),
    ],
    ids=["an accent", "letters", "a rule", "an upright rule"],
)
def test_ink_outside_of_what_is_looked_at_is_seen(rows: slice, columns: slice, out: bool) -> None:
    picture = np.full((48, 200), 255, np.uint8)
    picture[rows, columns] = 0

    assert reaches_out(picture, Strip(0, 0, 199, 47)) is out


def test_the_second_look_gives_the_accents_and_the_first_the_blanks() -> None:
    found = better(signs("SAO JOSE"), signs("SÃOJOSÉ", 0.5))

    assert "".join(sign.text for sign in found) == "SÃO JOSÉ"


def test_of_two_looks_that_say_other_letters_the_surer_is_taken() -> None:
    first, surer, doubtful = signs("SAO"), signs("SAC", 0.95), signs("5AC", 0.5)

    assert better(first, surer) is surer
    assert better(first, doubtful) is first


def worn(picture: Image.Image) -> Gray:
    """Faint, blurred and noisy."""
    ink = 0.7 * (255 - np.asarray(picture, np.float64))
    blurred = cv2.GaussianBlur(255 - ink, (0, 0), 1)
    grain = np.random.default_rng(1).normal(0, 12, blurred.shape)
    return np.asarray(np.clip(blurred + grain, 0, 255), np.uint8)


def signs(text: str, confidence: float = 0.9) -> list[Sign]:
    return [Sign(sign, confidence, 10.0 * at) for at, sign in enumerate(text)]
