"""A reader without files: says what a test gives it, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lacre.kit.json import Json
from lacre.processing.asking import Heard, heard
from lacre.processing.document_type import DocumentType, Field
from lacre.processing.extracting import extract
from lacre.processing.extraction import Value
from lacre.processing.page import Page
from lacre.processing.ports import Failure, FileKind, NotExtracted, Opened
from tests.support.extractions import a_page


@dataclass
class FakeReader:
    """Implements `lacre.processing.ports.Reader`."""

    pages: int = 1
    opens: Failure | None = None
    fails: Mapping[int, Failure] = field(default_factory=dict)
    crashes_at: int | None = None
    before: Callable[[int], None] = lambda _: None
    """Called with each page's number before it is read."""
    asked: list[list[int]] = field(default_factory=list)
    lines: Sequence[str] = ("Valor total R$ 10,00",)

    def open(self, file: Path) -> Opened | Failure:  # noqa: ARG002
        return self.opens or Opened(FileKind.PDF, self.pages)

    def read(
        self,
        file: Path,  # noqa: ARG002
        numbers: Sequence[int],
        *,
        languages: Sequence[str],  # noqa: ARG002
    ) -> Iterator[Page | Failure]:
        self.asked.append(list(numbers))
        for number in numbers:
            self.before(number)
            if number == self.crashes_at:
                raise RuntimeError("a bug")
            yield self.fails.get(number) or a_page(number, self.lines)

    def searchable(self, file: Path, pages: Sequence[Page], to: Path) -> Failure | None:  # noqa: ARG002
        to.write_bytes(b"%PDF-1.7 searchable")
        return None

    def picture(
        self,
        file: Path,  # noqa: ARG002
        number: int,  # noqa: ARG002
        *,
        width: int,  # noqa: ARG002
        turned: int = 0,  # noqa: ARG002
        skew: float = 0.0,  # noqa: ARG002
    ) -> bytes | Failure:
        return b"\x89PNG"


class DirectExtractor:
    """Implements `lacre.processing.ports.Extractor`, in this very process."""

    def extract(self, of: DocumentType, pages: Sequence[Page], *, on: date) -> Sequence[Value] | NotExtracted:
        return extract(of, pages, on=on)

    def hear(
        self, fields: Sequence[Field], said: Mapping[str, Json], pages: Sequence[Page]
    ) -> Heard | NotExtracted:
        return heard(fields, said, pages)
