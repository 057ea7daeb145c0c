"""A file written anew by qpdf: makes odd but unsigned files fit for appending, every page as it was."""

from __future__ import annotations

from pathlib import Path

import pikepdf


def rewrite(original: Path, out: Path) -> None:
    """Sound cross-reference, no encryption, and every form field drawn; only for files without signatures."""
    with pikepdf.open(original, inherit_page_attributes=False) as pdf:
        if b"NeedAppearances" in _form_keys(pdf):
            pdf.generate_appearance_streams()
            del pdf.Root.AcroForm["/NeedAppearances"]
        pdf.save(out, fix_metadata_version=False, encryption=False)


def carries_signatures(path: Path) -> bool:
    """Whether any field is signed; errs on the side of saying so."""
    try:
        with pikepdf.open(path, inherit_page_attributes=False) as pdf:
            return any(_is_signature(found) for found in pdf.objects)
    except pikepdf.PdfError:
        return True


def page_count(path: Path) -> int:
    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        return len(pdf.pages)


def _form_keys(pdf: pikepdf.Pdf) -> set[bytes]:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return set()
    return {key.removeprefix("/").encode() for key in form.keys()}  # noqa: SIM118 - not a mapping


def _is_signature(found: pikepdf.Object) -> bool:
    return isinstance(found, pikepdf.Dictionary) and "/ByteRange" in found and "/Contents" in found
