"""The everyday case: two people sign one after the other, and every judge agrees."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pyhanko.sign.diff_analysis import ModificationLevel

from lacre.engines.pades import Identity, PyhankoSealer, PyhankoVerifier
from lacre.signing.ports import Sealed, SealFailed
from tests.support import pdfs, sealing

LONG_NAME = "José Conceição d’Ávila Łukasz 测试 Ωμέγα 👍"


@pytest.fixture
def sealed(sealer: PyhankoSealer, tmp_path: Path, out: Path) -> Path:
    original = pdfs.written(tmp_path, pdfs.contract_pdf(3))
    assert isinstance(sealer.prepare(original, out, sealing.structure(pages=3)), Sealed)
    assert isinstance(sealer.seal(out, sealing.act("ana", pages=3)), Sealed)
    assert isinstance(sealer.seal(out, sealing.act("bruno", pages=3, name=LONG_NAME)), Sealed)
    return out


def test_every_signature_is_valid_for_poppler_and_the_file_is_clean_for_qpdf(sealed: Path) -> None:
    assert sealing.valid_by_poppler(sealed) == 3
    assert sealing.clean_by_qpdf(sealed)


def test_pyhanko_judges_the_later_acts_form_filling_only(sealed: Path, identity: Identity) -> None:
    judged = sealing.judged_by_pyhanko(sealed, identity.chain[-1])

    assert judged == [
        ("Lacre", True, ModificationLevel.FORM_FILLING, True),
        ("seal-ana", True, ModificationLevel.FORM_FILLING, True),
        ("seal-bruno", True, ModificationLevel.NONE, True),
    ]


def test_our_verifier_says_who_signed_and_that_all_holds(sealed: Path, verifier: PyhankoVerifier) -> None:
    judged = verifier.verify(sealed)

    assert judged.all_valid
    assert [found.stated_name for found in judged.signatures] == ["Lacre", "Ana", LONG_NAME]
    assert [found.changes_after for found in judged.signatures] == ["form_filling", "form_filling", "none"]
    assert [found.certifies for found in judged.signatures] == [True, False, False]
    assert all(found.ours and found.trusted for found in judged.signatures)
    assert "not by ICP-Brasil" in judged.signatures[0].trust_note


def test_the_original_is_still_the_beginning_of_the_file(sealed: Path) -> None:
    assert sealed.read_bytes().startswith(pdfs.contract_pdf(3))


def test_what_was_filled_can_be_read_as_text(sealed: Path) -> None:
    with pypdfium2.PdfDocument(sealed) as pdf:
        pdf.init_forms()
        assert len(pdf) == 4
        values = sealed.read_bytes()

    assert LONG_NAME.encode("utf-16-be").hex().upper().encode() in values


def test_the_digest_told_is_that_of_the_file(sealer: PyhankoSealer, tmp_path: Path, out: Path) -> None:
    import hashlib

    original = pdfs.written(tmp_path, pdfs.contract_pdf())

    prepared = sealer.prepare(original, out, sealing.structure(record=False))
    assert isinstance(prepared, Sealed)
    assert prepared.digest == hashlib.sha256(out.read_bytes()).hexdigest()

    done = sealer.seal(out, sealing.act(record=False))
    assert isinstance(done, Sealed)
    assert (done.digest, done.size) == (hashlib.sha256(out.read_bytes()).hexdigest(), out.stat().st_size)


def test_the_same_act_cannot_be_sealed_twice(sealed: Path, sealer: PyhankoSealer) -> None:
    again = sealer.seal(sealed, sealing.act("ana", pages=3))

    assert again == SealFailed(reason="seal-ana is signed already", retry=False)


def test_an_act_over_unknown_fields_is_refused(sealed: Path, sealer: PyhankoSealer) -> None:
    refused = sealer.seal(sealed, sealing.act("carla", record=False))

    assert isinstance(refused, SealFailed)
    assert not refused.retry
    assert "carla.initials0" in refused.reason


def test_the_certification_has_the_shape_that_the_iti_validator_wants(sealed: Path) -> None:
    content = sealed.read_bytes()

    assert b"/Perms" not in content
    assert b"/M " not in content.replace(b"/MK", b"").replace(b"/MediaBox", b"")
    assert b"/Reference [" in content
    assert content.count(b"/ETSI.CAdES.detached") == 3
