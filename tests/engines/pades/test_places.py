"""Fields stand where they were put on the page as shown, and read upright, however it is turned."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from lacre.engines.pades import PyhankoSealer
from lacre.signing.ports import Sealed
from tests.support import pdfs, sealing

CENTRE = (87.5, 7.0)
TURNS = [0, 90, 180, 270]


@pytest.mark.parametrize("rotation", [*TURNS, -90])
def test_initials_stand_where_they_were_put_on_a_turned_page(
    rotation: int, sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    page = _signed(sealer, pdfs.rotated_pdf([rotation]), tmp_path, out)

    assert _centre(sealing.box_of(page, "red"), page) == pytest.approx(CENTRE, abs=0.5)


@pytest.mark.parametrize("rotation", TURNS)
def test_initials_stand_where_they_were_put_on_a_cropped_page(
    rotation: int, sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    page = _signed(sealer, pdfs.cropped_pdf(rotation=rotation), tmp_path, out)

    assert _centre(sealing.box_of(page, "red"), page) == pytest.approx(CENTRE, abs=0.5)


@pytest.mark.parametrize("rotation", TURNS)
def test_appearances_read_upright_and_are_not_stretched(
    rotation: int, sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    page = _signed(sealer, pdfs.rotated_pdf([rotation]), tmp_path, out)

    left, top, right, bottom = sealing.box_of(page, "red")
    mark = sealing.box_of(page, "blue")
    assert (right - left) / (bottom - top) == pytest.approx(sealing.INITIALS_SHAPE, rel=0.1)
    assert (mark[0], mark[1]) == pytest.approx((left, top), abs=4)


def test_nothing_changes_on_any_page_before_somebody_signs(
    sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    original = pdfs.written(tmp_path, pdfs.rotated_pdf())
    before = [page.tobytes() for page in sealing.pictures(original)]

    assert isinstance(sealer.prepare(original, out, sealing.structure(pages=4)), Sealed)

    assert [page.tobytes() for page in sealing.pictures(out)[:4]] == before


def test_the_record_page_shows_upright_below_a_turned_page_tree(
    sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    original = pdfs.written(tmp_path, pdfs.rotated_pdf([90]))
    assert isinstance(sealer.prepare(original, out, sealing.structure(["ana"])), Sealed)

    record = sealing.pictures(out)[-1]

    assert record.height > record.width


def _signed(sealer: PyhankoSealer, original: bytes, folder: Path, out: Path) -> Image.Image:
    structure = sealing.structure(["ana"], record=False)
    assert isinstance(sealer.prepare(pdfs.written(folder, original), out, structure), Sealed)
    assert isinstance(sealer.seal(out, sealing.act(record=False)), Sealed)
    return sealing.pictures(out, width=1_000)[0]


def _centre(box: tuple[int, int, int, int], page: Image.Image) -> tuple[float, float]:
    """In percent from the lower left corner."""
    left, top, right, bottom = box
    return 50 * (left + right) / page.width, 100 - 50 * (top + bottom) / page.height
