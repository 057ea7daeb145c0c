"""What comes in as it is, what comes in repaired, and what stays outside and why."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pikepdf
import pytest
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm

from lacre.engines.intake.door import PdfIntake
from lacre.engines.intake.looks import changed_page
from lacre.engines.sandbox import Sandbox
from lacre.signing.layout import PageSize
from lacre.signing.ports import Accepted, Unusable
from tests.engines.intake.conftest import Admit
from tests.support.earlier_signatures import signed_elsewhere
from tests.support.hostile_pdfs import laughing_pdf, numbered_pdf, raw_pdf
from tests.support.pdfs import (
    A4,
    broken_pdf,
    contract_pdf,
    cropped_pdf,
    crowded_pdf,
    form_pdf,
    locked_pdf,
    rotated_pdf,
    scanned_pdf,
    written,
)


def test_a_sound_contract_comes_in_as_it_is(intake: PdfIntake, tmp_path: Path) -> None:
    upload = written(tmp_path, contract_pdf(2))

    accepted = intake.admit(upload)

    assert isinstance(accepted, Accepted)
    assert accepted.file == upload
    assert accepted.size == upload.stat().st_size
    assert accepted.digest == hashlib.sha256(upload.read_bytes()).hexdigest()
    assert (accepted.repaired, accepted.signatures) == (False, 0)


@pytest.mark.parametrize(
    "content",
    [scanned_pdf(3), form_pdf(), crowded_pdf(200, object_streams=True), contract_pdf(10)],
    ids=["scan", "form", "object streams", "ten pages"],
)
def test_ordinary_files_come_in_as_they_are(admit: Admit, content: bytes) -> None:
    accepted = admit(content)

    assert isinstance(accepted, Accepted)
    assert not accepted.repaired


def test_pages_are_measured_as_they_are_shown(admit: Admit) -> None:
    turned, cropped = admit(rotated_pdf((0, 90))), admit(cropped_pdf((100, 150, 500, 700), rotation=270))

    assert isinstance(turned, Accepted)
    assert [round(page.width) for page in turned.pages] == [round(A4[0]), round(A4[1])]
    assert isinstance(cropped, Accepted)
    assert cropped.pages == (PageSize(550, 400),)


def test_a_broken_file_is_repaired_and_looks_the_same(intake: PdfIntake, tmp_path: Path) -> None:
    upload = written(tmp_path, broken_pdf())

    accepted = intake.admit(upload)

    assert isinstance(accepted, Accepted)
    assert accepted.repaired
    assert accepted.file != upload
    assert accepted.digest == hashlib.sha256(accepted.file.read_bytes()).hexdigest()
    assert changed_page(upload, accepted.file, seconds=10) is None


def test_a_file_locked_against_changes_only_is_unlocked(admit: Admit) -> None:
    accepted = admit(encrypted("", owner="dono"))

    assert isinstance(accepted, Accepted)
    assert accepted.repaired
    with pikepdf.open(accepted.file) as pdf:
        assert not pdf.is_encrypted


def test_a_form_that_only_decorates_itself_with_xfa_loses_it(admit: Admit) -> None:
    accepted = admit(raw_pdf(catalog=b"/AcroForm << /Fields [] /XFA 4 0 R >>"))

    assert isinstance(accepted, Accepted)
    with pikepdf.open(accepted.file) as pdf:
        assert "/XFA" not in pdf.Root.AcroForm


def test_fields_left_to_each_reader_are_drawn_once_and_for_all(intake: PdfIntake, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(form_pdf())) as pdf:
        pdf.Root.AcroForm["/NeedAppearances"] = True
        pdf.save(tmp_path / "form.pdf")

    accepted = intake.admit(tmp_path / "form.pdf")

    assert isinstance(accepted, Accepted)
    with pikepdf.open(accepted.file) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        assert "/AP" in pdf.Root.AcroForm.Fields[0]


def test_a_password_is_refused(admit: Admit) -> None:
    assert code(admit(locked_pdf())) == "password"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 a DOCX", b"<html>" * 400], ids=["empty", "zip", "html"]
)
def test_what_is_no_pdf_is_refused(admit: Admit, content: bytes) -> None:
    assert code(admit(content)) == "not_a_pdf"


def test_half_a_pdf_is_refused(admit: Admit) -> None:
    assert code(admit(contract_pdf(1)[:300])) == "broken"


def test_no_pages_is_refused(admit: Admit) -> None:
    nothing = numbered_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")

    assert code(admit(nothing)) in {"no_pages", "broken"}


def test_a_page_that_nobody_can_show_is_refused(admit: Admit) -> None:
    assert code(admit(raw_pdf(page=b"/CropBox [0 0 1 1]"))) == "broken"


def test_a_file_above_the_limit_is_refused_unread(sandbox: Sandbox, tmp_path: Path) -> None:
    small = PdfIntake(sandbox, 100, tmp_path / "scratch")

    verdict = small.admit(written(tmp_path, contract_pdf(1)))

    assert isinstance(verdict, Unusable)
    assert verdict.code == "too_large"


def test_a_file_that_takes_too_long_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    impatient = PdfIntake(sandbox, 5_000_000, tmp_path / "scratch", seconds=1)

    assert code(impatient.admit(written(tmp_path, laughing_pdf()))) == "too_slow"


def test_earlier_signatures_are_counted_and_the_file_left_alone(intake: PdfIntake, tmp_path: Path) -> None:
    twice = signed_elsewhere(signed_elsewhere(contract_pdf(1)), field="Outra")
    upload = written(tmp_path, twice)

    accepted = intake.admit(upload)

    assert isinstance(accepted, Accepted)
    assert accepted.signatures == 2
    assert accepted.file == upload
    assert upload.read_bytes() == twice


def test_a_signed_file_is_never_repaired(admit: Admit) -> None:
    signed = signed_elsewhere(contract_pdf(1))
    broken = signed[: signed.rindex(b"startxref")] + b"startxref\n99999999\n%%EOF\n"

    assert code(admit(broken)) == "broken"


def test_a_certification_that_allows_signatures_comes_in(admit: Admit) -> None:
    accepted = admit(signed_elsewhere(contract_pdf(1), permission=MDPPerm.FILL_FORMS))

    assert isinstance(accepted, Accepted)
    assert accepted.signatures == 1


def test_a_certification_as_final_is_refused(admit: Admit) -> None:
    assert code(admit(signed_elsewhere(contract_pdf(1), permission=MDPPerm.NO_CHANGES))) == "certified_final"


def test_a_signature_that_locks_every_field_is_refused(admit: Admit) -> None:
    locked = signed_elsewhere(contract_pdf(1), lock=FieldMDPSpec(FieldMDPAction.ALL))

    assert code(admit(locked)) == "certified_final"


def test_nothing_but_repaired_files_is_left_behind(intake: PdfIntake, tmp_path: Path) -> None:
    for content in (contract_pdf(1), locked_pdf(), b"no", broken_pdf()):
        intake.admit(written(tmp_path, content))

    assert len(list((tmp_path / "scratch").iterdir())) == 1


def test_a_leftover_that_another_call_takes_away_meanwhile_is_no_trouble(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    # listed, and gone when one looks
    (scratch / "gone.pdf").symlink_to("nowhere")

    outcome = PdfIntake(sandbox, 5_000_000, scratch).admit(written(tmp_path, contract_pdf(1)))

    assert isinstance(outcome, Accepted)


def code(verdict: Accepted | Unusable) -> str:
    assert isinstance(verdict, Unusable), verdict
    assert verdict.reason.endswith(".")
    return verdict.code


def encrypted(user: str, *, owner: str) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(contract_pdf(1))) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(user=user, owner=owner))
    return buffer.getvalue()
