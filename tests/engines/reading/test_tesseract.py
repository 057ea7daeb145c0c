"""Tesseract reads behind the same port, and what is missing says what to install."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from lacre.engines.reading.installed import TesseractMissing, installed_languages
from lacre.engines.reading.looking import look
from lacre.engines.reading.tesseract import Tesseract
from tests.support.scans import LINES, slip


def test_it_reads_portuguese() -> None:
    page = look(np.asarray(slip()), 1, scale=0.36, eyes=Tesseract(), languages=("pt",))

    assert page.text == "\n".join(LINES)


def test_where_it_is_not_installed_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))

    with pytest.raises(TesseractMissing, match="apt-get install tesseract-ocr"):
        installed_languages()
