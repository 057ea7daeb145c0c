"""With a timestamp server that answers, that fails, and that comes back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from lacre.engines.pades import PyhankoSealer, PyhankoVerifier, SealConfig
from lacre.signing.ports import Sealed, SealFailed
from tests.support import pdfs, sealing
from tests.support.pki import PlainTransport, TimestampServer


@pytest.fixture
def stamping(config: SealConfig, tsa: TimestampServer) -> PyhankoSealer:
    return PyhankoSealer(replace(config, timestamp_url=tsa.url, transport=PlainTransport()))


@pytest.fixture
def prepared(stamping: PyhankoSealer, tmp_path: Path, out: Path) -> Path:
    original = pdfs.written(tmp_path, pdfs.contract_pdf())
    assert isinstance(stamping.prepare(original, out, sealing.structure(record=False)), Sealed)
    return out


def test_a_server_that_answers_gives_level_b_t(
    stamping: PyhankoSealer, verifier: PyhankoVerifier, prepared: Path
) -> None:
    sealed = stamping.seal(prepared, sealing.act(record=False))

    assert isinstance(sealed, Sealed)
    assert (sealed.level, sealed.wanted) == ("B-T", "B-T")
    assert sealed.digest == hashlib.sha256(prepared.read_bytes()).hexdigest()
    judged = verifier.verify(prepared)
    assert judged.all_valid
    assert all(found.timestamped and found.level == "B-T" for found in judged.signatures)
    assert all(found.signed_at is not None for found in judged.signatures)
    assert sealing.valid_by_poppler(prepared) == 2


@pytest.mark.parametrize("mode", ["down", "refused", "nonsense", "stale"])
def test_a_failing_server_leaves_a_valid_b_b_and_an_upgrade_owed(
    mode: str, stamping: PyhankoSealer, verifier: PyhankoVerifier, prepared: Path, tsa: TimestampServer
) -> None:
    tsa.mode = mode

    sealed = stamping.seal(prepared, sealing.act(record=False))

    assert isinstance(sealed, Sealed)
    assert (sealed.level, sealed.wanted) == ("B-B", "B-T")
    judged = verifier.verify(prepared)
    assert judged.all_valid
    assert [found.timestamped for found in judged.signatures] == [True, False]
    assert sealing.valid_by_poppler(prepared) == 2


def test_the_upgrade_owed_is_made_when_the_server_is_back(
    stamping: PyhankoSealer, verifier: PyhankoVerifier, prepared: Path, tsa: TimestampServer
) -> None:
    tsa.mode = "down"
    stamping.seal(prepared, sealing.act(record=False))
    tsa.mode = "granted"

    upgraded = stamping.upgrade(prepared)

    assert isinstance(upgraded, Sealed)
    assert (upgraded.level, upgraded.wanted) == ("B-T", "B-T")
    assert upgraded.digest == hashlib.sha256(prepared.read_bytes()).hexdigest()
    judged = verifier.verify(prepared)
    assert judged.all_valid
    assert all(found.timestamped for found in judged.signatures)
    (stamp,) = judged.timestamps
    assert (stamp.valid, stamp.covers_whole_file, stamp.authority) == (True, True, "Carimbo de teste")
    assert stamp.made_at is not None
    assert sealing.valid_by_poppler(prepared) == 2
    assert sealing.clean_by_qpdf(prepared)


def test_people_can_go_on_signing_after_an_upgrade(
    stamping: PyhankoSealer, verifier: PyhankoVerifier, prepared: Path
) -> None:
    stamping.seal(prepared, sealing.act("ana", record=False))
    assert isinstance(stamping.upgrade(prepared), Sealed)

    assert isinstance(stamping.seal(prepared, sealing.act("bruno", record=False)), Sealed)

    assert verifier.verify(prepared).all_valid
    assert sealing.valid_by_poppler(prepared) == 3


def test_a_timestamp_says_what_came_after_it(
    stamping: PyhankoSealer, verifier: PyhankoVerifier, prepared: Path
) -> None:
    assert isinstance(stamping.upgrade(prepared), Sealed)
    stamping.seal(prepared, sealing.act("ana", record=False))

    (stamp,) = verifier.verify(prepared).timestamps

    assert (stamp.valid, stamp.covers_whole_file, stamp.changes_after) == (True, False, "form_filling")


def test_a_timestamp_over_other_bytes_is_broken_and_tells_no_time(
    stamping: PyhankoSealer, verifier: PyhankoVerifier, tmp_path: Path
) -> None:
    file = pdfs.written(tmp_path, pdfs.contract_pdf())
    assert isinstance(stamping.stamp(file, sealing=False), Sealed)
    file.write_bytes(file.read_bytes().replace(b"MediaBox [", b"MediaBox[ ", 1))

    judged = verifier.verify(file)

    assert [(one.valid, one.made_at) for one in judged.timestamps] == [(False, None)]
    assert judged.broken


def test_an_upgrade_while_the_server_is_down_can_be_tried_again(
    stamping: PyhankoSealer, prepared: Path, tsa: TimestampServer
) -> None:
    tsa.mode = "down"

    failed = stamping.upgrade(prepared)

    assert isinstance(failed, SealFailed)
    assert failed.retry


def test_without_a_server_nothing_more_is_wanted(sealer: PyhankoSealer, tmp_path: Path, out: Path) -> None:
    original = pdfs.written(tmp_path, pdfs.contract_pdf())

    sealed = sealer.prepare(original, out, sealing.structure(record=False))

    assert isinstance(sealed, Sealed)
    assert (sealed.level, sealed.wanted) == ("B-B", "B-B")
