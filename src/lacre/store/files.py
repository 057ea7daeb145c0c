"""Files by digest in a folder: written and synced before the row that names them, never changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from lacre.kit.ids import Digest

CHUNK = 1 << 18
LEFTOVER_SECONDS = 86_400.0  # longer than anybody works on one file
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FolderFiles:
    """`ab/cd/abcd…`: no folder grows beyond what a file system likes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scratch = folder / "scratch"
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()

    def keep(self, source: Path) -> Digest:
        with source.open("rb") as reading, self._draft() as (path, draft):
            digest = _copy(reading, draft)
            return self._publish(path, digest)

    def keep_bytes(self, content: bytes) -> Digest:
        digest = Digest(hashlib.sha256(content).hexdigest())
        if self._path(digest).exists():
            # whoever is putting it there may not have got as far as this
            _sync_folder(self._path(digest).parent)
            return digest
        with self._draft() as (path, draft):
            draft.write(content)
            _sync(draft)
            return self._publish(path, digest)

    def read(self, digest: Digest) -> bytes:
        with self._open(digest) as file:
            return file.read()

    def stream(self, digest: Digest, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        path = self._path(digest)
        if not path.exists():
            raise LookupError(digest)
        return _chunks(path, start, end)

    def read_at(self, digest: Digest, start: int, size: int) -> bytes:
        with self._open(digest) as file:
            file.seek(start)
            return file.read(size)

    def size(self, digest: Digest) -> int:
        with self._open(digest) as file:
            return os.fstat(file.fileno()).st_size

    @contextmanager
    def local(self, digest: Digest) -> Iterator[Path]:
        path = self._path(digest)
        if not path.exists():
            raise LookupError(digest)
        yield path

    def copy(self, digest: Digest, target: Path) -> None:
        with self._open(digest) as reading, target.open("wb") as writing:
            shutil.copyfileobj(reading, writing, CHUNK)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self, digest: Digest) -> None:
        self._path(digest).unlink(missing_ok=True)

    def touch(self, digest: Digest, now: datetime) -> bool:
        """Notes that it was used; whether it is there."""
        try:
            os.utime(self._path(digest), times=(now.timestamp(), now.timestamp()))
        except FileNotFoundError:
            return False
        return True

    def trim(self, most: int, *, unused_since: datetime) -> None:
        """Of copies: takes away those unused for longest, until the rest fits or was used since then."""
        found = list(self._sizes())
        total = sum(stat.st_size for stat, _ in found)
        for stat, path in sorted(found, key=lambda one: one[0].st_mtime):
            if total <= most or stat.st_mtime > unused_since.timestamp():
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size

    def _sizes(self) -> Iterator[tuple[os.stat_result, Path]]:
        for path in self._folder.glob("??/??/*"):
            # somebody else may be trimming too
            with contextlib.suppress(FileNotFoundError):
                yield path.stat(), path

    def _sweep(self) -> None:
        """What processes left behind that were killed half-way; anything younger may be somebody's work."""
        with tempfile.TemporaryFile(dir=self._scratch) as probe:
            # by the clock of the disk, which several machines may share
            oldest = os.fstat(probe.fileno()).st_mtime - LEFTOVER_SECONDS
        for leftover in self._scratch.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if leftover.stat().st_mtime < oldest:
                    shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()

    def _open(self, digest: Digest) -> BinaryIO:
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise LookupError(digest) from None

    def _path(self, digest: Digest) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise LookupError(digest)
        return self._folder / digest[:2] / digest[2:4] / digest

    @contextmanager
    def _draft(self) -> Iterator[tuple[Path, BinaryIO]]:
        """On the same disk, so that it can be renamed into its place; gone if that never happens."""
        handle, name = tempfile.mkstemp(dir=self._scratch)
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield path, file
        finally:
            path.unlink(missing_ok=True)

    def _publish(self, draft: Path, digest: Digest) -> Digest:
        path = self._path(digest)
        _make_folder(path.parent)
        draft.chmod(0o440)
        draft.rename(path)
        _sync_folder(path.parent)
        return digest


def _copy(source: BinaryIO, target: BinaryIO) -> Digest:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
    _sync(target)
    return Digest(digest.hexdigest())


def _chunks(path: Path, start: int, end: int | None) -> Iterator[bytes]:
    """Opened by the first chunk: who leaves before it comes leaves no file open."""
    with path.open("rb") as file:
        file.seek(start)
        left = None if end is None else end - start
        while left is None or left > 0:
            chunk = file.read(CHUNK if left is None else min(CHUNK, left))
            if not chunk:
                return
            left = None if left is None else left - len(chunk)
            yield chunk


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """A folder is an entry in the one above, which must survive a power cut too."""
    if folder.exists():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
