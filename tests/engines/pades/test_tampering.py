"""What was changed after a signature is never called valid."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from lacre.engines.pades import Identity, PyhankoSealer, PyhankoVerifier, SealConfig
from lacre.signing.verification import DAMAGED, NO_PDF, Verification
from tests.support import pdfs, sealing
from tests.support.earlier_signatures import signed_elsewhere
from tests.support.tampering import TAMPERINGS, Tampering, replace_the_text, restore_the_text, tampered


@pytest.fixture(scope="module")
def sealed_once(identity: Identity, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder, sealer = tmp_path_factory.mktemp("selado"), PyhankoSealer(SealConfig(identity=identity))
    out = folder / "selado.pdf"
    sealer.prepare(pdfs.written(folder, pdfs.contract_pdf(2)), out, sealing.structure(pages=2))
    sealer.seal(out, sealing.act("ana", pages=2))
    return out.read_bytes()


@pytest.fixture
def sealed(sealed_once: bytes, out: Path) -> Path:
    out.write_bytes(sealed_once)
    return out


def test_untouched_it_is_valid(sealed: Path, verifier: PyhankoVerifier) -> None:
    assert verifier.verify(sealed).all_valid


@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.9])
def test_one_bit_anywhere_breaks_the_signatures_over_it(
    part: float, sealed: Path, verifier: PyhankoVerifier
) -> None:
    content = bytearray(sealed.read_bytes())
    content[int(len(content) * part)] ^= 1
    sealed.write_bytes(content)

    assert not verifier.verify(sealed).all_valid


def test_every_byte_counts(sealed: Path, verifier: PyhankoVerifier) -> None:
    content = sealed.read_bytes()
    for at in range(0, len(content), len(content) // 25):
        sealed.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])

        assert not verifier.verify(sealed).all_valid, at


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_an_incremental_change_is_not_allowed(
    tampering: Tampering, sealed: Path, verifier: PyhankoVerifier
) -> None:
    sealed.write_bytes(tampered(sealed, tampering))

    _assert_refused(verifier.verify(sealed))


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_strangers_signature_over_a_change_does_not_heal_it(
    tampering: Tampering, sealed: Path, verifier: PyhankoVerifier
) -> None:
    sealed.write_bytes(signed_elsewhere(tampered(sealed, tampering)))

    _assert_refused(verifier.verify(sealed))


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_not_even_our_own_seal_heals_a_change(
    tampering: Tampering, sealed: Path, verifier: PyhankoVerifier, sealer: PyhankoSealer
) -> None:
    sealed.write_bytes(tampered(sealed, tampering))
    sealer.seal(sealed, sealing.act("bruno", pages=2))

    _assert_refused(verifier.verify(sealed))


def test_a_change_undone_by_a_later_one_is_still_a_change(sealed: Path, verifier: PyhankoVerifier) -> None:
    """What an intermediate revision showed, somebody may have signed."""
    sealed.write_bytes(tampered(sealed, replace_the_text))
    sealed.write_bytes(tampered(sealed, restore_the_text))

    _assert_refused(verifier.verify(sealed))


def test_a_file_written_anew_has_no_valid_signature(sealed: Path, verifier: PyhankoVerifier) -> None:
    with pikepdf.open(sealed) as pdf:
        pdf.save(sealed.with_name("novo.pdf"))

    assert not verifier.verify(sealed.with_name("novo.pdf")).all_valid


def test_bytes_after_the_end_are_noticed(sealed: Path, verifier: PyhankoVerifier) -> None:
    sealed.write_bytes(sealed.read_bytes() + b"\n9 0 obj\n<</Type /Page>>\nendobj\n")

    assert not verifier.verify(sealed).all_valid


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", NO_PDF),
        (b"nada disto", NO_PDF),
        (b"%PDF-1.7\n", DAMAGED),
        (b"%PDF-1.7\nstartxref\n0\n%%EOF\n", DAMAGED),
    ],
)
def test_what_is_no_pdf_is_a_problem_not_a_crash(
    content: bytes, problem: str, tmp_path: Path, verifier: PyhankoVerifier
) -> None:
    judged = verifier.verify(pdfs.written(tmp_path, content))

    assert judged.problem.partition(" (")[0] == problem
    assert not judged.all_valid


def test_a_file_without_signatures_is_not_valid(tmp_path: Path, verifier: PyhankoVerifier) -> None:
    judged = verifier.verify(pdfs.written(tmp_path, pdfs.contract_pdf()))

    assert judged.signatures == ()
    assert not judged.all_valid


def _assert_refused(judged: Verification) -> None:
    assert not judged.all_valid
    assert judged.problem or any(found.changes_after == "not_allowed" for found in judged.signatures)
