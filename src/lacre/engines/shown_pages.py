"""Pages as a reader shows them, through pdfium: their sizes, boxes and pictures. Only for child processes.

pdfium is C++ fed by strangers and not safe for threads: nothing here may run in the server itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

from lacre.signing.layout import PageSize, Place

if TYPE_CHECKING:  # the server knows this module, and goes without numerics
    import numpy as np
    from numpy.typing import NDArray

Document: TypeAlias = Any
Page: TypeAlias = Any
TextPage: TypeAlias = Any
Number = TypeVar("Number", float, "NDArray[np.float64]")
Corners: TypeAlias = tuple[Number, Number, Number, Number]
"""Left, bottom, right, top."""
Box: TypeAlias = Corners[float]


class Unreadable(Exception):
    """pdfium cannot open this file or show a page of it."""

    def __init__(self, error: pypdfium2.PdfiumError) -> None:
        super().__init__(str(error))
        self.locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)


@contextmanager
def opened(file: Path) -> Iterator[Document]:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(error) from error
    try:
        # without this, form fields are not drawn; there is no script engine in this build that it could start
        document.init_forms()
        yield document
    finally:
        document.close()


@contextmanager
def page_of(document: Document, number: int) -> Iterator[Page]:
    page = document[number]
    try:
        yield page
    finally:
        page.close()


def sizes_of(document: Document) -> tuple[PageSize, ...]:
    try:
        return tuple(PageSize(*document.get_page_size(number)) for number in range(len(document)))
    except pypdfium2.PdfiumError as error:
        raise Unreadable(error) from error


def picture_of(page: Page, *, width: float, height: float, mode: str = "RGB") -> Image.Image:
    """The page on white, as large as it can be within that many pixels."""
    scale = min(width / page.get_width(), height / page.get_height())
    # pdfium rounds up: a hair less keeps the picture within its bounds
    bitmap = page.render(scale=scale * 0.9999, rev_byteorder=True, grayscale=mode == "L")
    try:
        picture: Image.Image = bitmap.to_pil().copy()
        return picture
    finally:
        bitmap.close()


def place_of(page: Page, number: int, box: Box) -> Place:
    """Where a box in the page's own coordinates is seen, after crop box and `/Rotate`."""
    left, bottom, right, top = turned(box, page)
    width, height = page.get_width(), page.get_height()
    return Place(
        page=number,
        left=100 * left / width,
        bottom=100 * bottom / height,
        width=100 * (right - left) / width,
        height=100 * (top - bottom) / height,
    )


def turned(box: Corners[Number], page: Page) -> Corners[Number]:
    """From the page's own coordinates to those of what is seen, from its bottom left corner; also of many
    boxes at once."""
    left, bottom, right, top = box
    page_left, page_bottom, page_right, page_top = page.get_bbox()
    rotation = page.get_rotation()
    if rotation == 90:
        return bottom - page_bottom, page_right - right, top - page_bottom, page_right - left
    if rotation == 180:
        return page_right - right, page_top - top, page_right - left, page_top - bottom
    if rotation == 270:
        return page_top - top, left - page_left, page_top - bottom, right - page_left
    return left - page_left, bottom - page_bottom, right - page_left, top - page_bottom
