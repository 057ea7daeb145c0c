"""Bytes by digest: what every business needs of storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from lacre.kit.ids import Digest


class Files(Protocol):
    """Bytes by digest; written and fsynced before the row that names them, never changed."""

    def keep(self, source: Path) -> Digest: ...

    def keep_bytes(self, content: bytes) -> Digest: ...

    def read(self, digest: Digest) -> bytes:
        """Whole, so for small things only; raises `LookupError`."""
        ...

    def stream(self, digest: Digest, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Bytes from `start` up to but not `end`, in chunks; raises `LookupError` before the first."""
        ...

    def read_at(self, digest: Digest, start: int, size: int) -> bytes:
        """So much from `start` on, less only at the end; nothing stays open. Raises `LookupError`."""
        ...

    def size(self, digest: Digest) -> int: ...

    def local(self, digest: Digest) -> AbstractContextManager[Path]:
        """A readable local path for as long as the context is open; never write to it."""
        ...

    def copy(self, digest: Digest, target: Path) -> None:
        """A copy of its own at `target`, to be changed there."""
        ...

    def scratch(self) -> AbstractContextManager[Path]:
        """An empty folder on the same disk, gone when the context ends."""
        ...


class RemovableFiles(Files, Protocol):
    """Of one business alone, so that it knows when nothing names them any more."""

    def remove(self, digest: Digest) -> None:
        """Again without harm."""
        ...
