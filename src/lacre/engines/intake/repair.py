"""Writes a PDF anew with qpdf: a sound structure, no encryption, the same pages."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pikepdf


def rewrite(broken: Path, repaired: Path) -> None:
    """Never for a file that carries signatures: every byte of it moves."""
    with pikepdf.open(broken, inherit_page_attributes=False) as pdf:
        _leave_out_extras(pdf)
        _leave_out_garbled_metadata(pdf)
        # qpdf puts the right number here, but only where the broken file had one at all
        pdf.trailer["/Size"] = 1
        pdf.save(repaired, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.preserve)


def _leave_out_extras(pdf: pikepdf.Pdf) -> None:
    """XFA would hide our fields from Adobe's reader; usage rights would have it call the file altered."""
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        del form["/XFA"]
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
