"""Real PDFs of many producers: sealed with every page looking the same, or left alone with a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageChops

from lacre.engines.pades import PyhankoSealer, PyhankoVerifier
from lacre.signing.ports import Sealed
from tests.support import sealing

SAMPLES = Path(os.environ.get("LACRE_SAMPLES", Path(__file__).parents[4] / "shared" / "samples"))
FILES = sorted(SAMPLES.rglob("*.pdf")) if SAMPLES.is_dir() else []
_PAGES_COMPARED = 3


@pytest.mark.slow
@pytest.mark.skipif(not FILES, reason=f"no sample files in {SAMPLES} (set LACRE_SAMPLES)")
def test_what_opens_is_sealed_and_looks_the_same(
    sealer: PyhankoSealer, verifier: PyhankoVerifier, out: Path
) -> None:
    openable = [file for file in FILES if _pages(file)]

    failures = {file.name: why for file in openable if (why := _failure(sealer, verifier, file, out))}

    assert len(failures) <= 0.03 * len(openable), failures


def _failure(sealer: PyhankoSealer, verifier: PyhankoVerifier, file: Path, out: Path) -> str:
    pages = min(_pages(file), _PAGES_COMPARED)
    prepared = sealer.prepare(file, out, sealing.structure(["ana"], pages=pages))
    sealed = sealer.seal(out, sealing.act("ana", pages=pages))
    if not isinstance(prepared, Sealed) or not isinstance(sealed, Sealed):
        return f"{prepared} {sealed}"
    if not verifier.verify(out).all_valid or sealing.valid_by_poppler(out) != 2:
        return "not valid"
    return "" if _looks_the_same(file, out, pages) else "looks different"


def _looks_the_same(before: Path, after: Path, pages: int) -> bool:
    old, new = sealing.content_pictures(before, pages), sealing.content_pictures(after, pages)
    return all(ImageChops.difference(a, b).getbbox() is None for a, b in zip(old, new, strict=True))


def _pages(file: Path) -> int:
    try:
        with pikepdf.open(file) as pdf:
            return len(pdf.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return 0
