"""Writes a PDF anew with qpdf: a sound structure, no encryption, the same pages."""

from __future__ import annotations

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
        _leave_out_garbled_metadata(pdf)
        # qpdf puts the right number here, but only where the broken file had one at all
        pdf.trailer["/Size"] = 1
        pdf.save(repaired, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.preserve)


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


def _leave_out_garbled_metadata(pdf: pikepdf.Pdf) -> None:
    """pyHanko reads it with every signature, and stumbles."""
    metadata = pdf.Root.get("/Metadata")
    if isinstance(metadata, pikepdf.Stream):
        try:
            ElementTree.fromstring(metadata.read_bytes())  # noqa: S314 - in a bounded child process
        except (ElementTree.ParseError, pikepdf.PdfError):
            del pdf.Root["/Metadata"]
