"""Where fields stand on pages, and which form fields a file is given before it is certified."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lacre.kit.ids import DocumentId, FieldId, SignerId
from lacre.signing.errors import FieldForStranger, FieldOffPage


class FieldKind(StrEnum):
    SIGNATURE = "signature"
    INITIALS = "initials"
    TEXT = "text"
    DATE = "date"
    CHECKBOX = "checkbox"
    NAME = "name"
    TAX_ID = "tax_id"


class Corner(StrEnum):
    """The page corner that a place is measured from."""

    BOTTOM_LEFT = "bottom_left"
    TOP_LEFT = "top_left"
    BOTTOM_RIGHT = "bottom_right"
    TOP_RIGHT = "top_right"


@dataclass(frozen=True)
class PageSize:
    """A page as a reader shows it (crop box, after /Rotate), in points of 1/72 inch."""

    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Place:
    """A box on a shown page: page from 0, percent of its width and height, from its bottom left corner."""

    page: int
    left: float
    bottom: float
    width: float
    height: float

    @classmethod
    def from_corner(
        cls, corner: Corner, *, page: int, x: float, y: float, width: float, height: float
    ) -> Place:
        """`x` and `y` are percent from the named corner to the box's nearest corner."""
        from_left = corner in (Corner.BOTTOM_LEFT, Corner.TOP_LEFT)
        from_bottom = corner in (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT)
        return cls(
            page=page,
            left=x if from_left else 100 - x - width,
            bottom=y if from_bottom else 100 - y - height,
            width=width,
            height=height,
        )

    @classmethod
    def from_millimetres(
        cls, size: PageSize, *, page: int, left: float, top: float, width: float, height: float
    ) -> Place:
        """Millimetres from the top left corner of a page of that size."""
        across, down = 100 * _POINTS_PER_MM / size.width, 100 * _POINTS_PER_MM / size.height
        return cls.from_corner(
            Corner.TOP_LEFT,
            page=page,
            x=left * across,
            y=top * down,
            width=width * across,
            height=height * down,
        )

    @property
    def on_the_page(self) -> bool:
        return (
            self.page >= 0
            and self.left >= 0
            and self.bottom >= 0
            and self.width > 0
            and self.height > 0
            and self.left + self.width <= 100.0001
            and self.bottom + self.height <= 100.0001
        )


_POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a signer fills; `label` is what the signing room calls it."""

    id: FieldId
    document_id: DocumentId
    signer_id: SignerId
    kind: FieldKind
    place: Place
    label: str = ""
    required: bool = True

    def check(self, pages: Mapping[DocumentId, int], signers: Collection[SignerId]) -> None:
        """Raises unless it lies on one of so many pages, and is for one of these."""
        if not self.place.on_the_page or self.place.page >= pages.get(self.document_id, 0):
            raise FieldOffPage(self.place.page + 1)
        if self.signer_id not in signers:
            raise FieldForStranger


@dataclass(frozen=True, kw_only=True)
class FormField:
    """A field of the PDF form; `name` is unique in the file and stays for ever."""

    name: str
    kind: FieldKind
    place: Place


@dataclass(frozen=True, kw_only=True)
class SignerForm:
    """What one signer gets in one file: a cryptographic signature field, and fields filled just before it."""

    signer_id: SignerId
    seal_name: str
    seal_place: Place | None
    """`None`: the signature field is invisible."""
    fields: tuple[FormField, ...] = ()
    counter_name: str = ""
    """A further, invisible signature field: of the platform, where the signer's own key takes the first."""


@dataclass(frozen=True, kw_only=True)
class Structure:
    """The form fields of one file, fixed when it is certified, before anyone signs.

    `record` is a PDF of blank record pages appended to the document, with one box per signer whose name is
    `record.<seal_name>`; `None` for a file that came with signatures, which may gain no page.
    """

    forms: tuple[SignerForm, ...]
    record: bytes | None = None
    record_fields: tuple[FormField, ...] = ()
    """Places count pages from the first record page."""
