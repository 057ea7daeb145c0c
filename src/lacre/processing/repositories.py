"""What processing keeps, and the transaction it is kept in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lacre.kit.events import Outbox
from lacre.kit.ids import AccountId, ExtractionId
from lacre.kit.jobs import Jobs
from lacre.processing.document_type import DocumentType
from lacre.processing.extraction import Extraction, Status
from lacre.processing.page import Page


@dataclass(frozen=True, kw_only=True)
class ExtractionFilter:
    statuses: tuple[Status, ...] = ()
    type: int | None = None
    external_id: str = ""
    text: str = ""
    """In its name or external id; letter case and accents don't matter."""
    samples: bool = False
    after: ExtractionId | None = None
    """Only those that a list, newest first, shows after this one."""


class Extractions(Protocol):
    """Everything but `for_job` is of one account, and raises `NotFound` of what is not its own."""

    def add(self, extraction: Extraction) -> None:
        """Raises `ExternalIdTaken`."""
        ...

    def save(self, extraction: Extraction) -> None: ...

    def get(self, account_id: AccountId, extraction_id: ExtractionId) -> Extraction:
        """Stays as it is, for others, until the transaction ends."""
        ...

    def for_job(self, extraction_id: ExtractionId) -> Extraction | None:
        """The same, whosever it is; `None` once it was deleted."""
        ...

    def find(self, account_id: AccountId, which: ExtractionFilter, *, limit: int) -> Sequence[Extraction]: ...

    def remove(self, extraction: Extraction) -> None:
        """With its pages."""
        ...

    def keep_pages(self, extraction: Extraction, pages: Sequence[Page]) -> None:
        """Encrypted: they say all that the document says. One that is there already is overwritten."""
        ...

    def pages_kept(self, extraction_id: ExtractionId) -> set[int]: ...

    def pages(self, extraction_id: ExtractionId, *, first: int = 1, limit: int) -> Sequence[Page]:
        """In their order, from this number on."""
        ...

    def forget_pages(self, extraction_id: ExtractionId) -> None: ...


class DocumentTypes(Protocol):
    """Types that an account made, or changed; shipped ones are in `shipped`."""

    def newest(self, account_id: AccountId, number: int) -> DocumentType | None: ...

    def versions(self, account_id: AccountId, number: int) -> Sequence[DocumentType]:
        """Newest first."""
        ...

    def all(self, account_id: AccountId) -> Mapping[int, DocumentType]:
        """The newest version of each."""
        ...

    def add(self, account_id: AccountId, one: DocumentType) -> None: ...


class ProcessingWork(Outbox, Protocol):
    """A transaction over all of it."""

    @property
    def jobs(self) -> Jobs: ...

    @property
    def extractions(self) -> Extractions: ...

    @property
    def document_types(self) -> DocumentTypes: ...


def all_pages(kept: Extractions, extraction_id: ExtractionId, *, at_once: int = 50) -> Iterator[Page]:
    """A few at a time; within one transaction."""
    first = 1
    while pages := kept.pages(extraction_id, first=first, limit=at_once):
        yield from pages
        first = pages[-1].number + 1
