"""POST validate-pdf-signature: any PDF, judged, for anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lacre.dialects.zapsign.routes.validating import problem_of, shown
from lacre.engines.pades import PyhankoSealer
from lacre.signing.verification import SignatureFound, Verification
from tests.support.pdfs import contract_pdf
from tests.support.sealing import act, structure
from tests.support.zapsign_desk import Desk

OURS = "Lacre de teste"
PATH = "/api/v1/validate-pdf-signature"
FOUND = SignatureFound(
    field="Signer1",
    signer=OURS,
    stated_name="",
    reason="",
    signed_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    timestamped=False,
    level="B-B",
    intact=True,
    trusted=True,
    trust_note="",
    covers_whole_file=True,
    certifies=False,
    changes_after="none",
    ours=True,
)


@pytest.mark.parametrize(
    ("verification", "says"),
    [
        (Verification(signatures=()), "Document does not contain digital signatures"),
        (
            Verification(signatures=(replace(FOUND, intact=False),)),
            "Signature `Signer1` is not cryptographically valid",
        ),
        (
            Verification(signatures=(replace(FOUND, changes_after="not_allowed"),)),
            "Signature `Signer1` is not cryptographically valid",
        ),
        (
            Verification(signatures=(replace(FOUND, ours=False),)),
            "Certificate validation failed: CN is not Lacre de teste",
        ),
        (
            Verification(signatures=(replace(FOUND, covers_whole_file=False, changes_after="annotations"),)),
            "Signature `Signer1` does not cover the whole document",
        ),
        (
            Verification(signatures=(FOUND,), unsigned=("Signer2",)),
            "Signature `Signer1` not valid because the document contains pending signature indicators",
        ),
        (Verification(signatures=(), problem="encrypted"), "Untracked exception: encrypted"),
        (Verification(signatures=(FOUND,)), None),
    ],
)
def test_what_is_wrong_is_said_in_their_words(verification: Verification, says: str | None) -> None:
    assert problem_of(verification, authority=OURS) == says


@pytest.mark.parametrize(
    ("signing", "says"),
    [
        (("ana", "bruno"), "Document signed correctly (CN="),
        (("ana",), "Signature `seal-ana` not valid because the document contains pending signature"),
    ],
)
def test_a_file_that_was_sealed_here_is_judged_by_whether_all_have_signed(
    desk: Desk, tmp_path: Path, signing: tuple[str, ...], says: str
) -> None:
    sealer = desk.services.stamper
    assert isinstance(sealer, PyhankoSealer)
    (tmp_path / "in.pdf").write_bytes(contract_pdf(pages=1))
    sealed = tmp_path / "sealed.pdf"
    sealer.prepare(tmp_path / "in.pdf", sealed, structure(("ana", "bruno"), record=False))
    for signer in signing:
        sealer.seal(sealed, act(signer, record=False))

    said = desk.client.post(PATH, files={"file": ("s.pdf", sealed.read_bytes())}).json()

    assert said["isValid"] is (len(signing) == 2)
    assert said["message"].startswith(says)
    assert said["commonName"] == desk.services.authority.name
    assert said["authority"] not in ("", "N/A")
    # no timestamp server has said when
    assert said["signingDate"] == "N/A"


def test_the_date_is_the_timestamps() -> None:
    assert shown(FOUND)["signingDate"] == "11/23/2026 12:00:00"


def test_a_pdf_without_signatures_is_not_valid(desk: Desk) -> None:
    answer = desk.client.post(PATH, files={"file": ("c.pdf", contract_pdf())}, headers={"Authorization": ""})

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "isValid": False,
            "message": "Document does not contain digital signatures",
            "authority": "N/A",
            "signingDate": "N/A",
            "commonName": "N/A",
        },
    )


def test_what_is_no_pdf_has_the_wrong_header(desk: Desk) -> None:
    answer = desk.client.post(f"{PATH}/", files={"file": ("c.txt", b"text")})

    assert answer.json()["message"] == "Untracked exception: Incorrect file header"


@pytest.mark.parametrize(
    "body", [{}, {"json": {"file": "x"}}, {"data": {"file": "x"}}, {"files": {"other": b"%PDF"}}]
)
def test_without_a_file_it_is_400(desk: Desk, body: dict[str, object]) -> None:
    answer = desk.client.post(PATH, **body)  # type: ignore[arg-type]

    assert (answer.status_code, answer.json()) == (400, {"error": "Nenhum arquivo foi enviado."})


def test_a_form_that_is_none_is_400(desk: Desk) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    assert desk.client.post(PATH, content=b"nonsense", headers=headers).status_code == 400
