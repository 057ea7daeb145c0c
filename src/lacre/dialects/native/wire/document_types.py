"""Types of documents, as JSON: fields, and the rules by which each is found."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from lacre.dialects.native.wire.values import Line, Name, Said, Shown, Text
from lacre.processing.document_type import Kind, Part, Where
from lacre.processing.flaws import MOST_COLUMNS, MOST_FIELDS, MOST_RULES


class SaidRegion(Said):
    """A part of the page, in percent from its top left corner."""

    left: float = Field(0.0, ge=0, le=100)
    top: float = Field(0.0, ge=0, le=100)
    right: float = Field(100.0, ge=0, le=100)
    bottom: float = Field(100.0, ge=0, le=100)


class SaidRule(Said):
    """One way to find a value; what is given narrows it."""

    anchor: list[str] = Field(default_factory=list, max_length=20, description="Texts that announce it.")
    where: Where = Where.AROUND
    section: list[str] = Field(
        default_factory=list, max_length=20, description="Titles of the part of a form that it stands in."
    )
    pattern: str = Field("", max_length=400, description="Its group `value`, or the first, or all of it.")
    code: list[str] = Field(default_factory=list, max_length=10, description="Kinds of bar codes.")
    region: SaidRegion | None = None
    page: int = Field(0, ge=-1, le=100_000, description="Only there; -1: the last; 0: any.")
    of: str = Field("", max_length=40, description="A field before it, which says this too.")
    part: Part | None = None


class SaidColumn(Said):
    name: str = Field(max_length=40)
    headers: list[str] = Field(max_length=20)
    kind: Kind = Kind.TEXT


class SaidField(Said):
    name: str = Field(max_length=40, description="Its property in the data.")
    title: Line = ""
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: list[str] = Field(default_factory=list, max_length=100)
    rules: list[SaidRule] = Field(default_factory=list, max_length=MOST_RULES)
    columns: list[SaidColumn] = Field(default_factory=list, max_length=MOST_COLUMNS)


class NewDocumentType(Said):
    name: Name
    description: Text = ""
    fields: list[SaidField] = Field(max_length=MOST_FIELDS)
    asks_model: bool = Field(False, description="For what the rules do not find, where there is one.")


class ShownDocumentType(Shown):
    number: int
    version: int
    name: str
    description: str
    fields: list[SaidField]
    asks_model: bool
    json_schema: dict[str, Any] = Field(description="Of `data`.")


class DocumentTypeList(Shown):
    data: list[ShownDocumentType]
