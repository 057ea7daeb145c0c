"""What processing needs from outside: somebody who reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from lacre.processing.page import Page


class FileKind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    WEBP = "webp"
    HEIC = "heic"


class Unreadable(StrEnum):
    """Why a file, or a page of it, cannot be read."""

    PASSWORD = "password"  # noqa: S105 - one is asked for
    BROKEN = "broken"
    EMPTY = "empty"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LARGE = "too_large"
    """More pixels, or bytes once unpacked, than we take."""
    UNKNOWN_KIND = "unknown_kind"
    TOO_SLOW = "too_slow"
    NO_OFFICE = "no_office"
    """A DOCX, and no LibreOffice to read it with."""


@dataclass(frozen=True, slots=True)
class Failure:
    reason: Unreadable
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    kind: FileKind
    pages: int


class Reader(Protocol):
    def open(self, file: Path) -> Opened | Failure: ...

    def read(
        self, file: Path, numbers: Sequence[int], *, languages: Sequence[str]
    ) -> Iterator[Page | Failure]:
        """These pages, each as soon as it is done, so that its progress can be saved; the caller may stop
        between two. Works in child processes, with limits. `languages`: `pt`, `en` or `es`, likeliest first.
        """
        ...

    def searchable(self, file: Path, pages: Sequence[Page], to: Path) -> Failure | None:
        """A PDF/A-2b with the text invisibly over what is seen."""
        ...

    def picture(self, file: Path, number: int, *, width: int) -> bytes | Failure:
        """A PNG of a page, upright, so many pixels wide."""
        ...
