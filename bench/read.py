"""Pages made from seeds, read by Lacre beside plain Tesseract and ocrmypdf: errors, exact numbers, CPU.

Texts are compared as lines from top to bottom, whoever read them: all three give words with their
boxes, and the same rules put these into lines. What is not installed is left out.
"""

from __future__ import annotations

import io
import math
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
from PIL import Image

from bench.machine import cpu_seconds
from bench.pages.drawing import Kind, Sheet, sheet
from bench.pages.wear import Quality, worn
from lacre.engines.office.pool import OfficePool
from lacre.engines.reading.children import PRELOADED
from lacre.engines.reading.eyes import Eyes, Seen, eyes_called
from lacre.engines.reading.looking import look
from lacre.engines.reading.reader import FileReader
from lacre.engines.reading.tesseract import Tesseract
from lacre.engines.reading.text_layer import text_layer
from lacre.engines.reading.upright import skew
from lacre.engines.sandbox import Sandbox
from lacre.processing.ordering import in_lines
from lacre.processing.page import Box, Page, Source, Word

DPIS = (200, 300)
NUMBER = re.compile(
    r"\d{3}\.\d{3}\.\d{3}-\d\d|\d\d\.\d{3}\.\d{3}/\d{4}-\d\d|\d{1,3}(?:\.\d{3})*,\d\d|\d\d/\d\d/\d{4}"
)
"""CPF, CNPJ, money and dates."""
DIGITAL_PAGES, MANY_PAGES = 300, 1_000

Read = Callable[[Image.Image, int, Path], str]


def measure(rounds: int = 1) -> dict[str, object]:
    """A round is one page of each kind, quality and resolution; then the rates and the memory."""
    rows: dict[str, object] = {}
    readers = _readers()
    totals = {name: _Score() for name in readers}
    with tempfile.TemporaryDirectory() as folder:
        for title, scores in _pages(readers, rounds, Path(folder)):
            rows[title] = _row(scores)
            for name, score in scores.items():
                totals[name].add(score)
        rows["all of them"] = _row(totals)
        rows["born digital"] = _born_digital(Path(folder))
        rows["two processes"] = _rate(Path(folder), max(4, 4 * rounds))
        rows["1,000 pages"] = _memory(Path(folder))
    return rows


@dataclass
class _Score:
    wrong: int = 0
    signs: int = 0
    exact: int = 0
    numbers: int = 0
    cpu: list[float] = field(default_factory=list)

    def judge(self, truth: str, read: str, cpu: float) -> None:
        meant, told = " ".join(truth.split()), " ".join(read.split())
        wanted, found = Counter(NUMBER.findall(meant)), Counter(NUMBER.findall(told))
        self.wrong += distance(meant, told)
        self.signs += len(meant)
        self.exact += (wanted & found).total()
        self.numbers += wanted.total()
        self.cpu.append(cpu)

    def add(self, other: _Score) -> None:
        self.wrong += other.wrong
        self.signs += other.signs
        self.exact += other.exact
        self.numbers += other.numbers
        self.cpu += other.cpu


def distance(one: str, other: str) -> int:
    """Levenshtein's, a row at a time."""
    there = np.array([ord(sign) for sign in other], np.int32)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for number, sign in enumerate(one, 1):
        changed = np.minimum(row[1:] + 1, row[:-1] + (there != ord(sign)))
        row = np.minimum.accumulate(np.concatenate(([number], changed)) - steps) + steps
    return int(row[-1])


def _row(scores: Mapping[str, _Score]) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, score in scores.items():
        if score.signs:
            row[f"{name}_cer"] = 100 * score.wrong / score.signs
            row[f"{name}_numbers"] = 100 * score.exact / max(1, score.numbers)
            row[f"{name}_cpu_s"] = sum(score.cpu) / len(score.cpu)
    return row


def _pages(readers: Mapping[str, Read], rounds: int, folder: Path) -> Iterator[tuple[str, dict[str, _Score]]]:
    for kind in Kind:
        for quality in Quality:
            for dpi in DPIS:
                scores = {name: _Score() for name in readers}
                for seed in range(100, 100 + rounds):
                    _judge(sheet(kind, seed), quality, dpi, scores, readers, folder)
                yield f"{kind}, {quality}, {dpi} dpi", scores


def _judge(
    made: Sheet,
    quality: Quality,
    dpi: int,
    scores: Mapping[str, _Score],
    readers: Mapping[str, Read],
    folder: Path,
) -> None:
    truth = _layer_text(made.pdf)
    picture = Image.fromarray(worn(made.picture(dpi), quality, made.seed)).convert("L")
    for name, read in readers.items():
        before = _cpu()
        told = read(picture, dpi, folder)
        scores[name].judge(truth, told, _cpu() - before)


