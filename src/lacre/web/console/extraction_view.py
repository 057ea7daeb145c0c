"""A processed document as its page shows it: each field beside the place on the page that it was found at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lacre.processing.document_type import Column, DocumentType, Field, Kind
from lacre.processing.extraction import Extraction, Finder, Remark, Status, Value
from lacre.processing.normal import written
from lacre.processing.page import Box, Page

DOUBTFUL = 0.9
"""Below that a person had better look."""


@dataclass(frozen=True)
class Cell:
    """Of a table's row."""

    text: str
    whole: bool
    """Never parted into lines: a number, a date."""

    @classmethod
    def of(cls, column: Column, row: Mapping[str, object]) -> Cell:
        known = row.get(column.name)
        text = written(column.kind, known) if isinstance(known, str) and known else "–"
        return cls(text, whole=column.kind not in (Kind.TEXT, Kind.NAME))


@dataclass(frozen=True, kw_only=True)
class ValueView:
    field: Field
    value: Value | None
    mark: Box | None
    """On the page that is shown."""
    remarks: Sequence[Remark] = ()

    @property
    def found(self) -> bool:
        return self.value is not None and self.value.value is not None

    @property
    def text(self) -> str:
        """To be typed over."""
        known = self.value.value if self.value else None
        return written(self.field.kind, known) if isinstance(known, str) else ""

    @property
    def rows(self) -> list[list[Cell]]:
        """Of a table."""
        known = self.value.value if self.value else None
        found = [one for one in known if isinstance(one, Mapping)] if isinstance(known, list) else []
        return [[Cell.of(column, row) for column in self.field.columns] for row in found]

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(one.headers[0] if one.headers else one.name, "") for one in self.field.columns]

    @property
    def is_table(self) -> bool:
        return self.field.kind is Kind.TABLE

    @property
    def doubtful(self) -> bool:
        return self.found and self.value is not None and self.value.confidence < DOUBTFUL


@dataclass(frozen=True, kw_only=True)
class ExtractionView:
    extraction: Extraction
    type: DocumentType
    page: Page | None
    """None until it was read, and once it is no longer kept."""
    number: int
    values: Sequence[ValueView]
    problem: str

    @property
    def remarks(self) -> Sequence[Remark]:
        """About all of it, and not about one field."""
        return [one for one in self.extraction.remarks if not one.field]

    @property
    def tables(self) -> Sequence[ValueView]:
        return [one for one in self.values if one.is_table]

    @property
    def single(self) -> Sequence[ValueView]:
        return [one for one in self.values if not one.is_table]

    @property
    def missing(self) -> int:
        """None is, as long as it is being read."""
        if self.extraction.status is not Status.FINISHED:
            return 0
        return sum(one.field.required and not one.found for one in self.values)

    @property
    def previous(self) -> int | None:
        return max((one for one in self.extraction.numbers if one < self.number), default=None)

    @property
    def following(self) -> int | None:
        return min((one for one in self.extraction.numbers if one > self.number), default=None)


def values_of(extraction: Extraction, of: DocumentType, page: Page | None) -> list[ValueView]:
    known = {one.field: one for one in extraction.values}
    return [
        ValueView(
            field=field,
            value=known.get(field.name),
            mark=_mark(known.get(field.name), page),
            remarks=_remarks(extraction, known.get(field.name)),
        )
        for field in of.fields
    ]


def _remarks(extraction: Extraction, value: Value | None) -> Sequence[Remark]:
    """None once a person has said what is right."""
    if value is None or value.found_by is Finder.PERSON:
        return ()
    return [one for one in extraction.remarks if one.field == value.field]


def _mark(value: Value | None, page: Page | None) -> Box | None:
    return value.box if value is not None and page is not None and value.page == page.number else None
