"""The product with a reader that takes its time: `python -m tests.support.reading_slowly SECONDS worker`.

Each page takes so long, so that a test can end the process in the middle of a document.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import sleep

from lacre.bootstrap import Installation
from lacre.cli.installation import installation
from lacre.cli.serve import run_worker
from lacre.processing.page import Page
from lacre.processing.ports import Failure, Opened, Reader


@dataclass(frozen=True)
class SlowReader:
    """Implements `lacre.processing.ports.Reader`."""

    reader: Reader
    seconds: float

    def open(self, file: Path) -> Opened | Failure:
        return self.reader.open(file)

    def read(
        self, file: Path, numbers: Sequence[int], *, languages: Sequence[str]
    ) -> Iterator[Page | Failure]:
        for page in self.reader.read(file, numbers, languages=languages):
            sleep(self.seconds)
            yield page

    def searchable(self, file: Path, pages: Sequence[Page], to: Path) -> Failure | None:
        return self.reader.searchable(file, pages, to)

    def picture(
        self, file: Path, number: int, *, width: int, turned: int = 0, skew: float = 0.0
    ) -> bytes | Failure:
        return self.reader.picture(file, number, width=width, turned=turned, skew=skew)


def slowed(opened: Installation, seconds: float) -> Installation:
    reader = SlowReader(opened.services.reader, seconds)
    return replace(opened, services=replace(opened.services, reader=reader))


if __name__ == "__main__":
    with installation() as opened:
        run_worker(slowed(opened, float(sys.argv[1])))
