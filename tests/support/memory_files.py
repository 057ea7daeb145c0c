"""Kept files in a dictionary, for tests that need no disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from lacre.kit.ids import Digest


@dataclass
class MemoryFiles:
    kept: dict[Digest, bytes] = field(default_factory=dict)
    unreadable: set[Digest] = field(default_factory=set)
    reads: int = 0

    def keep(self, source: Path) -> Digest:
        return self.keep_bytes(source.read_bytes())

    def keep_bytes(self, content: bytes) -> Digest:
        digest = Digest(hashlib.sha256(content).hexdigest())
        self.kept[digest] = content
        return digest

    def read(self, digest: Digest) -> bytes:
        return self.kept[digest]

    def stream(self, digest: Digest, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        yield self.kept[digest][start:end]

    def read_at(self, digest: Digest, start: int, size: int) -> bytes:
        if digest in self.unreadable:
            raise OSError("the disk is gone")
        self.reads += 1
        return self.kept[digest][start : start + size]

    def size(self, digest: Digest) -> int:
        return len(self.kept[digest])

    def copy(self, digest: Digest, target: Path) -> None:
        target.write_bytes(self.kept[digest])

    @contextmanager
    def local(self, digest: Digest) -> Iterator[Path]:
        with self.scratch() as folder:
            path = folder / "file"
            path.write_bytes(self.kept[digest])
            yield path

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with TemporaryDirectory() as folder:
            yield Path(folder)
