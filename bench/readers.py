"""Who reads pictures of pages in the benches: Lacre, plain Tesseract and ocrmypdf, each to the same rules.

All three give words with their boxes, and `in_lines` puts these into lines. What cannot be had is left out.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from bench.baselines import tools
from lacre.engines.reading.eyes import Seen, eyes_called
from lacre.engines.reading.looking import look
from lacre.engines.reading.tesseract import Tesseract
from lacre.engines.reading.text_layer import text_layer
from lacre.engines.reading.upright import cleaned, skew
from lacre.processing.ordering import in_lines
from lacre.processing.page import Box, Page, Source, Word

Read = Callable[[Image.Image, int, Path], str]
"""A gray picture, its dots per inch, and a folder for files; the text of the page."""


def readers() -> Mapping[str, Read]:
    eyes_called("rapid")  # models are loaded once in a child's life
    found: dict[str, Read] = {"lacre": _lacre}
    for name, set_up in {"tesseract": _tesseract, "ocrmypdf": _ocrmypdf}.items():
        try:
            found[name] = set_up()
        except tools.Unavailable as problem:
            print(f"{name} is left out: {problem}", file=sys.stderr)
    return found


def timed(read: Read, picture: Image.Image, dpi: int, folder: Path) -> tuple[str, float]:
    """With the seconds of CPU that it took, those of child processes included."""
    before = _cpu()
    told = read(picture, dpi, folder)
    return told, _cpu() - before


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def layer_text(pdf: bytes) -> str:
    """Of the first page, as it says itself."""
    with pypdfium2.PdfDocument(pdf) as document:
        return _text(in_lines(text_layer(document[0]).words))


def _level_layer_text(pdf: bytes) -> str:
    """The same of a page that may still be askew."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        gray = np.asarray(page.render(scale=2, grayscale=True).to_pil().convert("L"), np.uint8)
        words = (_seen(word) for word in text_layer(page).words)
        return _in_lines(_level(words, skew(cleaned(gray))))


def _seen(word: Word) -> Seen:
    box = word.box
    return Seen(word.text, box.left, box.top, box.right, box.bottom, word.confidence)


def _lacre(picture: Image.Image, dpi: int, _: Path) -> str:
    gray = np.asarray(picture, np.uint8)
    return look(gray, 1, scale=72 / dpi, eyes=eyes_called("rapid"), languages=("pt",)).text


def _tesseract() -> Read:
    tools.must([tools.FROM_DISTRIBUTION, "tesseract"])
    return _plain_tesseract


def _plain_tesseract(picture: Image.Image, _: int, __: Path) -> str:
    """The picture as it is, neither straightened nor cleaned; only its boxes are, to be put into lines."""
    gray = np.asarray(picture, np.uint8)
    return _in_lines(_level(Tesseract().see(gray, ("pt",)), skew(cleaned(gray))))


def _level(seen: Iterable[Seen], degrees: float) -> Iterator[Seen]:
    slope = math.tan(math.radians(degrees))
    for one in seen:
        fall = (one.left + one.right) / 2 * slope
        yield replace(one, top=one.top + fall, bottom=one.bottom + fall)


def _ocrmypdf() -> Read:
    tools.ocrmypdf()
    return _by_ocrmypdf


def _by_ocrmypdf(picture: Image.Image, dpi: int, folder: Path) -> str:
    source, made = folder / "scan.pdf", folder / "read.pdf"
    picture.save(source, resolution=dpi, quality=95)
    whole_by_ocrmypdf(source, made, jobs=1)
    return _level_layer_text(made.read_bytes())


def whole_by_ocrmypdf(file: Path, to: Path, *, jobs: int) -> float:
    """Seconds."""
    began = time.monotonic()
    asked = f"-l por --jobs {jobs} --deskew --output-type pdf --quiet".split()
    around = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = [str(tools.ocrmypdf()), *asked, str(file), str(to)]
    subprocess.run(command, check=True, capture_output=True, env=around)
    return time.monotonic() - began


def _in_lines(seen: Iterable[Seen]) -> str:
    words = (
        Word(one.text, Box(one.left, one.top, one.right - one.left, one.bottom - one.top), one.confidence, 0)
        for one in seen
    )
    return _text(in_lines(words))


def _text(words: tuple[Word, ...]) -> str:
    return Page(1, 1, 1, words, (), Source.READ).text
