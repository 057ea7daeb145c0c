"""Opens files and reads their pages, one at a time: what the child processes do."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pypdfium2
from msgspec.structs import replace
from PIL import Image, UnidentifiedImageError

from lacre.engines import shown_pages
from lacre.engines.reading import pictures
from lacre.engines.reading.codes import codes_on
from lacre.engines.reading.eyes import eyes_called
from lacre.engines.reading.kinds import kind_of
from lacre.engines.reading.looking import look
from lacre.engines.reading.text_layer import text_layer
from lacre.engines.reading.trust import Sight
from lacre.engines.reading.upright import Gray
from lacre.engines.shown_pages import page_of
from lacre.processing.ordering import in_lines
from lacre.processing.page import Box, Page, Source, Word
from lacre.processing.ports import Failure, FileKind, Opened, Unreadable

MOST_PAGES = 2_000
DOTS_PER_INCH = range(200, 301)
"""Of a page of a PDF that is looked at: as its picture has, within these."""
_CODES_AT = 200
_UNREADABLE = (
    pictures.TooManyPixels,
    shown_pages.Unreadable,
    pypdfium2.PdfiumError,
    UnidentifiedImageError,
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
)
"""What strangers' files raise."""


def open_file(file: Path) -> Opened | Failure:
    """DOCX is for LibreOffice first."""
    kind = kind_of(file)
    if file.stat().st_size == 0:
        return Failure(Unreadable.EMPTY)
    if kind is None or kind is FileKind.DOCX:
        return Failure(Unreadable.UNKNOWN_KIND)
    try:
        return _counted(kind, _pages(file, kind))
    except _UNREADABLE as problem:
        return _failure(problem)


def _failure(problem: Exception) -> Failure:
    match problem:
        case pictures.TooManyPixels():
            return Failure(Unreadable.TOO_LARGE)
        case shown_pages.Unreadable(locked=True):
            return Failure(Unreadable.PASSWORD, str(problem))
        case shown_pages.Unreadable():
            return Failure(Unreadable.BROKEN, str(problem))
        case _:
            return Failure(Unreadable.BROKEN, pictures.complaint(problem))


def _counted(kind: FileKind, pages: int) -> Opened | Failure:
    if pages == 0:
        return Failure(Unreadable.EMPTY)
    if pages > MOST_PAGES:
        return Failure(Unreadable.TOO_MANY_PAGES, f"{pages} of at most {MOST_PAGES}")
    return Opened(kind, pages)


def _pages(file: Path, kind: FileKind) -> int:
    if kind is FileKind.PDF:
        with shown_pages.opened(file) as document:
            return len(document)
    with pictures.opened_picture(file, kind) as picture:
        if picture.width * picture.height > pictures.MOST_PIXELS:
            raise pictures.TooManyPixels
        return pictures.frames(picture)


def read_pages(
    file: Path, numbers: Sequence[int], eyes: str, languages: Sequence[str]
) -> list[Page | Failure]:
    """Numbers from 1. Opened once for all of them: what pages share is then prepared once too."""
    kind = kind_of(file)
    if kind is None or kind is FileKind.DOCX:
        return [Failure(Unreadable.UNKNOWN_KIND) for _ in numbers]
    try:
        with _opened(file, kind) as read:
            return [_read_page(read, number, eyes, languages) for number in numbers]
    except _UNREADABLE as problem:
        return [_failure(problem) for _ in numbers]


Read: TypeAlias = Callable[[int, str, Sequence[str]], Page]
"""The page of a number, by whose eyes, in which languages."""


@contextmanager
def _opened(file: Path, kind: FileKind) -> Iterator[Read]:
    if kind is FileKind.PDF:
        with shown_pages.opened(file) as document:
            yield partial(_read_sheet, document)
    else:
        with pictures.opened_picture(file, kind) as picture:
            yield partial(_read_picture, picture)


