"""Pictures of pages: right, small, kept, and bounded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Semaphore
from typing import cast

import pytest
from PIL import Image

from lacre.engines.render import DRAWERS, OF_ONE_OWNER, NotDrawn, PdfPages
from lacre.engines.sandbox import Sandbox
from lacre.kit.ids import AccountId, Digest
from lacre.signing.layout import PageSize
from tests.support.hostile_pdfs import laughing_pdf, raw_pdf, stream
from tests.support.pdfs import contract_pdf, form_pdf, rotated_pdf, written

DIGEST = Digest("d" * 64)
ANA, BRUNO = AccountId("ana"), AccountId("bruno")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1, preload=("lacre.engines.render",)) as sandbox:
        yield sandbox


@pytest.fixture
def pages(sandbox: Sandbox, tmp_path: Path) -> PdfPages:
    return PdfPages(sandbox, tmp_path / "pictures")


def test_a_page_becomes_a_picture_of_the_width_asked_for(pages: PdfPages, tmp_path: Path) -> None:
    file = written(tmp_path, contract_pdf(1))

    picture = opened(pages.picture(file, DIGEST, page=0, width=960, owner=ANA))

    assert picture.format == "WEBP"
    assert picture.width in (959, 960)
    assert picture.height == pytest.approx(960 * 841.89 / 595.28, abs=2)


def test_widths_are_brought_down_to_few_steps(pages: PdfPages, tmp_path: Path) -> None:
    file = written(tmp_path, contract_pdf(1))

    pictures = [pages.picture(file, DIGEST, page=0, width=width, owner=ANA) for width in (1, 500, 9999)]

    widths = [opened(picture).width for picture in pictures]

    assert widths == [240, 480, 2160]
    assert len(list((tmp_path / "pictures").glob("*/*"))) == 3


def test_pages_are_turned_as_readers_turn_them(pages: PdfPages, tmp_path: Path) -> None:
    file = written(tmp_path, rotated_pdf((90,)))

    picture = opened(pages.picture(file, DIGEST, page=0, width=480, owner=ANA))

    assert picture.width > picture.height


def test_filled_fields_are_drawn(pages: PdfPages, tmp_path: Path) -> None:
    box = b"<< /Subtype /Widget /FT /Tx /T (a) /Rect [0 0 300 300] /F 4 /AP << /N 5 0 R >> >>"
    black = stream(b"0 0 300 300 re f", b"/Subtype /Form /BBox [0 0 300 300]")
    form = b"/AcroForm << /Fields [6 0 R] >>"
    file = written(tmp_path, raw_pdf(black, box, catalog=form, page=b"/Annots [6 0 R]", content=b" "))

    picture = opened(pages.picture(file, DIGEST, page=0, width=240, owner=ANA))

    assert picture.convert("L").getpixel((120, 120)) == pytest.approx(0, abs=8)


def test_a_picture_once_drawn_is_kept(pages: PdfPages, tmp_path: Path) -> None:
    file = written(tmp_path, contract_pdf(1))
    first = pages.picture(file, DIGEST, page=0, width=480, owner=ANA)
    file.unlink()

    assert pages.picture(file, DIGEST, page=0, width=480, owner=ANA) == first


def test_the_longest_unused_pictures_make_room(sandbox: Sandbox, tmp_path: Path) -> None:
    small = PdfPages(sandbox, tmp_path / "pictures", cache_bytes=100_000)
    file = written(tmp_path, contract_pdf(12))

    for page in range(12):
        small.picture(file, DIGEST, page=page, width=480, owner=ANA)

    kept = [picture.stat().st_size for picture in (tmp_path / "pictures").glob("*/*")]
    assert 0 < sum(kept) <= 100_000
    assert len(kept) < 12


@pytest.mark.parametrize("page", [-1, 2, 10_000])
def test_past_the_last_page_there_is_nothing(pages: PdfPages, tmp_path: Path, page: int) -> None:
    file = written(tmp_path, contract_pdf(2))

    with pytest.raises(LookupError):
        pages.picture(file, DIGEST, page=page, width=480, owner=ANA)


def test_a_page_of_absurd_proportions_is_drawn_within_bounds(pages: PdfPages, tmp_path: Path) -> None:
    file = written(tmp_path, raw_pdf(page=b"/MediaBox [0 0 10 14000]"))

    picture = opened(pages.picture(file, DIGEST, page=0, width=2160, owner=ANA))

    assert picture.height <= 4320


def test_a_page_that_takes_too_long_is_not_drawn(sandbox: Sandbox, tmp_path: Path) -> None:
    impatient = PdfPages(sandbox, tmp_path / "pictures", seconds=1)
    file = written(tmp_path, laughing_pdf())

    with pytest.raises(LookupError):
        impatient.picture(file, DIGEST, page=0, width=480, owner=ANA)


def test_a_page_that_took_too_long_is_not_tried_again_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    impatient = PdfPages(sandbox, tmp_path / "pictures", seconds=1)
    file = written(tmp_path, laughing_pdf())
    with pytest.raises(LookupError):
        impatient.picture(file, DIGEST, page=0, width=480, owner=ANA)

    file.unlink()  # whoever looked at it would find nothing
    with pytest.raises(NotDrawn, match="too much a while ago"):
        impatient.picture(file, DIGEST, page=0, width=480, owner=ANA)


class Drawers:
    """A sandbox whose children are at Ana's pages until somebody tells them to stop."""

    def __init__(self) -> None:
        self.taken, self.enough = Semaphore(0), Event()

    def run(self, _draw: object, file: Path, *_: object, seconds: float, memory_bytes: int) -> bytes:  # noqa: ARG002
        if file.name == "slow.pdf":
            self.taken.release()
            self.enough.wait(60)
        return b"drawn"


