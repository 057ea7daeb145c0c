"""What processing needs from outside: somebody who reads, and a place for what is to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from lacre.kit.json import Json
from lacre.processing.asking import Heard, Question
from lacre.processing.document_type import DocumentType, Field
from lacre.processing.extraction import Reply, Value
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

    def picture(
        self, file: Path, number: int, *, width: int, turned: int = 0, skew: float = 0.0
    ) -> bytes | Failure:
        """A PNG of a page, so many pixels wide; `turned` and `skew` as it was read: then its boxes fit."""
        ...


class Inputs(Protocol):
    """Files that documents came in, kept for some days: apart from those that are kept for good."""

    def keep(self, source: Path, *, now: datetime) -> str:
        """A copy, written and synced; its key."""
        ...

    def local(self, key: str) -> AbstractContextManager[Path]:
        """A readable local path for as long as the context is open; raises `LookupError`."""
        ...

    def forget(self, key: str) -> None:
        """At once; one that is gone already is no matter."""
        ...

    def sweep(self, *, before: date) -> int:
        """Forgets all that were kept on earlier days, also those that nothing names; how many days."""
        ...


@dataclass(frozen=True, slots=True)
class NotExtracted:
    """The rules of its type took too much time or memory on this document."""

    reason: str


class Extractor(Protocol):
    def extract(self, of: DocumentType, pages: Sequence[Page], *, on: date) -> Sequence[Value] | NotExtracted:
        """In a child process, with limits: a customer's patterns may take for ever."""
        ...

    def hear(
        self, fields: Sequence[Field], said: Mapping[str, Json], pages: Sequence[Page]
    ) -> Heard | NotExtracted:
        """What of a language model's answer stands on the pages; with the same limits."""
        ...


@dataclass(frozen=True, slots=True)
class NotSaid:
    """A language model gave no answer that can be looked at."""

    code: Reply
    detail: str = ""


class LanguageModel(Protocol):
    """Whoever is asked what the rules of a type did not find. It is never believed: see `asking.heard`."""

    def answer(self, asked: Question) -> Mapping[str, Json] | NotSaid:
        """Waits for it, with no transaction open; the network's failures are values."""
        ...
