"""A file written anew by qpdf: makes odd but unsigned files fit for appending, every page as it was."""

from __future__ import annotations

from pathlib import Path

import pikepdf


def rewrite(original: Path, out: Path) -> None:
    """Sound cross-reference, no encryption, and every form field drawn; only for files without signatures."""
    with pikepdf.open(original, inherit_page_attributes=False) as pdf:
        # does nothing unless the form asks for it, and then takes that wish away
        pdf.generate_appearance_streams()
        # qpdf writes the right size, but only where there was one
        pdf.trailer["/Size"] = 0
        pdf.save(out, fix_metadata_version=False, encryption=False)


def carries_signatures(path: Path) -> bool:
    """Whether any field is signed; errs on the side of saying so."""
    try:
        with pikepdf.open(path, inherit_page_attributes=False) as pdf:
            return any(_is_signature(found) for found in pdf.objects)
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return True


def page_count(path: Path) -> int:
    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        return len(pdf.pages)


def _is_signature(found: pikepdf.Object) -> bool:
    return isinstance(found, pikepdf.Dictionary) and "/ByteRange" in found and "/Contents" in found
