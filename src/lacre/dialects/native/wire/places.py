"""Fields of a signer, and the three ways to say where they stand."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from lacre.dialects.native.wire.values import (
    Line,
    Millimetres,
    MillimetreSize,
    Name,
    PageNumber,
    Percent,
    PercentSize,
    Said,
    Shown,
)
from lacre.signing.layout import Corner, FieldKind


class PercentPlace(Said):
    """Percent of the page's width and height, from the named corner to the nearest corner of the field."""

    page: PageNumber
    corner: Corner = Corner.TOP_LEFT
    x: Percent
    y: Percent
    width: PercentSize | None = None
    height: PercentSize | None = None


class MillimetrePlace(Said):
    """Millimetres from the top left corner of the page as it is shown."""

    page: PageNumber
    left: Millimetres
    top: Millimetres
    width: MillimetreSize | None = None
    height: MillimetreSize | None = None


class AnchorPlace(Said):
    """Every occurrence of a text, bottom left corner on bottom left corner; size in percent of the page."""

    text: Name
    width: PercentSize | None = None
    height: PercentSize | None = None


DocumentNamed = Annotated[
    int | str,
    Field(description="Its position in the envelope, from 1, or its id.", examples=[1]),
]


class NewField(Said):
    """Exactly one of `percent`, `millimetres` and `anchor` says where. Sizes have a default for each kind."""

    kind: FieldKind = FieldKind.SIGNATURE
    label: Line = ""
    required: bool = True
    document: DocumentNamed | None = Field(
        default=None, description="By default the first document; of an anchor, every document."
    )
    percent: PercentPlace | None = None
    millimetres: MillimetrePlace | None = None
    anchor: AnchorPlace | None = None

    @model_validator(mode="after")
    def _says_one_place(self) -> Self:
        if sum(one is not None for one in (self.percent, self.millimetres, self.anchor)) != 1:
            raise ValueError("say exactly one of percent, millimetres and anchor")
        return self


class ShownField(Shown):
    """Percent of the page from its bottom left corner, however it was said."""

    id: str = Field(description="`fld_…`")
    document_id: str = Field(description="In which document it stands.")
    kind: FieldKind = Field(description="What goes into it.")
    label: str = Field(description="What the signer is asked for.")
    required: bool = Field(description="Whether it must be filled.")
    page: int = Field(description="Counts from 1.")
    left: float = Field(description="From the left edge.")
    bottom: float = Field(description="From the bottom edge.")
    width: float = Field(description="Of the field.")
    height: float = Field(description="Of the field.")
