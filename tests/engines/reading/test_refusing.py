"""Files that cannot be read are values, each with its reason, and whoever is read next does not notice."""

from __future__ import annotations

from contextlib import closing

import pytest

from lacre.engines.office.pool import OfficePool
from lacre.engines.reading.children import PRELOADED
from lacre.engines.reading.reader import FileReader
from lacre.engines.sandbox import Sandbox
from lacre.processing.page import Page
from lacre.processing.ports import Failure, Unreadable
from tests.engines.reading.conftest import Desk
from tests.support.scans import locked, pages_of, pdf_with, saved, slip
from tests.support.unreadable import pdf_flood, png_flood, wall, zip_bomb


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unreadable.EMPTY),
        (b"just some text", Unreadable.UNKNOWN_KIND),
        (locked(pdf_with("segredo")), Unreadable.PASSWORD),
        (b"%PDF-1.7\nnothing of one", Unreadable.BROKEN),
        (saved(slip(), "PNG")[:40], Unreadable.BROKEN),
        (b"\xff\xd8\xff\xe0 no picture", Unreadable.BROKEN),
        (b"\0\0\0\x18ftypheic no picture", Unreadable.BROKEN),
        (pages_of(2_001), Unreadable.TOO_MANY_PAGES),
        (png_flood(), Unreadable.TOO_LARGE),
        (zip_bomb(), Unreadable.TOO_LARGE),
        (b"PK\x03\x04 no archive", Unreadable.BROKEN),
    ],
    ids=[
        "empty",
        "text",
        "locked",
        "no pdf",
        "half a png",
        "no jpeg",
        "no heic",
        "2001 pages",
        "flood",
        "bomb",
        "no zip",
    ],
)
def test_what_cannot_be_opened_says_why(desk: Desk, content: bytes, reason: Unreadable) -> None:
    opened = desk.reader.open(desk.lay(content))

    assert isinstance(opened, Failure)
    assert opened.reason is reason
    assert str(desk.folder) not in opened.detail


def test_half_a_picture_is_broken_when_it_is_read(desk: Desk) -> None:
    content = saved(slip(), "PNG")

    (found,) = desk.read(content[: len(content) // 2])

    assert isinstance(found, Failure)
    assert found.reason is Unreadable.BROKEN


def test_a_picture_that_swells_inside_a_pdf_hurts_nobody(desk: Desk) -> None:
    (found,) = desk.read(pdf_flood())

    assert isinstance(found, Failure)
    assert found.reason is Unreadable.TOO_LARGE
    assert desk.page(pdf_with("O seguinte, que tem mais do que trinta letras.")).words[0].text == "O"


def test_a_photo_of_a_wall_has_no_words(desk: Desk) -> None:
    page = desk.page(saved(wall(), "JPEG"))

    assert page.words == ()
    assert page.confidence == 1


def test_a_page_that_takes_too_long_is_left_and_the_next_is_read(desk: Desk, offices: OfficePool) -> None:
    scan = desk.lay(saved(slip(), "PDF"))
    with (
        Sandbox(1, preload=PRELOADED) as sandbox,
        closing(FileReader(sandbox, offices, eyes="rapid", at_once=1, seconds=0.05)) as hasty,
    ):
        sandbox.warm()
        found = list(hasty.read(scan, [1], languages=("pt",)))

    assert isinstance(found[0], Failure)
    assert found[0].reason is Unreadable.TOO_SLOW


def test_who_stops_between_two_pages_has_no_more_of_them(desk: Desk) -> None:
    reading = desk.reader.read(desk.lay(pages_of(40)), range(1, 41), languages=("pt",))

    first = next(reading)
    reading.close()  # type: ignore[attr-defined]

    assert isinstance(first, Page)
    assert first.number == 1


def test_many_pages_come_in_order(desk: Desk) -> None:
    found = desk.read(pages_of(60), *range(1, 61))

    assert [page.number for page in found if isinstance(page, Page)] == list(range(1, 61))


def test_a_page_that_is_not_there_is_broken(desk: Desk) -> None:
    (found,) = desk.read(pages_of(1), 2)

    assert isinstance(found, Failure)
    assert found.reason is Unreadable.BROKEN
