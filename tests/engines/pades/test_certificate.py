"""The platform's seal: its own authority, made once, or a P12 from the settings."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from lacre.engines.pades import (
    Identity,
    PyhankoSealer,
    PyhankoVerifier,
    SealConfig,
    SealUnusable,
    load_or_create_certificate,
)
from lacre.engines.pades.certificate import own_identity
from lacre.signing.ports import Sealed
from tests.support import pdfs, sealing
from tests.support.pki import P12_PASSWORD, TestAuthority

NOW = datetime.now(UTC)  # noqa: TID251 - certificates are judged by the real clock


@pytest.fixture
def verifier_of() -> Callable[[Identity], PyhankoVerifier]:
    return lambda identity: PyhankoVerifier(SealConfig(identity=identity))


def test_the_first_start_makes_an_authority_that_later_starts_find(tmp_path: Path) -> None:
    first = load_or_create_certificate(tmp_path)

    assert load_or_create_certificate(tmp_path) == first
    assert first.own
    assert first.common_name == "Lacre - selo da plataforma"


def test_the_seal_lives_three_years_and_its_authority_ten(tmp_path: Path) -> None:
    seal, authority = map(x509.load_der_x509_certificate, load_or_create_certificate(tmp_path).chain)

    assert seal.not_valid_after_utc - seal.not_valid_before_utc >= timedelta(days=3 * 365)
    assert authority.not_valid_after_utc - authority.not_valid_before_utc >= timedelta(days=10 * 365)
    seal.verify_directly_issued_by(authority)


def test_a_seal_about_to_end_is_issued_anew_by_the_same_authority(tmp_path: Path) -> None:
    first = own_identity(tmp_path, NOW)
    unchanged = own_identity(tmp_path, NOW + timedelta(days=1_000))
    renewed = own_identity(tmp_path, NOW + timedelta(days=1_080))

    assert unchanged == first
    assert renewed.chain[0] != first.chain[0]
    assert renewed.chain[1] == first.chain[1]


def test_what_an_ended_seal_signed_is_still_known_as_ours(
    verifier_of: Callable[[Identity], PyhankoVerifier], tmp_path: Path, out: Path
) -> None:
    ended = own_identity(tmp_path, NOW - timedelta(days=1_200))
    present = own_identity(tmp_path, NOW)
    original = pdfs.written(tmp_path, pdfs.contract_pdf())
    PyhankoSealer(SealConfig(identity=ended)).prepare(original, out, sealing.structure(record=False))

    (found,) = verifier_of(present).verify(out).signatures

    assert found.valid
    assert found.ours
    assert not found.trusted
    assert "has ended" in found.trust_note


def test_nobody_else_can_read_the_keys(tmp_path: Path) -> None:
    load_or_create_certificate(tmp_path)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "seal").glob("*.pem")}

    assert modes.keys() == {"authority.pem", "seal.pem"}
    assert set(modes.values()) == {0o600}


def test_processes_that_start_together_agree_on_one_authority(tmp_path: Path) -> None:
    say = (
        "import sys, pathlib; from lacre.engines.pades import load_or_create_certificate as load; "
        "print(load(pathlib.Path(sys.argv[1])).chain[0].hex())"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", say, tmp_path], stdout=subprocess.PIPE) for _ in range(3)
    ]

    answers = {process.communicate(timeout=120)[0] for process in processes}

    assert len(answers) == 1
    assert answers != {b""}


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_p12_from_the_settings_seals(kind: str, tmp_path: Path, out: Path) -> None:
    authority = TestAuthority()
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else None
    identity = load_or_create_certificate(tmp_path, authority.p12(tmp_path, key=key), P12_PASSWORD)
    config = SealConfig(identity=identity, roots=authority.root_folder(tmp_path / "raizes"))
    sealer = PyhankoSealer(config)

    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), out, sealing.structure())
    assert isinstance(sealer.seal(out, sealing.act()), Sealed)

    judged = PyhankoVerifier(config).verify(out)
    assert judged.all_valid
    assert {found.signer for found in judged.signatures} == {"Empresa Ltda"}
    assert all(found.trusted and found.ours for found in judged.signatures)
    assert sealing.valid_by_poppler(out) == 2


def test_a_root_that_is_not_in_the_folder_is_not_trusted(tmp_path: Path, out: Path) -> None:
    identity = load_or_create_certificate(tmp_path, TestAuthority().p12(tmp_path), P12_PASSWORD)
    config = SealConfig(identity=identity, roots=TestAuthority("Outra").root_folder(tmp_path / "raizes"))

    PyhankoSealer(config).prepare(
        pdfs.written(tmp_path, pdfs.contract_pdf()), out, sealing.structure(record=False)
    )

    (found,) = PyhankoVerifier(config).verify(out).signatures
    assert found.valid
    assert not found.trusted
    assert "does not know" in found.trust_note


def test_another_installations_seal_is_valid_but_neither_ours_nor_trusted(
    sealer: PyhankoSealer, config: SealConfig, tmp_path: Path, out: Path
) -> None:
    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), out, sealing.structure(record=False))
    elsewhere = replace(config, identity=load_or_create_certificate(tmp_path / "outra"))

    (found,) = PyhankoVerifier(elsewhere).verify(out).signatures

    assert found.valid
    assert not found.ours
    assert not found.trusted


def test_a_wrong_password_is_told_plainly(tmp_path: Path) -> None:
    p12 = TestAuthority().p12(tmp_path)

    with pytest.raises(SealUnusable, match="cannot be opened"):
        load_or_create_certificate(tmp_path, p12, "errada")