def _read_page(read: Read, number: int, eyes: str, languages: Sequence[str]) -> Page | Failure:
    try:
        return read(number, eyes, languages)
    except _UNREADABLE as problem:
        return _failure(problem)


def _read_picture(picture: Image.Image, number: int, eyes: str, languages: Sequence[str]) -> Page:
    whole = pictures.frame(picture, number)
    seen = pictures.gray(whole)
    dots = pictures.dots_per_inch(picture, whole) * max(seen.shape) / max(whole.size)
    return look(seen, number, scale=72 / dots, eyes=eyes_called(eyes), languages=languages)


def _read_sheet(document: shown_pages.Document, number: int, eyes: str, languages: Sequence[str]) -> Page:
    with page_of(document, number - 1) as page:
        layer, sight = text_layer(page), Sight(page)
        if not sight.must_be_read(layer):
            return _digital(sight, number, layer.words)
        if sight.swells:
            raise pictures.TooManyPixels
        kept = sight.visible(layer)
        dots = min(max(sight.picture_dots, DOTS_PER_INCH[0]), DOTS_PER_INCH[-1])
        picture, scale = _drawn(page, dots)
    found = look(picture, number, scale=scale, eyes=eyes_called(eyes), languages=languages)
    if kept.words and not found.turned:
        return replace(found, words=in_lines([*kept.words, *_elsewhere(found.words, kept.words)]))
    return found


def _digital(sight: Sight, number: int, words: Sequence[Word]) -> Page:
    """Its codes are pictures or drawn line by line; a page without either is not looked at."""
    page = sight.page
    return Page(
        number=number,
        width=page.get_width(),
        height=page.get_height(),
        words=in_lines(words),
        codes=codes_on(*_drawn(page, _CODES_AT)) if sight.shows_more else (),
        source=Source.DIGITAL,
    )


def _drawn(page: shown_pages.Page, dots: float) -> tuple[Gray, float]:
    """With points per pixel."""
    pixels = [min(side * dots / 72, pictures.LONGEST_SIDE) for side in (page.get_width(), page.get_height())]
    shown = shown_pages.picture_of(page, width=max(1.0, pixels[0]), height=max(1.0, pixels[1]), mode="L")
    return np.array(shown.convert("L"), np.uint8), page.get_width() / shown.width


def _elsewhere(read: Sequence[Word], printed: Sequence[Word]) -> list[Word]:
    """What was read in the page's pictures, and not of the text that it holds itself."""
    return [word for word in read if not any(_covers(one.box, word.box) for one in printed)]


def _covers(one: Box, other: Box) -> bool:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return width > 0 and height > 0 and width * height > 0.3 * other.width * other.height


def draw_page(file: Path, number: int, width: int, turned: int, skew: float) -> bytes | Failure:
    """A PNG, turned clockwise by quarters and then by `skew` degrees."""
    kind = kind_of(file)
    try:
        shown = _shown(file, kind, number, width, sideways=turned % 180 != 0)
    except _UNREADABLE as problem:
        return _failure(problem)
    upright = shown.convert("RGB").rotate(-turned, expand=True)
    if skew:
        upright = upright.rotate(-skew, Image.Resampling.BICUBIC, fillcolor="white")
    scaled = upright.resize(
        (width, max(1, round(width * upright.height / upright.width))), Image.Resampling.BOX
    )
    buffer = io.BytesIO()
    scaled.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _shown(file: Path, kind: FileKind | None, number: int, width: int, *, sideways: bool) -> Image.Image:
    if kind is FileKind.PDF:
        with shown_pages.opened(file) as document, page_of(document, number - 1) as page:
            across, down = (pictures.LONGEST_SIDE, width) if sideways else (width, pictures.LONGEST_SIDE)
            return shown_pages.picture_of(page, width=across, height=down)
    if kind is None or kind is FileKind.DOCX:
        raise ValueError("not a picture")
    with pictures.opened_picture(file, kind) as picture:
        return pictures.frame(picture, number).convert("RGB")
