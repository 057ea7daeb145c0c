"""The product with a reader that takes its time: `python -m tests.support.reading_slowly PAGE worker`.

From that page on each takes longer than it takes to save it, so that a test can end the process in the middle
of a document however late it looks.
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

USUAL_SECONDS, TIRED_SECONDS = 0.02, 1.5


@dataclass(frozen=True)
class SlowReader:
    """Implements `lacre.processing.ports.Reader`."""

    reader: Reader
    tired_from: int

    def open(self, file: Path) -> Opened | Failure:
        return self.reader.open(file)

    def read(
        self, file: Path, numbers: Sequence[int], *, languages: Sequence[str]
    ) -> Iterator[Page | Failure]:
        pages = self.reader.read(file, numbers, languages=languages)
        for number, page in zip(numbers, pages, strict=True):
            sleep(TIRED_SECONDS if number >= self.tired_from else USUAL_SECONDS)
            yield page

    def searchable(self, file: Path, pages: Sequence[Page], to: Path) -> Failure | None:
        return self.reader.searchable(file, pages, to)

    def picture(
        self, file: Path, number: int, *, width: int, turned: int = 0, skew: float = 0.0
    ) -> bytes | Failure:
        return self.reader.picture(file, number, width=width, turned=turned, skew=skew)


def slowed(opened: Installation, tired_from: int) -> Installation:
    reader = SlowReader(opened.services.reader, tired_from)
    return replace(opened, services=replace(opened.services, reader=reader))


if __name__ == "__main__":
    with installation() as opened:
        run_worker(slowed(opened, int(sys.argv[1])))
