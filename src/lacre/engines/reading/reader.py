"""`lacre.processing.ports.Reader`: pages are read in children with limits, as many at once as there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import TypeVar

from lacre.engines.office.pool import OfficePool
from lacre.engines.reading.children import draw_page, make_searchable, open_file, page_told, read_pages
from lacre.engines.reading.printing import PrintedDocuments
from lacre.engines.sandbox import Killed, Sandbox, Why
from lacre.processing.page import Page
from lacre.processing.ports import Failure, FileKind, Opened, Unreadable

OPEN_SECONDS = 30.0
PAGE_SECONDS = 120.0
"""A page takes some seconds; on a busy machine, and lying on its side, ten times as many."""
SEARCHABLE_SECONDS = 300.0
MEMORY_BYTES = 2 << 30
MOST_AT_A_TIME = 32
QUICK_SECONDS = 0.3
"""Pages that were born digital are asked for by the dozen, as long as that takes no longer than this."""

_AHEAD = 2
"""Pages are told in order: whoever is done before a slow one reads on meanwhile."""

Answer = TypeVar("Answer")


class FileReader:
    def __init__(
        self, sandbox: Sandbox, offices: OfficePool, *, eyes: str, at_once: int, seconds: float = PAGE_SECONDS
    ) -> None:
        """`at_once`: pages of one file that are read at the same time; the sandbox has as many children."""
        self._sandbox, self._seconds = sandbox, seconds
        self._eyes, self._at_once = eyes, at_once
        self._printed = PrintedDocuments(sandbox, offices)

    def open(self, file: Path) -> Opened | Failure:
        def count(pdf: Path) -> Opened | Failure:
            found = self._run(open_file, pdf, seconds=OPEN_SECONDS)
            return Opened(FileKind.DOCX, found.pages) if pdf != file and isinstance(found, Opened) else found

        return self._printed.on(file, count)

    def read(
        self, file: Path, numbers: Sequence[int], *, languages: Sequence[str]
    ) -> Iterator[Page | Failure]:
        with self._printed.held(file) as pdf:
            if isinstance(pdf, Failure):
                yield pdf
                return
            yield from self._read(pdf, numbers, tuple(languages))

    def _read(self, file: Path, numbers: Sequence[int], languages: Sequence[str]) -> Iterator[Page | Failure]:
        """In order; who stops between two has only those read for nothing that are under way."""
        left, pace = deque(numbers), _Pace()
        under_way: deque[Future[list[Page | Failure]]] = deque()
        threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="reading")
        try:
            while left or under_way:
                while left and len(under_way) < _AHEAD * self._at_once:
                    some = [left.popleft() for _ in range(min(pace.at_a_time, len(left)))]
                    under_way.append(threads.submit(self._some, file, some, languages, pace))
                yield from under_way.popleft().result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _some(
        self, file: Path, numbers: Sequence[int], languages: Sequence[str], pace: _Pace
    ) -> list[Page | Failure]:
        began = monotonic()
        found = self._sandbox.run(
            read_pages, file, numbers, self._eyes, languages, seconds=self._seconds, memory_bytes=MEMORY_BYTES
        )
        pace.took(monotonic() - began)
        if not isinstance(found, Killed):
            return [page_told(one) for one in found]
        if len(numbers) == 1:
            return [failure_of(found)]
        # one of them is to blame: the others are read
        return [page for number in numbers for page in self._some(file, [number], languages, pace)]

    def searchable(self, file: Path, pages: Sequence[Page], to: Path) -> Failure | None:
        def make(pdf: Path) -> Failure | None:
            return self._run(make_searchable, pdf, tuple(pages), to, seconds=SEARCHABLE_SECONDS)

        return self._printed.on(file, make)

    def picture(
        self, file: Path, number: int, *, width: int, turned: int = 0, skew: float = 0.0
    ) -> bytes | Failure:
        """`turned` and `skew` as the page was read with: the boxes of its words then fit."""

        def draw(pdf: Path) -> bytes | Failure:
            return self._run(draw_page, pdf, number, width, turned, skew, seconds=self._seconds)

        return self._printed.on(file, draw)

    def _run(self, function: Callable[..., Answer], *args: object, seconds: float) -> Answer | Failure:
        found = self._sandbox.run(function, *args, seconds=seconds, memory_bytes=MEMORY_BYTES)
        return failure_of(found) if isinstance(found, Killed) else found

    def close(self) -> None:
        self._printed.close()


class _Pace:
    """How many pages to ask for at a time; threads may race about it, and be a little off."""

    def __init__(self) -> None:
        self.at_a_time = 1

    def took(self, seconds: float) -> None:
        self.at_a_time = min(MOST_AT_A_TIME, self.at_a_time * 2) if seconds < QUICK_SECONDS else 1


def failure_of(killed: Killed) -> Failure:
    return Failure(_REASONS[killed.why], killed.reason)


_REASONS = {
    Why.TIME: Unreadable.TOO_SLOW,
    Why.MEMORY: Unreadable.TOO_LARGE,
    Why.DIED: Unreadable.BROKEN,
    Why.RAISED: Unreadable.BROKEN,
}
