"""What a signer's act puts into form fields; how that looks is the typesetter's business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lacre.signing.layout import PageSize, Place
from lacre.signing.margins import Edge
from lacre.signing.record import Ink, RecordSigner


@dataclass(frozen=True, kw_only=True)
class Box:
    """A form field by name, and its size in points."""

    field: str
    width: float
    height: float

    @classmethod
    def of(cls, field: str, place: Place, page: PageSize) -> Box:
        """The box that a place takes on a page of that size."""
        return cls(
            field=field,
            width=place.width * page.width / 100,
            height=place.height * page.height / 100,
        )


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A visible signature: the mark, whose it is, when and under which short id."""

    box: Box
    ink: Ink | None
    signer: str
    signed_at: datetime
    short_id: str = ""
    qualification: str = ""
    """Free words such as "testemunha"."""


@dataclass(frozen=True, kw_only=True)
class Initials:
    box: Box
    ink: Ink


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text, date, name or tax id, as it is to be read; shrinks until it fits."""

    box: Box
    text: str


@dataclass(frozen=True, kw_only=True)
class Tick:
    box: Box
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class Block:
    """A signer's block on the record page, filled at the act of signing."""

    box: Box
    signer: RecordSigner
    inked: bool = True
    """Whether the mark is part of the block; not when the signature field itself lies there."""


@dataclass(frozen=True, kw_only=True)
class Margin:
    """A signature as a text along an edge of the page."""

    box: Box
    edge: Edge
    signer: str
    tax_id: str
    signed_at: datetime
    short_id: str


Fill = Stamp | Initials | Words | Tick | Block | Margin
