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

    left: float = Field(description="From the left edge.")
    top: float = Field(description="From the top edge.")
    width: float = Field(description="Of the box.")
    height: float = Field(description="Of the box.")


class ShownValue(Shown):
    field: str = Field(description="Its name in the document type.")
    value: Any = Field(description="In its normal form; `null`: there is none on the document.")
    text: str = Field(description="As it stands on the page.")
    confidence: float = Field(description="From 0 to 1.")
    page: int | None = Field(description="Where it stands; counts from 1.")
    box: ShownBox | None = Field(description="Where on that page.")
    found_by: Literal["rule", "model", "person"] = Field(
        description="A rule, a language model, or the person who put it right."
    )


class ShownProblem(Shown):
    code: str = Field(description="Stable; decide by this.")
    detail: str = Field(description="What is wrong, in a sentence.")
    page: int | None = Field(description="On which page, if on one.")


class ShownRemark(Shown):
    """Why a language model found nothing: for a field, or, where that is empty, for all that it was asked."""

    code: Reply = Field(description="What became of the reply.")
    field: str = Field(description="Of which field; empty: of all.")
    detail: str = Field(description="What it said; or what is known of why it said nothing.")


class ListedExtraction(Shown):
    id: str = Field(description="`ext_…`")
    status: Status = Field(description="How it stands.")
    type: int = Field(description="The number of its document type.")
    type_version: int = Field(description="By which it was processed; 0 before that.")
    external_id: str = Field(description="Yours, or empty.")
    name: str = Field(description="Of the file.")
    size: int = Field(description="Bytes of the file.")
    kind: str = Field(description="Of the file: pdf, png, …; empty before it was opened.")
    pages: int = Field(description="Of the file; 0 before it was opened.")
    pages_wanted: str = Field(description="Such as `1,2,5-10`; empty: all of them.")
    pages_read: int = Field(description="How many were read so far.")
    confidence: float | None = Field(description="From 0 to 1, of all that was read.")
    process_seconds: float | None = Field(description="How long it took.")
    problem: ShownProblem | None = Field(description="Why it could not be processed.")
    document_id: str | None = Field(description="The envelope's document that it was made of, if it was.")
    created_at: Instant = Field(description="When it came.")
    updated_at: Instant = Field(description="When it last changed.")
    started_at: Instant | None = Field(description="When reading began.")
    finished_at: Instant | None = Field(description="When it was over.")


class ShownExtraction(ListedExtraction):
    data: dict[str, Any] = Field(description="The values, by their fields.")
    values: list[ShownValue] = Field(description="The same with where and how each was found.")
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
