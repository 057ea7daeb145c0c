"""What a reader sees in a PDF: its text, its pages' sizes and its pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from PIL import Image


def text_of(pdf: bytes) -> str:
    """All pages' text, every run of blanks as one space."""
    with opened(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def page_texts(pdf: bytes) -> list[str]:
    with opened(pdf) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    with opened(pdf) as document:
        return [tuple(round(side, 2) for side in page.get_size()) for page in document]


def picture_of(pdf: bytes, page: int = 0, *, scale: float = 2) -> Image.Image:
    """Rendered on nothing: what has no ink stays transparent."""
    with opened(pdf) as document:
        bitmap = document[page].render(scale=scale, fill_color=(0, 0, 0, 0))
        picture: Image.Image = bitmap.to_pil().convert("RGBA")
        return picture


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()
