"""Files that came with signatures: they stay valid, or the file is refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm

from lacre.engines.pades import PyhankoSealer, PyhankoVerifier
from lacre.signing.layout import Structure
from lacre.signing.ports import ActToSeal, Sealed, SealFailed
from tests.support import pdfs, sealing
from tests.support.earlier_signatures import signed_elsewhere


def test_an_earlier_signature_stays_valid_under_ours(
    sealer: PyhankoSealer, verifier: PyhankoVerifier, tmp_path: Path, out: Path
) -> None:
    original = pdfs.written(tmp_path, signed_elsewhere(pdfs.contract_pdf()))

    prepared = sealer.prepare(original, out, _signatures_only())
    assert isinstance(prepared, Sealed)
    assert (prepared.level, prepared.wanted) == ("", "")
    for signer in ("ana", "bruno"):
        assert isinstance(sealer.seal(out, _visible_act(signer)), Sealed)

    judged = verifier.verify(out)
    assert judged.all_valid
    assert [found.ours for found in judged.signatures] == [False, True, True]
    assert sealing.valid_by_poppler(out) == 3
    assert sealing.clean_by_qpdf(out)
    assert out.read_bytes().startswith(original.read_bytes())


def test_a_certified_file_takes_invisible_signatures_and_stays_valid(
    sealer: PyhankoSealer, verifier: PyhankoVerifier, tmp_path: Path, out: Path
) -> None:
    certified = signed_elsewhere(pdfs.contract_pdf(), permission=MDPPerm.FILL_FORMS)
    original = pdfs.written(tmp_path, certified)

    assert isinstance(sealer.prepare(original, out, _signatures_only()), Sealed)
    assert isinstance(sealer.seal(out, _visible_act("ana")), Sealed)

    assert verifier.verify(out).all_valid
    assert sealing.valid_by_poppler(out) == 2


def test_a_file_certified_as_final_is_refused(sealer: PyhankoSealer, tmp_path: Path, out: Path) -> None:
    final = signed_elsewhere(pdfs.contract_pdf(), permission=MDPPerm.NO_CHANGES)

    refused = sealer.prepare(pdfs.written(tmp_path, final), out, _signatures_only())

    assert isinstance(refused, SealFailed)
    assert not refused.retry
    assert "certified as final" in refused.reason


def test_a_signature_that_locks_every_field_is_respected(
    sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    locked = signed_elsewhere(pdfs.contract_pdf(), lock=FieldMDPSpec(FieldMDPAction.ALL))

    refused = sealer.prepare(pdfs.written(tmp_path, locked), out, _signatures_only())

    assert isinstance(refused, SealFailed)
    assert "locks the fields" in refused.reason


@pytest.mark.parametrize("record", [True, False])
def test_a_signed_file_takes_no_other_field_and_no_page(
    record: bool, sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    original = pdfs.written(tmp_path, signed_elsewhere(pdfs.contract_pdf()))

    refused = sealer.prepare(original, out, sealing.structure(record=record))

    assert isinstance(refused, SealFailed)
    assert "signature fields only" in refused.reason


def test_a_file_that_we_sealed_can_be_signed_again_by_others(
    sealer: PyhankoSealer, verifier: PyhankoVerifier, tmp_path: Path, out: Path
) -> None:
    first = tmp_path / "primeira.pdf"
    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), first, sealing.structure(["ana"]))
    sealer.seal(first, sealing.act("ana"))

    assert isinstance(sealer.prepare(first, out, sealing.bare_structure("carla")), Sealed)
    assert isinstance(sealer.seal(out, sealing.bare_act("carla")), Sealed)

    assert verifier.verify(out).all_valid
    assert sealing.valid_by_poppler(out) == 3


def test_a_field_name_that_is_taken_is_refused(sealer: PyhankoSealer, tmp_path: Path, out: Path) -> None:
    first = tmp_path / "primeira.pdf"
    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), first, sealing.structure(["ana"]))

    refused = sealer.prepare(first, out, sealing.bare_structure("ana"))

    assert isinstance(refused, SealFailed)
    assert "already has a form field called seal-ana" in refused.reason


def _signatures_only() -> Structure:
    forms = sealing.structure(record=False).forms
    return Structure(forms=tuple(replace(form, fields=()) for form in forms))


def _visible_act(signer: str) -> ActToSeal:
    whole = sealing.act(signer, record=False)
    shown = replace(whole.appearances, pages={whole.seal_name: 0})
    return replace(whole, appearances=shown, values={})
