"""Writes a PDF anew with qpdf: a sound structure, no encryption, the same pages."""

from __future__ import annotations

import contextlib
from pathlib import Path
from xml.etree import ElementTree

import pikepdf

from lacre.engines.shown_pages import opened, page_of


def rewrite(broken: Path, repaired: Path, *, draw_fields: bool = False) -> None:
    """Never for a file that carries signatures: every byte of it moves.

    `draw_fields` is for forms that leave it to each reader: they get the looks that pdfium gives them.
    """
    if draw_fields:
        _draw_fields(broken, repaired)
    source = repaired if draw_fields else broken
    with pikepdf.open(source, inherit_page_attributes=False, allow_overwriting_input=True) as pdf:
        _leave_out_extras(pdf)
        _settle_metadata(pdf)
        # qpdf puts the right number here, but only where the broken file had one at all
        pdf.trailer["/Size"] = 1
        pdf.save(repaired, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.preserve)


def leave_out_tags(repaired: Path) -> None:
    """A tag tree that goes in circles cannot be read, so nothing can be proved about the file's changes."""
    with pikepdf.open(repaired, inherit_page_attributes=False, allow_overwriting_input=True) as pdf:
        for key in ("/StructTreeRoot", "/MarkInfo"):
            if key in pdf.Root:
                del pdf.Root[key]
        pdf.save(repaired)


def _draw_fields(form: Path, drawn: Path) -> None:
    with opened(form) as document:
        for number in range(len(document)):
            with page_of(document, number):
                pass  # the fields of a page are drawn when it is loaded
        document.save(drawn)


def _leave_out_extras(pdf: pikepdf.Pdf) -> None:
    """XFA would hide our fields from Adobe's reader; usage rights would have it call the file altered."""
    form = pdf.Root.get("/AcroForm")
    for extra in ("/XFA", "/NeedAppearances"):
        if isinstance(form, pikepdf.Dictionary) and extra in form:
            del form[extra]
    if "/Perms" in pdf.Root:
        del pdf.Root["/Perms"]


def _settle_metadata(pdf: pikepdf.Pdf) -> None:
    """pyHanko reads it with every signature, and calls changes suspicious where it is not today's XMP."""
    metadata = pdf.Root.get("/Metadata")
    if not isinstance(metadata, pikepdf.Stream):
        return
    try:
        found = metadata.read_bytes()
        root = ElementTree.fromstring(found)  # noqa: S314 - in a bounded child process
    except (ElementTree.ParseError, pikepdf.PdfError, ValueError):
        del pdf.Root["/Metadata"]
        return
    if root.tag != _XMP or not _is_utf8(found):
        metadata.write(_as_xmp(root))


_XMP = "{adobe:ns:meta/}xmpmeta"


def _is_utf8(found: bytes) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        return bool(found.decode())
    return False


def _as_xmp(root: ElementTree.Element) -> bytes:
    if root.tag == _XMP:
        return ElementTree.tostring(root)
    wrapped = ElementTree.Element(_XMP)
    wrapped.append(root)
    return ElementTree.tostring(wrapped)
