"""Which form fields each file of an envelope is given, and what an act fills into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from lacre.kit.ids import Digest, FieldId, SignerId
from lacre.kit.tax_ids import show_tax_id
from lacre.signing import margins
from lacre.signing.appearance import Block, Box, Fill, Initials, Margin, Stamp, Tick, Words
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Act, Mark
from lacre.signing.layout import Field, FieldKind, FormField, PageSize, Place, SignerForm, Structure
from lacre.signing.ports import RecordPages
from lacre.signing.record import Handwriting, Ink, Picture, RecordSigner
from lacre.signing.signer import Signer
from lacre.signing.values import TICKED

Images = Callable[[Digest], bytes]


def seal_name(envelope: Envelope, signer: Signer) -> str:
    """The name of a signer's signature field; the same in every file and for ever."""
    return f"Signer{envelope.signers.index(signer) + 1}_{signer.id[:8]}"


def counter_name(envelope: Envelope, signer: Signer) -> str:
    """The name of the platform's signature field over one who signs with a key of their own."""
    return f"{seal_name(envelope, signer)}_seal"


def structure_of(envelope: Envelope, document: Document, record: RecordPages | None) -> Structure:
    """`record` is `None` for a file that came with signatures: it gains signature fields and nothing else."""
    forms = tuple(_form(envelope, document, signer, record) for signer in envelope.active_signers)
    if record is None:
        return Structure(forms=forms)
    return Structure(forms=forms, record=record.pdf, record_fields=record.fields)


def fills_of(
    envelope: Envelope,
    document: Document,
    act: Act,
    *,
    record: RecordPages | None,
    block: RecordSigner,
    images: Images,
) -> list[Fill]:
    """Everything the act makes visible in this file, each with its box in points."""
    signer = envelope.signer(act.signer_id)
    form = _form(envelope, document, signer, record)
    ink = ink_of(act.mark, images)
    stamp = _stamp(act, signer, ink)
    fills: list[Fill] = []
    if form.seal_place is not None:
        fills.append(replace(stamp, box=_box(form.seal_name, form.seal_place, document, record)))
    for one, made in zip(_beside_seal(envelope, document, signer), form.fields, strict=False):
        box = _box(made.name, made.place, document, record)
        fills.append(_fill(one, box, act, signer, stamp=stamp, images=images))
    if record is not None:
        fills.append(_block(form, record, block))
    return [*fills, *_margin_fills(envelope, document, act, signer)]


def let_off_fills(
    envelope: Envelope, document: Document, record: RecordPages, blocks: Mapping[SignerId, RecordSigner]
) -> list[Fill]:
    """The blocks of those whom an act let off, by their ids: they say so, instead of staying blank."""
    forms = {one: _form(envelope, document, envelope.signer(one), record) for one in blocks}
    return [_block(forms[one], record, said) for one, said in blocks.items()]


def values_of(envelope: Envelope, document: Document, act: Act) -> dict[str, str]:
    """Plain text by form field name, of the fields that hold text or a tick."""
    if document.came_signed:
        # it gained signature fields only
        return {}
    signer = envelope.signer(act.signer_id)
    name = seal_name(envelope, signer)
    fields = _beside_seal(envelope, document, signer)
    return {
        _field_name(name, position): value
        for position, one in enumerate(fields)
        if (value := _value(one, act, signer))
    }


def ink_of(mark: Mark, images: Images) -> Ink:
    return Picture(images(mark.image)) if mark.image is not None else Handwriting(mark.text)


def _form(envelope: Envelope, document: Document, signer: Signer, record: RecordPages | None) -> SignerForm:
    name = seal_name(envelope, signer)
    if document.came_signed:
        fields: tuple[FormField, ...] = ()
    else:
        fields = tuple(
            FormField(name=_field_name(name, position), kind=one.kind, place=one.place)
            for position, one in enumerate(_beside_seal(envelope, document, signer))
        )
        fields += tuple(
            # a picture of a text: nobody types into it
            FormField(name=field, kind=FieldKind.SIGNATURE, place=place)
            for field, place in _margins(envelope, document, signer)
        )
    place = _seal_place(envelope, document, signer, record)
    counter = counter_name(envelope, signer) if signer.options.certificate else ""
    return SignerForm(
        signer_id=signer.id, seal_name=name, seal_place=place, fields=fields, counter_name=counter
    )


