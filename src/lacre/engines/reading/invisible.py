"""Text that is found, marked and copied, and not seen: a layer over the picture of a page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from lacre.processing.page import Page, Word

Matrix = tuple[float, float, float, float, float, float]

_SIGNS_PER_FONT = 255
_WIDTH = 500
"""Of every sign, in thousandths of the font's size; each word is stretched to its box."""
_FALL = 0.22
"""Of a line's height that is below its letters' feet."""


@dataclass
class Fonts:
    """Fonts without ink, of one PDF; as many as its text has signs for. Their programs are in the file, as
    PDF/A wants it, and each of their codes says which sign it means."""

    pdf: pikepdf.Pdf
    _codes: dict[str, int] = field(default_factory=dict)

    def coded(self, text: str) -> list[tuple[str, bytes]]:
        """Runs of signs of one font: its name and its codes."""
        runs: list[tuple[str, bytearray]] = []
        for sign in text:
            number = self._codes.setdefault(sign, len(self._codes))
            font, code = f"/Lacre{number // _SIGNS_PER_FONT}", number % _SIGNS_PER_FONT + 1
            if not runs or runs[-1][0] != font:
                runs.append((font, bytearray()))
            runs[-1][1].append(code)
        return [(font, bytes(codes)) for font, codes in runs]

    def made(self) -> Dictionary:
        """Once all text is coded."""
        signs = list(self._codes)
        starts = range(0, len(signs), _SIGNS_PER_FONT)
        return Dictionary(
            {
                f"/Lacre{number}": self._font(signs[start : start + _SIGNS_PER_FONT])
                for number, start in enumerate(starts)
            }
        )

    def _font(self, signs: Sequence[str]) -> pikepdf.Object:
        blank = Stream(self.pdf, b"%d 0 0 -220 %d 780 d1" % (_WIDTH, _WIDTH))
        names = [Name(f"/s{number}") for number in range(1, len(signs) + 1)]
        return self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=Array([0, -220, _WIDTH, 780]),
                FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
                FirstChar=1,
                LastChar=len(signs),
                Widths=Array([_WIDTH] * len(signs)),
                Encoding=Dictionary(Type=Name.Encoding, Differences=Array([1, *names])),
                CharProcs=Dictionary({str(name): blank for name in names}),
                Resources=Dictionary(),
                ToUnicode=Stream(self.pdf, _meanings(signs)),
            )
        )


def _meanings(signs: Sequence[str]) -> bytes:
    """A CMap from codes to signs."""
    rows = [f"<{code:02x}> <{sign.encode('utf-16-be').hex()}>" for code, sign in enumerate(signs, start=1)]
    # a hundred at a time, says the specification
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    told = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Lacre-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <ff>\nendcodespacerange\n{told}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def layer(page: Page, words: Iterable[Word], fonts: Fonts, placed: Matrix) -> bytes:
    """A content stream; `placed` leads from the upright page, its y axis up, to where it is drawn."""
    told = [f"q {' '.join(f'{number:.4f}' for number in placed)} cm BT 3 Tr"]
    for line in _lines(words):
        ends = [*(word.box.left for word in line[1:]), math.inf]
        told += [_shown(word, end, page, fonts) for word, end in zip(line, ends, strict=True)]
    return "\n".join([*told, "ET Q\n"]).encode("latin-1")


def _lines(words: Iterable[Word]) -> Iterator[list[Word]]:
    shown = [word for word in words if word.text and word.box.width > 0]
    for _, line in groupby(shown, key=attrgetter("line")):
        yield list(line)


def _shown(word: Word, end: float, page: Page, fonts: Fonts) -> str:
    """With a space that reaches the next word, at `end`, where that is near."""
    size = max(word.box.height, 1.0)
    reach = max(min(end - word.box.left, word.box.width + size / 2), word.box.width / 2)
    natural = size * _WIDTH / 1000 * (len(word.text) + 1)
    left, foot = _before_straightening(page, word.box.left, word.box.bottom)
    runs = " ".join(
        f"{font} {size:.2f} Tf <{codes.hex()}> Tj" for font, codes in fonts.coded(word.text + " ")
    )
    return f"{100 * reach / natural:.2f} Tz 1 0 0 1 {left:.2f} {foot + size * _FALL:.2f} Tm {runs}"


def _before_straightening(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a point stood, from the lower left corner. Words stay level: readers take tilted ones apart."""
    turn = math.radians(page.skew)
    across, up = x - page.width / 2, page.height / 2 - y
    cos, sin = math.cos(turn), math.sin(turn)
    return page.width / 2 + cos * across - sin * up, page.height / 2 + sin * across + cos * up
