"""Anchor texts are found where a reader sees them, on turned and cropped pages too."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from lacre.engines.intake.door import PdfIntake
from lacre.engines.render import draw
from lacre.signing.layout import Place
from tests.support.hostile_pdfs import raw_pdf
from tests.support.pdfs import contract_pdf, text_pdf, written

FONT = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def test_every_occurrence_is_found_in_reading_order(intake: PdfIntake, tmp_path: Path) -> None:
    file = written(tmp_path, text_pdf(["<<a>> e <<a>>", "depois <<a>>"], ["nada"], ["<<a>>"]))

    places = intake.find_text(file, ["<<a>>"])["<<a>>"]

    assert [place.page for place in places] == [0, 0, 0, 2]
    assert places[0].left < places[1].left
    assert places[1].bottom > places[2].bottom


def test_a_text_never_seen_has_no_place(intake: PdfIntake, tmp_path: Path) -> None:
    file = written(tmp_path, contract_pdf(1))

    found = intake.find_text(file, ["Assinatura:", "assinatura:", "<<b>>", " "])

    assert {needle: len(places) for needle, places in found.items()} == {
        "Assinatura:": 1,
        "assinatura:": 0,
        "<<b>>": 0,
        " ": 0,
    }


def test_accents_are_found(intake: PdfIntake, tmp_path: Path) -> None:
    file = written(tmp_path, contract_pdf(1))

    assert len(intake.find_text(file, ["Cláusula 1.7 - As partes"])["Cláusula 1.7 - As partes"]) == 1


@pytest.mark.parametrize(
    ("rotation", "left", "bottom"),
    [(0, 10, 25), (90, 25, 100 - 10), (180, 100 - 10, 100 - 25), (270, 100 - 25, 10)],
)
def test_turned_and_cropped_pages_are_measured_as_shown(
    intake: PdfIntake, tmp_path: Path, rotation: int, left: float, bottom: float
) -> None:
    # the word begins at 10 % and 25 % of the box that is shown before it is turned
    page = b"/CropBox [50 60 250 260] /Rotate %d " % rotation + FONT
    file = written(tmp_path, raw_pdf(page=page, content=b"BT /F1 8 Tf 70 110 Td (HHH) Tj ET"))

    (place,) = intake.find_text(file, ["HHH"])["HHH"]

    assert nearest_corner(place, rotation) == pytest.approx((left, bottom), abs=0.6)


def test_a_page_drawn_anew_shows_ink_exactly_there(intake: PdfIntake, tmp_path: Path) -> None:
    content = b"BT /F1 30 Tf 0.8 0.6 -0.6 0.8 120 140 Tm (Aqui) Tj ET"
    file = written(tmp_path, raw_pdf(page=b"/Rotate 90 " + FONT, content=content))

    (place,) = intake.find_text(file, ["Aqui"])["Aqui"]

    assert close(place, ink(file))


def test_a_file_that_cannot_be_read_has_no_text(intake: PdfIntake, tmp_path: Path) -> None:
    assert intake.find_text(written(tmp_path, b"no"), ["a"]) == {"a": ()}


def nearest_corner(place: Place, rotation: int) -> tuple[float, float]:
    """The place's corner that was bottom left before the page was turned."""
    right, top = place.left + place.width, place.bottom + place.height
    return {
        0: (place.left, place.bottom),
        90: (place.left, top),
        180: (right, top),
        270: (right, place.bottom),
    }[rotation]


def close(place: Place, other: Place) -> bool:
    mine = (place.left, place.bottom, place.width, place.height)
    return mine == pytest.approx((other.left, other.bottom, other.width, other.height), abs=3)


def ink(file: Path) -> Place:
    """Where anything dark is, on the page as it is drawn."""
    drawn = (
        Image.open(io.BytesIO(draw(file, 0, 960) or b""))
        .convert("L")
        .point(lambda level: 255 * (level > 128))
    )
    left, top, right, bottom = ImageChops.invert(drawn).getbbox() or (0, 0, 0, 0)
    across, down = 100 / drawn.width, 100 / drawn.height
    return Place(
        page=0,
        left=left * across,
        bottom=100 - bottom * down,
        width=(right - left) * across,
        height=(bottom - top) * down,
    )
