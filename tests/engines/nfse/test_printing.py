"""The DANFSe: one page that every reader of PDFs takes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pypdfium2

from lacre.engines.nfse import DanfsePrinter
from lacre.fiscal.note import Amounts, Iss
from lacre.fiscal.particulars import Suspension, Works
from tests.support.sefin import SefinDesk


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        found: str = document[0].get_textpage().get_text_bounded()
        return found
    finally:
        document.close()


def test_a_note_is_printed_and_qpdf_finds_nothing_wrong(desk: SefinDesk, tmp_path: Path) -> None:
    note = desk.issued()
    file = tmp_path / "danfse.pdf"

    file.write_bytes(DanfsePrinter().print(note.xml))

    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    text = text_of(file.read_bytes())
    for wanted in (note.key, "Ana Souza", "1.250,40", "Curitiba / PR", "SEM VALIDADE JURÍDICA"):
        assert wanted in text


def test_a_cancelled_note_says_so_across_the_page(desk: SefinDesk) -> None:
    text = text_of(DanfsePrinter().print(desk.issued().xml, cancelled=True))

    assert "CANCELADA" in text.upper().replace(" ", "")


def test_a_replaced_note_says_so_with_the_key_of_the_other(desk: SefinDesk) -> None:
    key = "4106902" + "7" * 43

    text = text_of(DanfsePrinter().print(desk.issued().xml, cancelled=True, replaced_by=key))

    assert "SUBSTITUÍDA" in text
    assert f"pela NFS-e {key}" in text
    assert "CANCELADA" not in text


def test_signs_that_the_fonts_lack_do_not_stop_the_printer(desk: SefinDesk) -> None:
    service = replace(desk.new_note().service, description="Aula 漢字 🎸 — R$ 10")

    text = text_of(DanfsePrinter().print(desk.issued(service=service).xml))

    assert "Aula" in text


def test_works_deductions_and_a_suspension_are_on_the_paper(desk: SefinDesk) -> None:
    works = {
        "service": replace(desk.new_note().service, national_code="070202"),
        "works": Works(code="12.345.67890/12"),
        "amounts": Amounts(service=Decimal("1000"), deduction_rate=Decimal("10")),
    }
    suspended = {"iss": Iss(suspension=Suspension(kind="1", process="50012345620268160000"))}

    told = text_of(DanfsePrinter().print(desk.issued(**works).xml))
    kept = text_of(DanfsePrinter().print(desk.issued(**suspended).xml))

    assert "12.345.67890/12" in told
    assert "100,00" in told
    assert f"{'50012345620268160000':0>30}" in kept


def test_the_logo_is_no_larger_than_the_paper_shows(desk: SefinDesk) -> None:
    assert len(DanfsePrinter().print(desk.issued().xml)) < 60_000


def test_a_preview_shows_what_is_to_be_issued_and_has_no_number(desk: SefinDesk) -> None:
    text = text_of(DanfsePrinter().preview(desk.draft(), issuer_name="PAPELARIA SOUZA LTDA"))

    for wanted in ("PAPELARIA SOUZA LTDA", "Curitiba / PR", "1.250,40", "0" * 50, "SEM VALIDADE JURÍDICA"):
        assert wanted in text