def test_pages_that_take_long_keep_only_their_owner_waiting(tmp_path: Path) -> None:
    drawers, slow = Drawers(), Path("slow.pdf")
    pages = PdfPages(cast("Sandbox", drawers), tmp_path)
    with ThreadPoolExecutor(DRAWERS + 2) as crowd, ExitStack() as ending:
        ending.callback(drawers.enough.set)
        for number in range(DRAWERS + 2):
            crowd.submit(pages.picture, slow, Digest(f"{number}"), page=0, width=480, owner=ANA)
        for _ in range(OF_ONE_OWNER):
            assert drawers.taken.acquire(timeout=60)

        assert pages.picture(Path("quick.pdf"), DIGEST, page=0, width=480, owner=BRUNO) == b"drawn"
        assert not drawers.taken.acquire(blocking=False)


def test_a_document_that_takes_long_leaves_a_process_to_others_of_its_owner(tmp_path: Path) -> None:
    drawers, slow = Drawers(), Path("slow.pdf")
    pages = PdfPages(cast("Sandbox", drawers), tmp_path)
    with ThreadPoolExecutor(4) as crowd, ExitStack() as ending:
        ending.callback(drawers.enough.set)
        for page in range(4):
            crowd.submit(pages.picture, slow, Digest("slow"), page=page, width=480, owner=ANA)
        assert drawers.taken.acquire(timeout=60)

        assert pages.picture(Path("quick.pdf"), DIGEST, page=0, width=480, owner=ANA) == b"drawn"
        assert not drawers.taken.acquire(blocking=False)


def test_sizes_are_those_a_reader_sees(pages: PdfPages, tmp_path: Path) -> None:
    file = written(tmp_path, raw_pdf(page=b"/CropBox [10 10 110 60] /Rotate 90"))

    assert pages.sizes(file) == (PageSize(50, 100),)


def test_a_form_has_sizes_too(pages: PdfPages, tmp_path: Path) -> None:
    assert len(pages.sizes(written(tmp_path, form_pdf()))) == 1


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))
