"""Pages made from seeds, read by Lacre beside plain Tesseract and ocrmypdf: errors, exact numbers, CPU."""

from __future__ import annotations

import io
import os
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from PIL import Image

from bench.baselines import tools
from bench.machine import cpu_seconds
from bench.pages.drawing import Kind, Sheet, sheet
from bench.pages.wear import Quality, worn
from bench.readers import Read, layer_text, readers, timed, whole_by_ocrmypdf
from lacre.engines.office.pool import OfficePool
from lacre.engines.reading.children import PRELOADED
from lacre.engines.reading.reader import FileReader
from lacre.engines.sandbox import Sandbox
from lacre.processing.page import Page

DPIS = (200, 300)
FIRST_SEED = 100
"""As many rounds as there are typefaces (six) see each of them."""
NUMBER = re.compile(
    r"\d{3}\.\d{3}\.\d{3}-\d\d|\d\d\.\d{3}\.\d{3}/\d{4}-\d\d|\d{1,3}(?:\.\d{3})*,\d\d|\d\d/\d\d/\d{4}"
)
"""CPF, CNPJ, money and dates."""
DIGITAL_PAGES, MANY_PAGES = 300, 1_000


def measure(rounds: int = 1) -> dict[str, object]:
    """A round is one page of each kind, quality and resolution; then what comes of them together."""
    rows: dict[str, object] = {}
    with suppress(tools.Unavailable):  # others stand in
        tools.must([tools.FROM_DISTRIBUTION, "typefaces"])
    known = readers()
    totals: dict[str, dict[str, _Score]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for page, scores in _pages(known, rounds, Path(folder)):
            rows[str(page)] = _row(scores)
            for title in (f"all, {page.quality}, {page.dpi} dpi", "all of them"):
                _add(totals.setdefault(title, {name: _Score() for name in known}), scores)
        rows |= {title: _row(scores) for title, scores in totals.items()}
    return rows


def measure_rates(rounds: int = 1) -> dict[str, object]:
    """Through the product's own child processes."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "born digital": _born_digital(Path(folder)),
            "scans, 200 dpi": _scans(Path(folder), max(24, 6 * rounds)),
            "1,000 scans": _memory(Path(folder)),
        }


@dataclass(frozen=True)
class _Sort:
    kind: Kind
    quality: Quality
    dpi: int

    def __str__(self) -> str:
        return f"{self.kind}, {self.quality}, {self.dpi} dpi"


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


def _add(totals: Mapping[str, _Score], scores: Mapping[str, _Score]) -> None:
    for name, score in scores.items():
        totals[name].add(score)


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


def _pages(known: Mapping[str, Read], rounds: int, folder: Path) -> Iterator[tuple[_Sort, dict[str, _Score]]]:
    for sort in (_Sort(*one) for one in product(Kind, Quality, DPIS)):
        scores = {name: _Score() for name in known}
        for seed in range(FIRST_SEED, FIRST_SEED + rounds):
            _judge(sheet(sort.kind, seed), sort, scores, known, folder)
        yield sort, scores


def _judge(
    made: Sheet, sort: _Sort, scores: Mapping[str, _Score], known: Mapping[str, Read], folder: Path
) -> None:
    truth = layer_text(made.pdf)
    picture = Image.fromarray(worn(made.picture(sort.dpi), sort.quality, made.seed)).convert("L")
    for name, read in known.items():
        told, cpu = timed(read, picture, sort.dpi, folder)
        scores[name].judge(truth, told, cpu)


def _born_digital(folder: Path) -> dict[str, float]:
    """By one child; a second of CPU is what a core does in it."""
    file = folder / "digital.pdf"
    _repeated(sheet(Kind.CONTRACT, 1).pdf, DIGITAL_PAGES, file)
    return _through(file, range(1, DIGITAL_PAGES + 1), processes=1)


def _scans(folder: Path, pages: int) -> dict[str, float]:
    """Scans of all kinds, worn mildly, by two processes of each reader."""
    file = folder / "scans.pdf"
    kinds = list(Kind)
    drawn = [
        Image.fromarray(worn(sheet(kinds[number % 3], number).picture(200), Quality.MILD, number))
        for number in range(pages)
    ]
    drawn[0].save(file, resolution=200, save_all=True, append_images=drawn[1:])
    numbers = range(1, pages + 1)
    rates = _through(file, numbers, processes=2)
    known = readers()
    if "tesseract" in known:
        rates["tesseract_per_s"] = _through(file, numbers, processes=2, eyes="tesseract")["per_s"]
    if "ocrmypdf" in known:
        rates["ocrmypdf_per_s"] = pages / whole_by_ocrmypdf(file, folder / "read.pdf", jobs=2)
    return rates


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


def _through(file: Path, numbers: Sequence[int], *, processes: int, eyes: str = "rapid") -> dict[str, float]:
    with (
        Sandbox(processes, preload=PRELOADED, calls_per_child=10**6) as sandbox,
        closing(OfficePool(1)) as offices,
        closing(FileReader(sandbox, offices, eyes=eyes, at_once=processes)) as reader,
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