def _readers() -> dict[str, Read]:
    found: dict[str, Read] = {"lacre": _by(lambda: eyes_called("rapid"))}
    if shutil.which("tesseract"):
        found["tesseract"] = _plain_tesseract
    if shutil.which("ocrmypdf"):
        found["ocrmypdf"] = _ocrmypdf
    return found


def _by(eyes: Callable[[], Eyes]) -> Read:
    def read(picture: Image.Image, dpi: int, _: Path) -> str:
        gray = np.asarray(picture, np.uint8)
        return look(gray, 1, scale=72 / dpi, eyes=eyes(), languages=("pt",)).text

    return read


def _plain_tesseract(picture: Image.Image, _: int, __: Path) -> str:
    """The picture as it is, neither straightened nor cleaned; only its boxes are, to be put into lines."""
    gray = np.asarray(picture, np.uint8)
    return _in_lines(_level(Tesseract().see(gray, ("pt",)), skew(gray)))


def _level(seen: Sequence[Seen], degrees: float) -> Iterator[Seen]:
    slope = math.tan(math.radians(degrees))
    for one in seen:
        fall = (one.left + one.right) / 2 * slope
        yield replace(one, top=one.top + fall, bottom=one.bottom + fall)


def _ocrmypdf(picture: Image.Image, dpi: int, folder: Path) -> str:
    source, made = folder / "scan.pdf", folder / "read.pdf"
    picture.save(source, resolution=dpi, quality=95)
    command = ["ocrmypdf", "-l", "por", "--jobs", "1", "--deskew", "--output-type", "pdf", "--quiet"]
    subprocess.run([*command, source, made], check=True, capture_output=True)
    return _layer_text(made.read_bytes())


def _layer_text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return _text(in_lines(text_layer(document[0]).words))


def _in_lines(seen: Iterable[Seen]) -> str:
    words = (
        Word(one.text, Box(one.left, one.top, one.right - one.left, one.bottom - one.top), one.confidence, 0)
        for one in seen
    )
    return _text(in_lines(words))


def _text(words: tuple[Word, ...]) -> str:
    return Page(1, 1, 1, words, (), Source.READ).text


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _born_digital(folder: Path) -> dict[str, float]:
    """By one child; a second of CPU is what a core does in it."""
    file = folder / "digital.pdf"
    _repeated(sheet(Kind.CONTRACT, 1).pdf, DIGITAL_PAGES, file)
    return _through(file, range(1, DIGITAL_PAGES + 1), processes=1)


def _rate(folder: Path, pages: int) -> dict[str, float]:
    """Scans of all kinds, worn mildly, by two children."""
    file = folder / "scans.pdf"
    kinds = list(Kind)
    scans = [
        Image.fromarray(worn(sheet(kinds[number % 3], number).picture(200), Quality.MILD, number))
        for number in range(pages)
    ]
    scans[0].save(file, resolution=200, save_all=True, append_images=scans[1:])
    return _through(file, range(1, pages + 1), processes=2)


def _memory(folder: Path) -> dict[str, float]:
    """A thousand small scans: by how much the children are larger after the last than after the fiftieth."""
    page = np.full((170, 560), 255, np.uint8)
    for number in range(4):
        line = f"Linha {number} de mil folhas, lidas e esquecidas"
        cv2.putText(page, line, (10, 35 + 38 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.65, 0, 1, cv2.LINE_AA)
    one = io.BytesIO()
    Image.fromarray(page).save(one, "PDF", resolution=200)
    file = folder / "many.pdf"
    _repeated(one.getvalue(), MANY_PAGES, file)
    return _through(file, range(1, MANY_PAGES + 1), processes=2)


def _repeated(pdf: bytes, times: int, to: Path) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as many:
        for _ in range(times):
            many.pages.append(source.pages[0])
        many.save(to)


def _through(file: Path, numbers: Sequence[int], *, processes: int) -> dict[str, float]:
    with (
        Sandbox(processes, preload=PRELOADED, calls_per_child=10**6) as sandbox,
        closing(OfficePool(1)) as offices,
        closing(FileReader(sandbox, offices, eyes="rapid", at_once=processes)) as reader,
    ):
        list(reader.read(file, numbers[:1], languages=("pt",)))
        began, before, early = time.monotonic(), cpu_seconds(os.getpid()), 0.0
        for count, page in enumerate(reader.read(file, numbers, languages=("pt",)), 1):
            assert isinstance(page, Page), page
            if count == min(50, len(numbers)):
                early = _resident_mb()
        cpu = cpu_seconds(os.getpid()) - before
        return {
            "per_s": len(numbers) / (time.monotonic() - began),
            "per_cpu_s": len(numbers) / cpu,
            "memory_mb": _resident_mb() - early,
        }


def _resident_mb() -> float:
    """Of this process and its children."""
    sizes = [_resident(os.getpid())]
    for task in Path("/proc/self/task").iterdir():
        sizes += [_resident(int(child)) for child in (task / "children").read_text().split()]
    return sum(sizes) / 1e6


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
