"""A void copy shows what was there, says that it is void, and claims no signature."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from lacre.engines.pades import PyhankoSealer, PyhankoVerifier, SealConfig, load_or_create_certificate
from lacre.engines.sandbox import Sandbox
from lacre.engines.typeset.typesetter import TypstTypesetter
from lacre.engines.voiding import PikepdfVoider, write_void
from lacre.signing.ports import Sealed, SealFailed
from tests.support.pdfs import contract_pdf
from tests.support.sealing import structure


@pytest.mark.parametrize(
    ("language", "says"), [("pt-br", "recusado"), ("en", "refused"), ("es", "rechazado")]
)
def test_every_page_says_so_over_what_was_there(tmp_path: Path, language: str, says: str) -> None:
    (tmp_path / "in.pdf").write_bytes(contract_pdf(pages=2))

    write_void(tmp_path / "in.pdf", tmp_path / "out.pdf", TypstTypesetter().void_mark(language))

    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "out.pdf")]
    assert len(pages) == 2
    assert all(says in page and "folha" in page for page in pages)


def test_a_sealed_file_no_longer_claims_to_be_signed(tmp_path: Path) -> None:
    seal = SealConfig(identity=load_or_create_certificate(tmp_path))
    (tmp_path / "in.pdf").write_bytes(contract_pdf())
    prepared = PyhankoSealer(seal).prepare(
        tmp_path / "in.pdf", tmp_path / "sealed.pdf", structure(record=False)
    )
    assert isinstance(prepared, Sealed)

    write_void(tmp_path / "sealed.pdf", tmp_path / "out.pdf", TypstTypesetter().void_mark("pt-br"))

    assert PyhankoVerifier(seal).verify(tmp_path / "out.pdf").signatures == ()
    with pikepdf.open(tmp_path / "out.pdf") as written:
        assert "/AcroForm" not in written.Root


def test_a_file_that_is_broken_is_a_failure_and_not_tried_again(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(b"%PDF nothing")

    with Sandbox(1) as sandbox:
        failed = PikepdfVoider(sandbox).void(tmp_path / "in.pdf", tmp_path / "out.pdf", mark=b"%PDF")

    assert isinstance(failed, SealFailed)
    assert failed.retry is False
