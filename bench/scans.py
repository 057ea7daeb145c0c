"""Scans of other people, from OCRmyPDF's tests, of which nobody wrote down what stands on them.

So readers are asked how far they agree: Lacre, and whoever reads with Tesseract. `LACRE_SAMPLES` names the
folder; without it nothing is measured.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pypdfium2
from PIL import Image

from bench.readers import Read, readers, timed

DPI = 200
FILES = (
    "2400dpi.pdf", "3small.pdf", "c02-22.pdf", "cardinal.pdf", "ccitt.pdf", "epson.pdf", "francais.pdf",
    "graph.pdf", "jbig2.pdf", "linn.pdf", "masks.pdf", "multipage.pdf", "palette.pdf", "poster.pdf",
    "rotated_skew.pdf", "skew.pdf", "typewriter.png",
)  # fmt: skip
"""Those with print on them; the others are photos, blank, broken, or born digital."""
_WORD = re.compile(r"[^\W_]{3,}")
_MOST_POINTS = 1_200
"""A poster is looked at no closer than by the product."""


def measure() -> dict[str, object]:
    """A row for each file: how many words each found, and how many per cent of them the other kind found."""
    samples = _samples()
    if samples is None:
        print("scans of others are left out: set LACRE_SAMPLES to the folder above OCRmyPDF", file=sys.stderr)
        return {}
    known = readers()
    with tempfile.TemporaryDirectory() as folder:
        return {name: _row(samples / name, known, Path(folder)) for name in FILES}


def _samples() -> Path | None:
    named = os.environ.get("LACRE_SAMPLES")
    folder = Path(named or ".", "OCRmyPDF", "tests", "resources")
    return folder if named and folder.is_dir() else None


def _row(file: Path, known: Mapping[str, Read], folder: Path) -> dict[str, float]:
    found: dict[str, Counter[str]] = {name: Counter() for name in known}
    cpu = dict.fromkeys(known, 0.0)
    print(f"{file.name} …", file=sys.stderr, flush=True)
    pages = 0
    for number, picture in enumerate(_pictures(file)):
        pages += 1
        for name, read in known.items():
            told, took = timed(read, picture, DPI, folder)
            found[name].update(f"{number} {word.casefold()}" for word in _WORD.findall(told))
            cpu[name] += took
    row: dict[str, float] = {f"{name}_cpu_s": cpu[name] / pages for name in known}
    return row | agreement(found)


def agreement(found: Mapping[str, Counter[str]]) -> dict[str, float]:
    """Of each reader's words, how many there are and the share that a reader of the other kind has too."""
    others = {name: found["lacre"] for name in found if name != "lacre"}
    others["lacre"] = Counter()
    for name, words in found.items():
        if name != "lacre":
            others["lacre"] |= words
    row: dict[str, float] = {}
    for name, words in found.items():
        row[f"{name}_words"] = words.total()
        if words:
            row[f"{name}_agreed"] = 100 * (words & others[name]).total() / words.total()
    return row


def _pictures(file: Path) -> Iterator[Image.Image]:
    if file.suffix != ".pdf":
        with Image.open(file) as picture:
            yield picture.convert("L")
        return
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            scale = DPI / 72 * min(1.0, _MOST_POINTS / max(page.get_size()))
            yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
