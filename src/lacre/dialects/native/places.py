"""Where fields stand, as it is said, made places on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lacre.dialects.native.call import Call
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.wire.places import AnchorPlace, MillimetrePlace, NewField, PercentPlace
from lacre.dialects.uploads import find_anchors
from lacre.kit.ids import DocumentId, FieldId, SignerId, without_prefix
from lacre.signing.document import Document
from lacre.signing.drafting import Found, over, usual_size
from lacre.signing.errors import FieldOffPage
from lacre.signing.layout import Corner, Field, FieldKind, PageSize, Place

POINTS_PER_MM = 72 / 25.4
SIZES: Mapping[FieldKind, tuple[float, float]] = {
    FieldKind.TEXT: (30.0, 3.0),
    FieldKind.NAME: (30.0, 3.0),
    FieldKind.TAX_ID: (20.0, 3.0),
    FieldKind.DATE: (14.0, 3.0),
    FieldKind.CHECKBOX: (2.8, 2.0),
}
"""Percent of a page, of fields whose size nobody gave; signatures and initials have their own."""


@dataclass(frozen=True)
class Wanted:
    """What one signer is to be given, and where in the request it was said."""

    signer_id: SignerId
    fields: Sequence[NewField]
    pointer: str


def fields_of(call: Call, documents: Sequence[Document], wanted: Iterable[Wanted]) -> list[Field]:
    """Outside of any transaction: anchors are looked for in the files."""
    everyone = list(wanted)
    found = {one.id: find_anchors(call.services, one, _texts(one, documents, everyone)) for one in documents}
    return [
        field
        for one in everyone
        for number, said in enumerate(one.fields)
        for field in _fields(call, said, documents, found, one.signer_id, f"{one.pointer}/{number}")
    ]


def _texts(document: Document, documents: Sequence[Document], wanted: Iterable[Wanted]) -> list[str]:
    texts = [
        said.anchor.text
        for one in wanted
        for number, said in enumerate(one.fields)
        if said.anchor and document in _meant(said, documents, f"{one.pointer}/{number}")
    ]
    return list(dict.fromkeys(texts))


def _fields(
    call: Call,
    said: NewField,
    documents: Sequence[Document],
    found: Mapping[DocumentId, Found],
    signer_id: SignerId,
    pointer: str,
) -> list[Field]:
    meant = _meant(said, documents, pointer)
    places = [(one, place) for one in meant for place in _places(said, one, found[one.id])]
    if not places:
        detail = "This text stands in none of the documents."
        raise Declined("anchor_not_found", detail, pointer=f"{pointer}/anchor/text")
    return [
        Field(
            id=FieldId(call.services.tokens.uuid()),
            document_id=document.id,
            signer_id=signer_id,
            kind=said.kind,
            place=place,
            label=said.label,
            required=said.required,
        )
        for document, place in places
    ]


def _meant(said: NewField, documents: Sequence[Document], pointer: str) -> Sequence[Document]:
    if said.document is None:
        return documents if said.anchor else documents[:1]
    if isinstance(said.document, int):
        chosen = documents[said.document - 1 : said.document] if said.document > 0 else ()
    else:
        wanted = without_prefix("doc", said.document)
        chosen = [one for one in documents if one.id == wanted]
    if not chosen:
        raise Declined("document_unknown", "There is no such document.", pointer=f"{pointer}/document")
    return chosen


def _places(said: NewField, document: Document, found: Found) -> list[Place]:
    if said.anchor:
        return [_at_anchor(said.kind, said.anchor, one, document) for one in found.get(said.anchor.text, ())]
    where = said.percent or said.millimetres
    if where is None or where.page > len(document.pages):
        raise FieldOffPage(where.page if where else 0)
    page = document.pages[where.page - 1]
    if isinstance(where, PercentPlace):
        place = _at_percent(said.kind, where, page)
    else:
        place = _at_millimetres(said.kind, where, page)
    if not place.on_the_page:
        raise FieldOffPage(where.page)
    return [place]


def _at_anchor(kind: FieldKind, said: AnchorPlace, anchor: Place, document: Document) -> Place:
    width, height = _size(kind, document.pages[anchor.page])
    return over(anchor, said.width or width, said.height or height)


def _at_percent(kind: FieldKind, said: PercentPlace, page: PageSize) -> Place:
    width, height = _size(kind, page)
    return Place.from_corner(
        said.corner,
        page=said.page - 1,
        x=said.x,
        y=said.y,
        width=said.width or width,
        height=said.height or height,
    )


def _at_millimetres(kind: FieldKind, said: MillimetrePlace, page: PageSize) -> Place:
    width, height = _size(kind, page)
    across, down = 100 * POINTS_PER_MM / page.width, 100 * POINTS_PER_MM / page.height
    return Place.from_corner(
        Corner.TOP_LEFT,
        page=said.page - 1,
        x=said.left * across,
        y=said.top * down,
        width=said.width * across if said.width else width,
        height=said.height * down if said.height else height,
    )


def _size(kind: FieldKind, page: PageSize) -> tuple[float, float]:
    return SIZES.get(kind) or usual_size(kind, page)
