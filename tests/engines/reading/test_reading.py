"""Whatever kind of file it is, its words come out, upright and in lines."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from lacre.processing.page import Source
from lacre.processing.ports import Failure, FileKind, Opened
from tests.engines.reading.conftest import Desk
from tests.support.docx import docx_of
from tests.support.scans import LINES, pdf_with, saved, slip

TEXT = "\n".join(LINES)
DIGITAL = "O contrato nº 7 vale R$ 1.234,56, diz Conceição Araújo."
HEIC = Path(__file__).with_name("slip.heic")
"""Made by us with an encoder that set-up does not bring."""


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FileKind.PNG, saved(slip(), "PNG")),
        (FileKind.JPEG, saved(slip(), "JPEG")),
        (FileKind.WEBP, saved(slip(), "WEBP")),
        (FileKind.PDF, saved(slip(), "PDF")),
        (FileKind.HEIC, HEIC.read_bytes()),
    ],
)
def test_a_picture_of_each_kind_is_read(desk: Desk, kind: FileKind, content: bytes) -> None:
    opened = desk.reader.open(desk.lay(content))

    page = desk.page(content)

    assert opened == Opened(kind, 1)
    assert page.text == TEXT
    assert page.source is Source.READ
    assert 0.9 < page.confidence < 1


def test_each_page_of_a_tiff_is_read_in_order(desk: Desk) -> None:
    content = saved(slip(), "TIFF", slip([*LINES[1:], LINES[0]]))

    first, second = desk.read(content, 1, 2)

    assert not isinstance(first, Failure)
    assert not isinstance(second, Failure)
    assert (first.number, second.number) == (1, 2)
    assert [line[0].text for line in second.lines] == ["R$", "no", "pena", "Conceição"]


def test_text_that_was_born_digital_is_taken_as_it_is(desk: Desk) -> None:
    page = desk.page(pdf_with(DIGITAL))

    assert page.text == DIGITAL
    assert (page.source, page.confidence) == (Source.DIGITAL, 1)
    assert page.words[0].box.left == pytest.approx(40, abs=1)
    assert page.words[0].box.top == pytest.approx(842 - 800 - 8, abs=4)


def test_a_page_with_text_and_a_scan_gives_both(desk: Desk) -> None:
    page = desk.page(pdf_with(DIGITAL, slip()))

    assert page.text.splitlines() == [DIGITAL, *LINES]
    assert page.source is Source.READ


@pytest.mark.parametrize(("lain", "turned"), [(90, 90), (180, 180), (270, 270)])
def test_a_page_that_lies_is_turned_upright(desk: Desk, lain: int, turned: int) -> None:
    picture = slip().rotate(lain, expand=True)

    page = desk.page(saved(picture, "PNG"))

    assert page.turned == turned
    assert page.text == TEXT
    assert page.width > page.height


def test_a_page_that_is_askew_is_straightened(desk: Desk) -> None:
    picture = slip().rotate(3, Image.Resampling.BICUBIC, fillcolor=255)

    page = desk.page(saved(picture, "PNG"))

    assert page.skew == pytest.approx(3, abs=0.3)
    assert page.text == TEXT


def test_boxes_are_in_points_where_the_words_stand(desk: Desk) -> None:
    page = desk.page(saved(slip(), "PNG"))

    box = page.words[0].box

    assert (page.width, page.height) == pytest.approx((760 * 0.36, 330 * 0.36), abs=0.5)
    assert box.left == pytest.approx(20 * 0.36, abs=5)
    assert box.top == pytest.approx(27 * 0.36, abs=4)
    assert box.width == pytest.approx(len("Conceição") * 16 * 0.36, abs=6)


@pytest.mark.parametrize(
    ("drawn", "kind", "text"),
    [("QRCode", "qr", "00020126pix"), ("Code128", "code128", "4321000000"), ("ITF", "itf", "1" * 44)],
)
def test_bar_codes_and_qr_codes_are_read(desk: Desk, drawn: str, kind: str, text: str) -> None:
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, drawn))
    bars = Image.fromarray(code.to_image(scale=2))
    sheet = Image.new("L", (max(760, bars.width), 330 + bars.height), "white")
    sheet.paste(slip())
    sheet.paste(bars, (0, 330))

    page = desk.page(saved(sheet, "PNG"))

    assert [(one.kind, one.text) for one in page.codes] == [(kind, text)]
    assert page.codes[0].box.top >= 330 * 0.36


def test_a_document_of_text_is_read_by_libreoffice(desk: Desk) -> None:
    content = docx_of("A primeira cláusula.", "Com acentuação.")

    opened = desk.reader.open(desk.lay(content))

    assert opened == Opened(FileKind.DOCX, 1)
    assert desk.page(content).text == "A primeira cláusula.\nCom acentuação."


def test_a_drawn_page_is_a_png_as_wide_as_asked(desk: Desk) -> None:
    file = desk.lay(saved(slip().rotate(90, expand=True), "PNG"))

    drawn = desk.reader.picture(file, 1, width=380, turned=90)

    assert isinstance(drawn, bytes)
    with Image.open(desk.lay(drawn)) as picture:
        assert (picture.format, picture.size) == ("PNG", (380, 165))
