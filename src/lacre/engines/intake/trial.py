"""Whether a file takes signature fields: tried on a copy, which three libraries must then understand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields
from pypdfium2 import raw as pdfium

from lacre.engines.shown_pages import opened

Trial: TypeAlias = Callable[[Path, Path, bool], str]
"""Seals a file into a copy as it will be sealed for real; the flag says that it came with signatures.

Empty when that went well, otherwise what went wrong.
"""

_FIRST, _LAST = "lacre-trial-first", "lacre-trial-last"


def try_fields(file: Path, copy: Path, _signed: bool) -> str:
    """A `Trial` that needs no seal."""
    shutil.copyfile(file, copy)
    before = _seen_by_pdfium(copy)
    try:
        _add_fields(copy)
        seen = _seen_by_pyhanko(copy) and _seen_by_qpdf(copy)
    except Exception as error:  # noqa: BLE001 - raw exceptions of every kind leak over broken files
        return f"{type(error).__name__}: {error}"
    return "" if seen and _seen_by_pdfium(copy) == before + 2 else "readers do not see the fields added to it"


def _add_fields(copy: Path) -> None:
    with copy.open("r+b") as stream:
        writer = IncrementalPdfFileWriter(stream, strict=False)
        append_signature_field(writer, SigFieldSpec(_FIRST, on_page=0))
        append_signature_field(writer, SigFieldSpec(_LAST, on_page=-1))
        writer.write_in_place()  # type: ignore[no-untyped-call]


def _seen_by_pyhanko(copy: Path) -> bool:
    with copy.open("rb") as stream:
        fields = {name for name, _, _ in enumerate_sig_fields(PdfFileReader(stream, strict=False))}
    return {_FIRST, _LAST} <= fields


def _seen_by_qpdf(copy: Path) -> bool:
    with pikepdf.open(copy, inherit_page_attributes=False) as pdf:
        return {_FIRST, _LAST} <= {str(field.get("/T", "")) for field in pdf.Root.AcroForm.Fields}


def _seen_by_pdfium(copy: Path) -> int:
    with opened(copy) as document:
        return int(pdfium.FPDF_GetSignatureCount(document))
