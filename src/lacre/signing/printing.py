"""What signing needs from outside for sheets that nobody signs on, not yet or no longer."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from lacre.signing.ports import SealFailed
from lacre.signing.record import HistoryContents


class Printer(Protocol):
    """Sets sheets that nobody signs on, or not yet."""

    def text(self, markdown: str, *, title: str, language: str) -> bytes:
        """A document of its own from Markdown; pictures and HTML in it are not set."""
        ...

    def history(self, contents: HistoryContents) -> bytes: ...

    def void_mark(self, language: str) -> bytes:
        """One square page without a background, to lie over those of a void document."""
        ...


class Voider(Protocol):
    """Works on strangers' files, in a bounded child process."""

    def void(self, file: Path, out: Path, *, mark: bytes) -> SealFailed | None:
        """A copy with the mark (a page) over each of its pages, that no longer claims to be signed."""
        ...