def _margins(envelope: Envelope, document: Document, signer: Signer) -> list[tuple[str, Place]]:
    """The field of each page's margin, if signatures stand there; a file that came signed gains none."""
    edge = envelope.options.margin
    if edge is None or document.came_signed:
        return []
    name = seal_name(envelope, signer)
    found = margins.places(edge, document.pages, envelope.signers.index(signer))
    return [(f"{name}_margin{place.page + 1}", place) for place in found]


def _margin_fills(envelope: Envelope, document: Document, act: Act, signer: Signer) -> list[Fill]:
    edge = envelope.options.margin
    return [
        Margin(
            box=_box(name, place, document, None),
            edge=edge,
            signer=signer.name,
            tax_id=show_tax_id(signer.tax_id),
            signed_at=act.evidence.at,
            short_id=act.id[:8],
        )
        for name, place in _margins(envelope, document, signer)
        if edge is not None
    ]


def _seal_place(
    envelope: Envelope, document: Document, signer: Signer, record: RecordPages | None
) -> Place | None:
    """The first place asked for on the document; else the signer's box on the record page; else nowhere."""
    signatures = _signatures(envelope, document, signer)
    if signatures:
        return signatures[0].place
    if record is None:
        return None
    place = record.seal_places[seal_name(envelope, signer)]
    return replace(place, page=place.page + len(document.pages))


def _signatures(envelope: Envelope, document: Document, signer: Signer) -> list[Field]:
    return [one for one in _on(envelope, document, signer) if one.kind is FieldKind.SIGNATURE]


def _beside_seal(envelope: Envelope, document: Document, signer: Signer) -> list[Field]:
    """All of a signer's fields but the one that the cryptographic signature itself takes."""
    seal = _signatures(envelope, document, signer)[:1]
    return [one for one in _on(envelope, document, signer) if one not in seal]


def _on(envelope: Envelope, document: Document, signer: Signer) -> list[Field]:
    return [one for one in envelope.fields_of(signer.id) if one.document_id == document.id]


def _field_name(seal: str, position: int) -> str:
    return f"{seal}_field{position + 1}"


def _box(name: str, place: Place, document: Document, record: RecordPages | None) -> Box:
    return Box.of(name, place, _page_size(place.page, document, record))


def _page_size(page: int, document: Document, record: RecordPages | None) -> PageSize:
    if page < len(document.pages) or record is None:
        return document.pages[page]
    return record.size


def _stamp(act: Act, signer: Signer, ink: Ink) -> Stamp:
    return Stamp(
        box=Box(field="", width=0, height=0),
        ink=ink,
        signer=signer.name,
        signed_at=act.evidence.at,
        short_id=act.id[:8],
        qualification=signer.qualification,
    )


def _fill(one: Field, box: Box, act: Act, signer: Signer, *, stamp: Stamp, images: Images) -> Fill:
    if one.kind is FieldKind.SIGNATURE:
        return replace(stamp, box=box)
    if one.kind is FieldKind.INITIALS:
        return Initials(box=box, ink=ink_of(act.initials or act.mark, images))
    value = _value(one, act, signer)
    if one.kind is FieldKind.CHECKBOX:
        return Tick(box=box, ticked=value == TICKED)
    return Words(box=box, text=value)


def _value(one: Field, act: Act, signer: Signer) -> str:
    typed = act.values.get(FieldId(one.id), "").strip()
    if one.kind is FieldKind.NAME:
        return typed or signer.name
    if one.kind is FieldKind.TAX_ID:
        return show_tax_id(typed or signer.tax_id)
    return typed


def _block(form: SignerForm, record: RecordPages, block: RecordSigner) -> Block:
    made = next(one for one in record.fields if one.name == f"record.{form.seal_name}")
    on_record = form.seal_place is not None and form.seal_place.page >= 0
    inked = not (on_record and _lies_in_block(form, record))
    return Block(box=Box.of(made.name, made.place, record.size), signer=block, inked=inked)


def _lies_in_block(form: SignerForm, record: RecordPages) -> bool:
    place = record.seal_places[form.seal_name]
    seal = form.seal_place
    return seal is not None and (seal.left, seal.bottom, seal.width) == (
        place.left,
        place.bottom,
        place.width,
    )
