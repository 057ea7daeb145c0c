"""The words that a PDF's page holds itself. Only for child processes.

pdfium is asked for the whole text at once and for the boxes of each word's first and last sign: asking for
every sign would take most of the time.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from lacre.engines.shown_pages import Page, TextPage, turned
from lacre.processing.page import Box, Word

Boxes = NDArray[np.float64]
"""A row of four for each."""
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
    found = list(_WORD.finditer(told))
    boxes = _seen(page, _bounds(text, [one.start() for one in found], [one.end() - 1 for one in found]))
    for one, (left, top, width, height) in zip(found, boxes.tolist(), strict=True):
        if width > 0 and height > 0:
            # a soft hyphen, as pdfium marks words that it found broken at the end of a line
            yield Word(one[0].replace("\x02", "-"), Box(left, top, width, height), 1.0, 0)


# pdfium's own function, without the wrapping that would take longer than it does
_LOOSE_BOX = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)


def _bounds(text: TextPage, first: Sequence[int], last: Sequence[int]) -> Boxes:
    """Of the signs from `first` to `last`: left, bottom, right and top."""
    boxes = np.zeros((2, len(first), 4), np.float32)
    handle, at = ctypes.cast(text.raw, ctypes.c_void_p).value, boxes.ctypes.data
    for number in (*first, *last):
        _LOOSE_BOX(handle, number, at)
        at += 16
    left, top, right, bottom = boxes.astype(np.float64).T
    return np.stack([left.min(1), bottom.min(1), right.max(1), top.max(1)], axis=1)


def _seen(page: Page, boxes: Boxes) -> Boxes:
    """From the page's own coordinates to left, top, width and height of what is seen."""
    left, bottom, right, top = boxes.T
    left, bottom, right, top = turned((left, bottom, right, top), page)
    return np.stack([left, page.get_height() - top, right - left, top - bottom], axis=1)
