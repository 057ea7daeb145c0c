"""What was read can be found in a PDF that archives take, which looks as it did."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from lacre.processing.page import Page
from lacre.processing.ports import Failure, Unreadable
from tests.engines.reading.conftest import Desk
from tests.support.scans import LINES, locked, pdf_with, saved, slip


def searchable(desk: Desk, content: bytes, *, pages: Sequence[int] = (1,)) -> Path:
    found = [page for page in desk.read(content, *pages) if isinstance(page, Page)]
    made = desk.folder / "searchable.pdf"
    assert desk.reader.searchable(desk.lay(content), found, made) is None
    return made


def text_of(pdf: Path, number: int = 0) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        told: str = document[number].get_textpage().get_text_range()
        return "\n".join(line.strip() for line in told.splitlines())


def drawn(pdf: Path) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        shown: Image.Image = document[0].render(scale=1).to_pil().convert("L")
        return shown


@pytest.mark.parametrize("kind", ["JPEG", "PDF"])
def test_the_text_of_a_scan_is_found_in_it(desk: Desk, kind: str) -> None:
    made = searchable(desk, saved(slip(), kind))

    assert text_of(made) == "\n".join(LINES)


def test_it_is_sound_and_says_that_it_is_pdf_a(desk: Desk) -> None:
    made = searchable(desk, saved(slip(), "PNG"))

    checked = subprocess.run(["qpdf", "--check", made], capture_output=True, text=True, check=False)
    with pikepdf.open(made) as pdf:
        metadata = pdf.open_metadata()
        intent = pdf.Root.OutputIntents[0]

        assert checked.returncode == 0, checked.stdout
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert str(intent.S) == "/GTS_PDFA1"
        assert int(intent.DestOutputProfile.N) == 3
        assert "/ID" in pdf.trailer


def test_a_scan_in_a_pdf_looks_as_it_did(desk: Desk) -> None:
    content = saved(slip(), "PDF")
    made = searchable(desk, content)

    difference = ImageChops.difference(drawn(made), drawn(desk.lay(content)))

    assert difference.getextrema() == (0, 0)


@pytest.mark.parametrize("lain", [90, 180, 270])
def test_a_page_that_lay_stands_in_it(desk: Desk, lain: int) -> None:
    made = searchable(desk, saved(slip().rotate(lain, expand=True), "PDF"))

    with pypdfium2.PdfDocument(made) as document:
        assert document[0].get_width() > document[0].get_height()
    assert text_of(made).splitlines()[0] == LINES[0]


def test_a_page_whose_font_is_not_in_the_file_is_drawn_anew(desk: Desk) -> None:
    told = "Um texto de trinta letras, ou mais."

    made = searchable(desk, pdf_with(told))

    with pikepdf.open(made) as pdf:
        assert [str(font.Subtype) for font in pdf.pages[0].Resources.Font.values()] == ["/Type3"]
    assert text_of(made) == told


def test_it_is_read_anew_and_nothing_twice(desk: Desk) -> None:
    made = searchable(desk, saved(slip(), "JPEG"))

    page = desk.page(made.read_bytes())

    assert page.text == "\n".join(LINES)
    assert page.confidence < 1


def test_only_the_pages_asked_for_are_in_it(desk: Desk) -> None:
    made = searchable(desk, saved(slip(), "TIFF", slip()), pages=(2,))

    with pikepdf.open(made) as pdf:
        assert len(pdf.pages) == 1


def test_a_locked_file_makes_none(desk: Desk) -> None:
    problem = desk.reader.searchable(desk.lay(locked(pdf_with("segredo"))), [], desk.folder / "none.pdf")

    assert isinstance(problem, Failure)
    assert problem.reason is Unreadable.PASSWORD
