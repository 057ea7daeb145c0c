"""From what a sender says to fields on pages: anchors found in a document, and signing order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from lacre.kit.ids import Digest, DocumentId, FieldId
from lacre.signing.document import Document
from lacre.signing.layout import Field, FieldKind, PageSize, Place
from lacre.signing.ports import Accepted
from lacre.signing.signer import Signer

Found = Mapping[str, tuple[Place, ...]]
"""Every place of each text looked for."""
_TALL = {FieldKind.SIGNATURE: (19.55, 9.42), FieldKind.INITIALS: (13.76, 9.42)}
_WIDE = {FieldKind.SIGNATURE: (15.05, 12.13), FieldKind.INITIALS: (10.58, 12.13)}


def document_of(admitted: Accepted, original: Digest, *, document_id: str, name: str) -> Document:
    """What the front door let in, once its bytes are kept."""
    return Document(
        id=DocumentId(document_id),
        name=name,
        original=original,
        size=admitted.size,
        pages=admitted.pages,
        came_signed=admitted.signatures,
    )


def anchors(signers: Iterable[Signer]) -> list[str]:
    """Every text that some signer's signature or initials stand at, once."""
    texts = [text for signer in signers for _, text in _anchors_of(signer)]
    return list(dict.fromkeys(texts))


def fields_at_anchors(
    document: Document, signers: Iterable[Signer], found: Found, *, new_id: Callable[[], str]
) -> list[Field]:
    """One field at every occurrence of each signer's anchors."""
    return [
        Field(
            id=FieldId(new_id()),
            document_id=document.id,
            signer_id=signer.id,
            kind=kind,
            place=_at(anchor, kind, document.pages),
        )
        for signer in signers
        for kind, text in _anchors_of(signer)
        for anchor in found.get(text, ())
    ]


def usual_size(kind: FieldKind, page: PageSize) -> tuple[float, float]:
    """Width and height in percent of a page, of a signature or initials whose size nobody gave."""
    return (_TALL if page.height >= page.width else _WIDE)[kind]


def over(anchor: Place, width: float, height: float) -> Place:
    """Over the anchor, from its bottom left corner, pushed back onto the page where it would leave it."""
    return replace(
        anchor,
        left=min(max(anchor.left, 0.0), 100 - width),
        bottom=min(max(anchor.bottom, 0.0), 100 - height),
        width=width,
        height=height,
    )


def _anchors_of(signer: Signer) -> list[tuple[FieldKind, str]]:
    options = signer.options
    both = ((FieldKind.SIGNATURE, options.signature_anchor), (FieldKind.INITIALS, options.initials_anchor))
    return [(kind, text) for kind, text in both if text]


def _at(anchor: Place, kind: FieldKind, pages: Sequence[PageSize]) -> Place:
    return over(anchor, *usual_size(kind, pages[anchor.page]))
