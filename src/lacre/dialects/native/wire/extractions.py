"""Documents that are processed, as JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from lacre.dialects.native.wire.values import Instant, Line, Name, Said, Shown, WebAddress
from lacre.processing.extraction import Reply, Status


class NewExtraction(Said):
    """Its file comes in one of four ways: as Base64, from a URL, in a form, or of an envelope's document."""

    type: int = Field(1, ge=1, le=2_000_000_000, description="A number of `GET /document-types`.")
    name: Name | None = None
    base64: str | None = None
    url: WebAddress | None = None
    upload: Line | None = Field(None, description="The name of the form's part; needless if there is one.")
    document_id: Line | None = Field(None, description="Of an envelope's document.")
    envelope_id: Line | None = Field(None, description="Whose document it is.")
    pages: str = Field("", max_length=500, description="`1,2,5-10`; empty: all of them.")
    external_id: Line = Field("", description="Yours; no two documents have the same.")

    @model_validator(mode="after")
    def _comes_in_one_way(self) -> NewExtraction:
        ways = [self.base64, self.url, self.upload, self.document_id]
        if sum(one is not None for one in ways) > 1:
            raise ValueError("say only one of base64, url, upload and document_id")
        if (self.document_id is None) != (self.envelope_id is None):
            raise ValueError("document_id and envelope_id go together")
        return self


class ShownBox(Shown):
    """Points (1/72 inch) from the top left corner of the page as it is seen upright."""

    left: float
    top: float
    width: float
    height: float


class ShownValue(Shown):
    field: str
    value: Any = Field(description="In its normal form; `null`: there is none on the document.")
    text: str = Field(description="As it stands on the page.")
    confidence: float
    page: int | None
    box: ShownBox | None
    found_by: Literal["rule", "model", "person"]


class ShownProblem(Shown):
    code: str
    detail: str
    page: int | None


class ShownRemark(Shown):
    """Why a language model found nothing: for a field, or, where that is empty, for all that it was asked."""

    code: Reply
    field: str
    detail: str = Field(description="What it said; or what is known of why it said nothing.")


class ListedExtraction(Shown):
    id: str
    status: Status
    type: int
    type_version: int = Field(description="By which it was processed; 0 before that.")
    external_id: str
    name: str
    size: int
    kind: str = Field(description="Of the file: pdf, png, …; empty before it was opened.")
    pages: int = Field(description="Of the file; 0 before it was opened.")
    pages_wanted: str
    pages_read: int
    confidence: float | None
    process_seconds: float | None
    problem: ShownProblem | None
    document_id: str | None
    created_at: Instant
    updated_at: Instant
    started_at: Instant | None
    finished_at: Instant | None


class ShownExtraction(ListedExtraction):
    data: dict[str, Any] = Field(description="The values, by their fields.")
    values: list[ShownValue]
    remarks: list[ShownRemark] = Field(description="Of types that ask a language model.")


class ExtractionList(Shown):
    data: list[ListedExtraction]
    next: str | None


class ShownWord(Shown):
    text: str
    box: ShownBox
    confidence: float
    line: int


class ShownCode(Shown):
    kind: str
    text: str
    box: ShownBox


class ShownPage(Shown):
    number: int
    width: float
    height: float
    source: Literal["digital", "read"]
    turned: int
    skew: float
    confidence: float
    text: str
    words: list[ShownWord]
    codes: list[ShownCode]


class PageList(Shown):
    data: list[ShownPage]
    next: str | None


class Correction(Said):
    """What stands on the document; `null`: nothing does."""

    value: str | list[dict[str, str | None]] | None
