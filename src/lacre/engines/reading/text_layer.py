"""The words that a PDF's page holds itself. Only for child processes.

pdfium is asked for the whole text at once and for the boxes of each word's first and last sign: asking for
every sign would take most of the time.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as raw

from lacre.engines.shown_pages import Page, TextPage
from lacre.processing.page import Box, Word

_WORD = re.compile(r"\S+")
_BAD = re.compile(r"[\ufffd\ufffe\uffff\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_BAD = 0.05


@dataclass(frozen=True)
class TextLayer:
    words: tuple[Word, ...]
    legible: bool
    """False: its fonts do not say which letters their glyphs mean."""


def text_layer(page: Page) -> TextLayer:
    text = page.get_textpage()
    try:
        told = _all_of(text)
        solid = len(re.sub(r"\s", "", told))
        legible = len(_BAD.findall(told)) <= _MOST_BAD * solid
        return TextLayer(tuple(_words(page, text, told)), legible)
    finally:
        text.close()


def _all_of(text: TextPage) -> str:
    """One character for each that pdfium counts, also where a sign takes two of UTF-16."""
    count = text.count_chars()
    buffer = (ctypes.c_ushort * (count * 2 + 1))()
    told: int = raw.FPDFText_GetText(text, 0, count, buffer)
    whole = bytes(buffer)[: max(0, told - 1) * 2].decode("utf-16-le", errors="replace")
    if len(whole) == count:
        return whole
    return "".join(chr(raw.FPDFText_GetUnicode(text, at) or 32) for at in range(count))


def _words(page: Page, text: TextPage, told: str) -> Iterator[Word]:
    seen = _Seen(page)
    for found in _WORD.finditer(told):
        first, last = _box(text, found.start()), _box(text, found.end() - 1)
        box = seen.box(
            min(first.left, last.left),
            min(first.bottom, last.bottom),
            max(first.right, last.right),
            max(first.top, last.top),
        )
        if box.width > 0 and box.height > 0:
            # a soft hyphen, as pdfium marks words that it found broken at the end of a line
            yield Word(found[0].replace("\x02", "-"), box, 1.0, 0)


def _box(text: TextPage, at: int) -> raw.FS_RECTF:
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box))
    return box


class _Seen:
    """Turns the page's own coordinates into those of what is seen, after crop box and `/Rotate`."""

    def __init__(self, page: Page) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._rotation = page.get_rotation()

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        match self._rotation:
            case 90:
                return Box(bottom - self._bottom, left - self._left, top - bottom, right - left)
            case 180:
                return Box(self._right - right, bottom - self._bottom, right - left, top - bottom)
            case 270:
                return Box(self._top - top, self._right - right, top - bottom, right - left)
            case _:
                return Box(left - self._left, self._top - top, right - left, top - bottom)
