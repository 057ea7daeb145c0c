"""A document that is processed: received, in progress, finished or failed; and what came out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from lacre.kit.ids import AccountId, DocumentId, ExtractionId
from lacre.kit.json import Json
from lacre.processing import errors
from lacre.processing.page import Box
from lacre.processing.selection import Selection, selection

MOST_TRIES = 5
"""Without a page in between: then it is the document that ends its workers, and not chance."""


class Status(StrEnum):
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    ERROR = "error"


class Trouble(StrEnum):
    """Why a document failed, besides what a reader says of its file."""

    CANCELED = "canceled"
    NO_SUCH_PAGE = "no_such_page"
    GAVE_UP = "gave_up"
    INPUT_GONE = "input_gone"
    TYPE_FAILED = "type_failed"
    """The rules of its type took too long."""


class Finder(StrEnum):
    """Who found a value."""

    RULE = "rule"
    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True, kw_only=True)
class Problem:
    code: str
    """Of `Trouble`, or of `ports.Unreadable`."""
    detail: str = ""
    page: int | None = None


@dataclass(frozen=True, kw_only=True)
class Value:
    field: str
    value: Json
    """In its kind's normal form."""
    text: str = ""
    """As it stands on the page."""
    confidence: float = 1.0
    page: int | None = None
    box: Box | None = None
    found_by: Finder = Finder.RULE


class Reply(StrEnum):
    """What became of a language model's reply, where no value did."""

    NOT_ON_PAGE = "not_on_page"
    """It named a value that stands nowhere on the document."""
    NOT_USABLE = "not_usable"
    """It named something that is no value of the field."""
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    REFUSED = "refused"
    """Its endpoint answered, but with an error."""
    NOT_JSON = "not_json"
    """It answered, but not in the form that was asked for."""
    UNCHECKED = "unchecked"
    """It answered, and to check that took too long."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Why a language model found nothing: for one field, or, without `field`, for all that it was asked."""

    code: Reply
    field: str = ""
    detail: str = ""
    """What it said; or what is known of why it said nothing."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What a person put right: the best that is known of what a type's rules miss."""

    field: str
    before: Json
    after: Json
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Found:
    """What came out of a document, and by which version of its type."""

    values: tuple[Value, ...]
    confidence: float
    type_version: int
    remarks: tuple[Remark, ...] = ()


@dataclass(kw_only=True)
class Extraction:
    id: ExtractionId
    account_id: AccountId
    type: int
    name: str
    """Of its file."""
    input: str
    """Where its file is kept, for a while."""
    size: int
    created_at: datetime
    updated_at: datetime
    external_id: str = ""
    selected: str = ""
    """Pages, as they were asked for."""
    document_id: DocumentId | None = None
    """Of an envelope, if it came from there."""
    kind: str = ""
    """Of its file: `pdf`, `png` …; empty until it was opened."""
    pages: int = 0
    """Of the file; 0 until it was opened."""
    pages_read: int = 0
    status: Status = Status.RECEIVED
    started_at: datetime | None = None
    finished_at: datetime | None = None
    problem: Problem | None = None
    type_version: int = 0
    values: tuple[Value, ...] = ()
    confidence: float | None = None
    remarks: tuple[Remark, ...] = ()
    corrections: tuple[Correction, ...] = ()
    sample: bool = False
    """Its type is tried on it: it is kept for longer, as somebody looked at its values."""
    generation: int = 1
    """Counts up each time that it is processed anew."""
    tries: int = 0
    """Begun since the last page that was read."""
    dialect_data: Mapping[str, Json] = field(default_factory=dict)
    """What only the dialect understands that it came by."""

    @property
    def over(self) -> bool:
        return self.status in (Status.FINISHED, Status.ERROR)

    @property
    def selection(self) -> Selection:
        return selection(self.selected)

    @property
    def numbers(self) -> list[int]:
        """Of the pages to be read; none until it was opened."""
        return self.selection.numbers(self.pages)

    @property
    def process_seconds(self) -> float | None:
        """From when it was taken up until it was over."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def data(self) -> Mapping[str, Json]:
        return {one.field: one.value for one in self.values}

    def value(self, name: str) -> Value | None:
        return next((one for one in self.values if one.field == name), None)

    def begin(self, *, now: datetime) -> None:
        """Taken up, perhaps not for the first time."""
        self.status = Status.IN_PROGRESS
        self.started_at = self.started_at or now
        self.updated_at = now
        self.tries += 1

    def open(self, kind: str, pages: int) -> None:
        self.kind, self.pages = kind, pages

    def advance(self, pages: int, *, now: datetime) -> None:
        """So many more were read."""
        self.pages_read += pages
        self.tries, self.updated_at = 0, now

    def finish(self, found: Found, *, now: datetime) -> None:
        self.values, self.confidence, self.remarks = found.values, found.confidence, found.remarks
        self.type_version = found.type_version
        self._end(Status.FINISHED, now)

    def fail(self, problem: Problem, *, now: datetime) -> None:
        self.problem = problem
        self._end(Status.ERROR, now)

    def cancel(self, *, now: datetime) -> None:
        if self.over:
            raise errors.ExtractionOver
        self.fail(Problem(code=Trouble.CANCELED), now=now)

    def process_again(self, *, now: datetime) -> None:
        """From its first page on; what people corrected is no longer part of its values."""
        if not self.over:
            raise errors.ExtractionUnderWay
        self.status, self.problem = Status.RECEIVED, None
        self.started_at = self.finished_at = self.confidence = None
        self.values, self.remarks, self.pages_read, self.tries = (), (), 0, 0
        self.generation += 1
        self.updated_at = now

    def correct(self, named: str, value: Json, text: str, *, by: str, now: datetime) -> None:
        """`value` is in its kind's normal form already; `None`: there is none on the document."""
        if self.status is not Status.FINISHED:
            raise errors.NothingExtracted
        old = self.value(named)
        correction = Correction(field=named, before=old.value if old else None, after=value, by=by, at=now)
        right = replace(
            old or Value(field=named, value=None), value=value, text=text, confidence=1.0,
            found_by=Finder.PERSON,
        )  # fmt: skip
        self.values = (*(one for one in self.values if one.field != named), right)
        self.corrections = (*self.corrections, correction)
        self.updated_at = now

    def _end(self, status: Status, now: datetime) -> None:
        self.status, self.finished_at, self.updated_at = status, now, now
