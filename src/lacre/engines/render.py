"""Pictures of pages, drawn by pdfium in a child process and kept on disk."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Hashable, Iterator
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from lacre.engines.sandbox import Killed, Sandbox
from lacre.engines.shown_pages import opened, page_of, picture_of, sizes_of
from lacre.kit.ids import AccountId, Digest, new_uuid
from lacre.signing.layout import PageSize

WIDTHS = (240, 480, 960, 1440, 2160)
"""Few, so that few pictures are kept; a zoom in between scales the next one down."""
QUALITY = 80
EFFORT = 2  # of WebP's 0 to 6: near the smallest size, at a fraction of the time
TALLEST = 4_320
SECONDS = 20.0
MEMORY_BYTES = 768 << 20
DRAWERS = 3
OF_ONE_OWNER = DRAWERS - 1
"""Of the processes that draw: whose pages take long keeps nobody else's waiting."""

AGAIN_SECONDS, MOST_REMEMBERED = 600.0, 1_000
"""For how long a page that was too much is not tried again: whoever asks once more would wait as long."""


Key = TypeVar("Key", bound=Hashable)


class NotDrawn(LookupError):
    """This page is too much for the renderer."""


class PdfPages:
    """Implements `lacre.signing.ports.Pages`."""

    def __init__(
        self, sandbox: Sandbox, cache: Path, *, cache_bytes: int = 1 << 30, seconds: float = SECONDS
    ) -> None:
        self._sandbox = sandbox
        self._seconds = seconds
        self._cache = _Cache(cache, cache_bytes)
        self._too_much: dict[str, float] = {}
        self._documents, self._owners = _Turns[Digest](1), _Turns[AccountId](OF_ONE_OWNER)

    def picture(self, file: Path, digest: Digest, *, page: int, width: int, owner: AccountId) -> bytes:
        if page < 0:
            raise LookupError(f"there is no page {page}")
        step = max((step for step in WIDTHS if step <= width), default=WIDTHS[0])
        name = f"{digest}-{page}-{step}.webp"
        kept = self._cache.get(name)
        if kept:
            return kept
        # ten people opening one document draw each page once; however slow, it leaves a drawer to its owner's
        # other documents, and these leave one to everybody else
        with self._documents.of(digest), self._owners.of(owner):
            return self._cache.get(name) or self._cache.put(name, self._tried(name, file, page, step))

    def sizes(self, file: Path) -> tuple[PageSize, ...]:
        found = self._sandbox.run(measure, file, seconds=self._seconds, memory_bytes=MEMORY_BYTES)
        if isinstance(found, Killed):
            raise NotDrawn(found.reason)
        return found

    def _tried(self, name: str, file: Path, page: int, width: int) -> bytes:
        if monotonic() < self._too_much.get(name, 0.0):
            raise NotDrawn("it was too much a while ago")
        try:
            return self._drawn(file, page, width)
        except NotDrawn:
            if len(self._too_much) >= MOST_REMEMBERED:
                self._too_much.clear()
            self._too_much[name] = monotonic() + AGAIN_SECONDS
            raise

    def _drawn(self, file: Path, page: int, width: int) -> bytes:
        drawn = self._sandbox.run(draw, file, page, width, seconds=self._seconds, memory_bytes=MEMORY_BYTES)
        if isinstance(drawn, Killed):
            raise NotDrawn(drawn.reason)
        if drawn is None:
            raise LookupError(f"there is no page {page}")
        return drawn


def draw(file: Path, number: int, width: int) -> bytes | None:
    """In a child process; `None` past the last page."""
    with opened(file) as document:
        if number >= len(document):
            return None
        with page_of(document, number) as page:
            buffer = io.BytesIO()
            picture = picture_of(page, width=width, height=TALLEST)
            picture.save(buffer, "WEBP", quality=QUALITY, method=EFFORT)
            return buffer.getvalue()


def measure(file: Path) -> tuple[PageSize, ...]:
    """In a child process."""
    with opened(file) as document:
        return sizes_of(document)


class _Turns(Generic[Key]):
    """So many at once for each key; nothing is kept of one that nobody wants."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._wanted: WeakValueDictionary[Key, threading.Semaphore] = WeakValueDictionary()
        self._choosing = threading.Lock()

    def of(self, key: Key) -> threading.Semaphore:
        with self._choosing:
            return self._wanted.setdefault(key, threading.Semaphore(self._at_once))


class _Cache:
    """Files in a folder, which several servers may share; the longest unused go when it grows too large."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._written = most_bytes  # so that the first write looks how much is there already
        self._sweeping = threading.Lock()

    def get(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            os.utime(path)
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes) -> bytes:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        half_written = path.with_name(f"{new_uuid()}.part")
        half_written.write_bytes(content)
        half_written.replace(path)
        self._make_room(len(content))
        return content

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _make_room(self, written: int) -> None:
        """Looks at the whole folder once in every twentieth of its bound."""
        with self._sweeping:
            self._written += written
            if self._written * 20 < self._most_bytes:
                return
            self._written = 0
            self._sweep()

    def _sweep(self) -> None:
        kept = sorted(self._kept(), reverse=True)
        room = self._most_bytes * 9 // 10
        for _, size, path in kept:
            room -= size
            if room < 0:
                path.unlink(missing_ok=True)

    def _kept(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob("*/*"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            yield state.st_mtime, state.st_size, path
