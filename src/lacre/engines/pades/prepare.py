"""A document made ready: form fields and record pages appended, then certified by the platform."""

from __future__ import annotations

import shutil
from pathlib import Path

from pyhanko.pdf_utils.misc import PdfReadError

from lacre.engines.pades.appearance import Importer
from lacre.engines.pades.certificate import Identity
from lacre.engines.pades.cms import pen
from lacre.engines.pades.cos import Dictionary, Malformed, Name, Raw, Ref, number
from lacre.engines.pades.existing import check_may_add
from lacre.engines.pades.form import FormBuilder, Unfit, form_of, signatures
from lacre.engines.pades.laying import Laid, Unsound, confirm_objects, lay_signature, signature_entries
from lacre.engines.pades.pages import PageTree
from lacre.engines.pades.revision import Revision, digest_of
from lacre.engines.pades.rewrite import carries_signatures, page_count, rewrite
from lacre.engines.pades.source import OpenSource, Source
from lacre.engines.pades.trial import rehearse
from lacre.signing.layout import Structure

CERTIFICATION = "Lacre"
"""The platform's own signature field."""


class _NeedsRewriting(Exception):
    """The file cannot be appended to as it is, but qpdf can make it so."""


def lay_structure(identity: Identity, spare: int, original: Path, out: Path, structure: Structure) -> Laid:
    """Copies the document and appends what people will fill; certifies it unless it came with signatures."""
    try:
        shutil.copyfile(original, out)
        return _laid(identity, spare, original, out, structure)
    except (_NeedsRewriting, Malformed, Unsound, PdfReadError):
        if carries_signatures(original):
            raise
        rewrite(original, out)
        return _laid(identity, spare, original, out, structure)


def _laid(identity: Identity, spare: int, original: Path, out: Path, structure: Structure) -> Laid:
    laid = _append(identity, spare, out, structure)
    _check_pages(original, out, structure)
    rehearse(identity, out, structure, came_signed=original if laid.hole is None else None)
    return laid


def _append(identity: Identity, spare: int, out: Path, structure: Structure) -> Laid:
    with OpenSource(out) as source:
        revision = Revision(source, source.first_free)
        if b"Encrypt" in source.trailer:
            raise _NeedsRewriting("the file is encrypted")
        if signatures(source):
            return _add_signature_fields(out, revision, structure)
        if source.get(form_of(source).get(b"NeedAppearances")) == Raw(b"true"):
            raise _NeedsRewriting("the form's fields are not drawn")
        return _add_everything(identity, spare, out, revision, structure)


def _add_signature_fields(out: Path, revision: Revision, structure: Structure) -> Laid:
    """All that a signed file bears: any other field or page would spoil the signatures it came with."""
    if structure.record is not None or any(form.fields for form in structure.forms):
        raise Unfit("a file that came with signatures takes signature fields only")
    wanted = [name for form in structure.forms for name in (form.seal_name, form.counter_name)]
    names = tuple(name for name in wanted if name)
    certified = check_may_add(revision.source, names)
    builder = FormBuilder(revision, PageTree(revision.source))
    for form in structure.forms:
        # after a certification, a new visible widget counts as a change of the page
        builder.add_signature(form.seal_name, None if certified else form.seal_place)
        if form.counter_name:
            builder.add_signature(form.counter_name, None)
    builder.finish(certified=False)
    with out.open("r+b") as file:
        revision.append_to(file)
    with OpenSource(out) as again:
        confirm_objects(again, revision.objects)
    return Laid(digest=digest_of(out), size=out.stat().st_size)


def _add_everything(
    identity: Identity, spare: int, out: Path, revision: Revision, structure: Structure
) -> Laid:
    source = revision.source
    pages = PageTree(source)
    _modernise(revision)
    builder = FormBuilder(revision, pages, _append_pages(revision, pages, structure.record))
    for form in structure.forms:
        for box in form.fields:
            builder.add_box(box)
        builder.add_signature(form.seal_name, form.seal_place)
        if form.counter_name:
            builder.add_signature(form.counter_name, None)
    for box in structure.record_fields:
        builder.add_box(box, page_offset=pages.count)
    field = builder.unused(CERTIFICATION)
    certification = builder.add_signature(field, None)
    builder.finish(certified=True)
    _certify(revision, certification, pen(identity).room + spare)
    return lay_signature(out, revision, field, identity)


def _append_pages(revision: Revision, pages: PageTree, record: bytes | None) -> list[Ref]:
    if record is None:
        return []
    importer = Importer(revision, Source(record))
    added = [importer.page(number, pages.root) for number in range(importer.pages.count)]
    root = revision.source.dictionary(pages.root)
    kids = [*revision.source.array(root.get(b"Kids")), *added]
    revision.set(pages.root, {**root, b"Kids": kids, b"Count": number(pages.count + len(added))})
    return added


def _modernise(revision: Revision) -> None:
    """PAdES is an extension of PDF 1.7: the catalog says so, as ETSI EN 319 142 wants it."""
    source = revision.source
    catalog = source.dictionary(source.root)
    stated = source.get(catalog.get(b"Version"))
    version = max(stated.decode("ascii", "replace") if isinstance(stated, Name) else "", source.version)
    if version >= "2.0":
        return
    extensions = source.get(catalog.get(b"Extensions"))
    kept = extensions if isinstance(extensions, dict) else {}
    etsi: Dictionary = {b"BaseVersion": Name(b"1.7"), b"ExtensionLevel": number(1)}
    changed: Dictionary = {**catalog, b"Extensions": {**kept, b"ESIC": etsi}, b"Version": Name(b"1.7")}
    revision.set(source.root, changed)


def _certify(revision: Revision, field: Ref, room: int) -> None:
    """DocMDP P=2 as the ITI validator reads it: indirect references, no `/Perms`, no `/M`."""
    parameters: Dictionary = {
        b"Type": Name(b"TransformParams"),
        b"P": number(2),
        b"V": Name(b"1.2"),
    }
    reference: Dictionary = {
        b"Type": Name(b"SigRef"),
        b"TransformMethod": Name(b"DocMDP"),
        b"TransformParams": revision.add(parameters),
    }
    entries: Dictionary = {**signature_entries(name="Lacre"), b"Reference": [revision.add(reference)]}
    signature = revision.add_signature(entries, room)
    widget = revision.objects[field]
    if not isinstance(widget, dict):
        raise Unsound("the certification has no field")
    revision.set(field, {**widget, b"V": signature})


def _check_pages(original: Path, out: Path, structure: Structure) -> None:
    """qpdf, which shares no code with us, reads the file and counts its pages."""
    added = 0
    if structure.record is not None:
        record = Source(structure.record)
        added = PageTree(record).count
    if page_count(out) != page_count(original) + added:
        raise Unsound("the pages are not those that were there before")
