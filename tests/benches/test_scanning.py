"""What noise and blur hid of bar codes is read again; where there are none, none is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.fields.samples import sample
from bench.fields.scanning import DPI, printed
from bench.pages.wear import Quality, worn
from lacre.engines.reading.codes import codes_on
from lacre.engines.reading.upright import Gray, cleaned, skew, straightened


def page(number: int, seed: str) -> Gray:
    """Its upper part, worn badly, and straight again."""
    drawn = np.ascontiguousarray(printed(sample(number, seed).pdf, DPI)[0][:900])
    gray = np.asarray(cv2.cvtColor(worn(drawn, Quality.BAD, 7), cv2.COLOR_RGB2GRAY), np.uint8)
    return straightened(gray, skew(cleaned(gray)))


@pytest.mark.parametrize("number", [2, 5])
def test_a_bar_code_is_read_through_wear(number: int) -> None:
    (wanted,) = sample(number, "bars").codes

    found = codes_on(page(number, "bars"), 72 / DPI)

    assert [(one.kind, one.text) for one in found] == [wanted]


def test_a_page_without_bars_has_none() -> None:
    assert codes_on(page(11, "bars"), 72 / DPI) == ()
