"""The light reader: the text that a PDF holds itself, by pdfium in a child process; no scans."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from lacre.engines.sandbox import Killed, Sandbox, Why
from lacre.engines.shown_pages import Document, TextPage, Unreadable, opened, page_of, picture_of
from lacre.processing import ports
from lacre.processing.page import Box, Page, Source, Word
from lacre.processing.ports import Failure, FileKind, Opened

SECONDS = 60.0
MEMORY_BYTES = 512 << 20
AT_ONCE = 20


class DigitalReader:
    """Implements `lacre.processing.ports.Reader`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def open(self, file: Path) -> Opened | Failure:
        found = self._sandbox.run(count_pages, file, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        return _failure(found) if isinstance(found, Killed) else found

    def read(
        self,
        file: Path,
        numbers: Sequence[int],
        *,
        languages: Sequence[str],  # noqa: ARG002 - letters are letters
    ) -> Iterator[Page | Failure]:
        for at in range(0, len(numbers), AT_ONCE):
            some = tuple(numbers[at : at + AT_ONCE])
            found = self._sandbox.run(read_pages, file, some, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
            if isinstance(found, Killed):
                yield _failure(found)
                return
            yield from found

    def searchable(self, file: Path, pages: Sequence[Page], to: Path) -> Failure | None:  # noqa: ARG002
        """It is searchable already."""
        to.write_bytes(file.read_bytes())
        return None

    def picture(self, file: Path, number: int, *, width: int) -> bytes | Failure:
        drawn = self._sandbox.run(draw_page, file, number, width, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        return _failure(drawn) if isinstance(drawn, Killed) else drawn


def count_pages(file: Path) -> Opened | Failure:
    """In a child process, as what follows."""
    with file.open("rb") as reading:
        if b"%PDF-" not in reading.read(1024):
            return Failure(ports.Unreadable.UNKNOWN_KIND)
    try:
        with opened(file) as document:
            return Opened(FileKind.PDF, len(document)) if len(document) else Failure(ports.Unreadable.EMPTY)
    except Unreadable as unreadable:
        return Failure(ports.Unreadable.PASSWORD if unreadable.locked else ports.Unreadable.BROKEN)


def read_pages(file: Path, numbers: tuple[int, ...]) -> tuple[Page, ...]:
    with opened(file) as document:
        return tuple(_read_page(document, number) for number in numbers)


def draw_page(file: Path, number: int, width: int) -> bytes:
    with opened(file) as document, page_of(document, number - 1) as page:
        buffer = io.BytesIO()
        picture_of(page, width=width, height=width * 2).save(buffer, "PNG")
        return buffer.getvalue()


def _read_page(document: Document, number: int) -> Page:
    with page_of(document, number - 1) as page:
        width, height = page.get_size()
        text = page.get_textpage()
        words = tuple(_words(text, height))
        text.close()
    return Page(number=number, width=width, height=height, words=words, codes=(), source=Source.DIGITAL)


def _words(page: TextPage, height: float) -> Iterator[Word]:
    text = page.get_text_range()
    line, start = 0, None
    for at, sign in enumerate(f"{text}\n"):
        if not sign.isspace():
            start = at if start is None else start
            continue
        if start is not None:
            yield Word(text[start:at], _box(page, start, at, height), 1.0, line)
            start = None
        line += sign == "\n"


def _box(page: TextPage, start: int, end: int, height: float) -> Box:
    boxes = [page.get_charbox(at) for at in range(start, end)]
    left, top = min(one[0] for one in boxes), max(one[3] for one in boxes)
    right, bottom = max(one[2] for one in boxes), min(one[1] for one in boxes)
    return Box(left, height - top, right - left, top - bottom)


def _failure(killed: Killed) -> Failure:
    reason = ports.Unreadable.TOO_SLOW if killed.why is Why.TIME else ports.Unreadable.BROKEN
    return Failure(reason, killed.reason)
