"""A sheet of blocks, drawn by typst: rows of labelled cells, lines, tables, bar codes and text."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import typst

from lacre.processing.page import Box, Code, Page, Source, Word

Block = Mapping[str, Any]
_FONTS = Path(__file__).parents[2] / "src" / "lacre" / "engines" / "fonts"


@dataclass
class Sample:
    """A document, what is true of its fields, and what its bar codes say."""

    type: int
    truth: dict[str, Any] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    pdf: bytes = b""

    def title(self, text: str) -> None:
        self.blocks.append({"kind": "title", "text": text})

    def row(self, *cells: tuple[str, str, float]) -> None:
        """Label, value and width."""
        shown = [{"label": label, "value": value, "width": width} for label, value, width in cells]
        self.blocks.append({"kind": "row", "cells": shown})

    def lines(self, *items: tuple[str, str]) -> None:
        self.blocks.append({"kind": "lines", "items": items})

    def either(self, draw: random.Random, *cells: tuple[str, str, float]) -> None:
        """As a row of cells, or as lines."""
        if draw.random() < 0.5:
            self.row(*cells)
        else:
            self.lines(*((label, value) for label, value, _ in cells))

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        self.blocks.append({"kind": "table", "headers": headers, "rows": rows, "widths": widths})

    def text(self, text: str) -> None:
        self.blocks.append({"kind": "text", "text": text})

    def picture(self, kind: str, said: str, svg: str, *, width: float, height: float) -> None:
        """Millimetres."""
        self.codes.append((kind, said))
        self.blocks.append({"kind": "picture", "svg": svg, "width": width, "height": height})

    def draw(self, draw: random.Random) -> None:
        style = {
            "font": draw.choice(["Noto Sans", "Source Serif 4"]),
            "size": draw.choice([9, 10, 11]),
            "label": draw.choice([0.72, 0.8, 0.9]),
            "margin": draw.choice([12, 16, 20]),
            "gap": draw.choice([4, 7, 10]),
            "boxed": draw.random() < 0.7,
            "colon": draw.choice([":", ":", ""]),
        }
        said = json.dumps({"style": style, "blocks": self.blocks})
        made = _compiler().compile(format="pdf", sys_inputs={"sheet": said})
        assert isinstance(made, bytes)
        self.pdf = made


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_FONTS)])
    return typst.Compiler(Path(__file__).parent / "sheet.typ", font_paths=fonts)


def born_digital(sample: Sample) -> list[Page]:
    """Its pages as a perfect reader sees them, bar codes and all."""
    nowhere = Box(0, 0, 0, 0)
    with pypdfium2.PdfDocument(sample.pdf) as document:
        pages = [_page(document, number) for number in range(len(document))]
    codes = tuple(Code(kind, text, nowhere) for kind, text in sample.codes)
    first, *others = pages
    return [
        Page(
            number=1,
            width=first.width,
            height=first.height,
            words=first.words,
            codes=codes,
            source=first.source,
        ),
        *others,
    ]


def _page(document: Any, number: int) -> Page:  # noqa: ANN401 - pdfium's
    page = document[number]
    width, height = page.get_size()
    text = page.get_textpage()
    signs = [(text.get_text_range(at, 1), text.get_charbox(at)) for at in range(text.count_chars())]
    return Page(
        number=number + 1, width=width, height=height, words=tuple(_words(signs, height)), codes=(),
        source=Source.DIGITAL,
    )  # fmt: skip


def _words(signs: Sequence[tuple[str, tuple[float, float, float, float]]], height: float) -> list[Word]:
    words: list[Word] = []
    letters: list[tuple[str, tuple[float, float, float, float]]] = []
    line = 0
    for sign, box in [*signs, (" ", (0.0, 0.0, 0.0, 0.0))]:
        if sign.strip():
            letters.append((sign, box))
            continue
        if letters:
            left, bottom = min(one[0] for _, one in letters), min(one[1] for _, one in letters)
            right, top = max(one[2] for _, one in letters), max(one[3] for _, one in letters)
            place = Box(left, height - top, right - left, top - bottom)
            words.append(Word("".join(one for one, _ in letters), place, 1.0, line))
            letters = []
        line += sign in "\r\n"
    return words
