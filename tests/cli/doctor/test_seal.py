"""The certificate that the platform seals with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from lacre.bootstrap import open_installation
from lacre.cli.doctor.finding import Finding, Level
from lacre.cli.doctor.seal import certificate, trusted_roots
from lacre.engines import clock
from tests.support.database import PostgresServer, migrated_file, postgres_server
from tests.support.pki import P12_PASSWORD, TestAuthority
from tests.support.settings import settings_in

__all__ = ["migrated_file", "postgres_server"]


def test_before_the_first_start_none_is_made(tmp_path: Path) -> None:
    assert certificate(settings_in(tmp_path)).level == Level.OK
    assert not (tmp_path / "data").exists()


def test_our_own_authority_is_named_as_such(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    open_installation(settings).close()

    found = certificate(settings)

    assert found.level == Level.OK
    assert "not ICP-Brasil" in found.detail


def test_a_bought_certificate_is_named_with_its_issuer(tmp_path: Path) -> None:
    found = looked_at(TestAuthority("AC de teste").p12(tmp_path), tmp_path)

    assert found.level == Level.OK
    assert "“Empresa Ltda”, issued by CN=AC de teste, until 2094-" in found.detail


def test_a_wrong_password_is_a_problem(tmp_path: Path) -> None:
    assert looked_at(TestAuthority().p12(tmp_path), tmp_path, "errada").level == Level.PROBLEM


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert looked_at(tmp_path / "nowhere.p12", tmp_path).level == Level.PROBLEM


@pytest.mark.parametrize(
    ("begins", "ends", "level", "said"),
    [
        (-10, 31, Level.OK, "until"),
        (-10, 29, Level.WARNING, "28 days are left"),
        (-10, -1, Level.PROBLEM, "has expired"),
        (1, 100, Level.PROBLEM, "not valid yet"),
    ],
)
def test_the_end_of_a_certificate_is_told_in_time(
    tmp_path: Path, begins: int, ends: int, level: Level, said: str
) -> None:
    found = looked_at(self_signed(tmp_path, begins, ends), tmp_path)

    assert found.level == level
    assert said in found.detail


def test_a_chain_without_its_root_is_told(tmp_path: Path) -> None:
    authority, key = TestAuthority(), ec.generate_private_key(ec.SECP256R1())
    p12 = stored(tmp_path, key, authority.issue("Empresa Ltda", key))

    assert looked_at(p12, tmp_path).level == Level.WARNING


def test_an_authority_of_one_of_many_nodes_is_told(tmp_path: Path, postgres_server: PostgresServer) -> None:
    settings = settings_in(tmp_path, database_url=postgres_server.emptied())
    open_installation(settings).close()

    assert certificate(settings).level == Level.WARNING


def test_a_damaged_authority_of_our_own_is_a_problem(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    open_installation(settings).close()
    (settings.data_dir / "seal" / "seal.pem").write_text("-----BEGIN PRIVATE KEY-----")

    assert certificate(settings).level == Level.PROBLEM


def test_trusted_roots_are_named(tmp_path: Path) -> None:
    folder = TestAuthority("AC Raiz").root_folder(tmp_path / "roots")

    found = trusted_roots(settings_in(tmp_path, trusted_roots=folder))

    assert found.level == Level.OK
    assert found.detail == "1: AC Raiz"


def test_a_folder_without_roots_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "roots").mkdir()

    assert trusted_roots(settings_in(tmp_path, trusted_roots=tmp_path / "roots")).level == Level.PROBLEM


def test_roots_that_are_none_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "notes.cer").write_bytes(b"not a certificate")

    assert trusted_roots(settings_in(tmp_path, trusted_roots=tmp_path)).level == Level.PROBLEM


def looked_at(p12: Path, folder: Path, password: str = P12_PASSWORD) -> Finding:
    return certificate(settings_in(folder, seal_p12=p12, seal_p12_password=password))


def self_signed(folder: Path, begins: int, ends: int) -> Path:
    """Valid from and until so many days from now."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Empresa Ltda")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
        .sign(key, hashes.SHA256())
    )
    return stored(folder, key, made)


def stored(folder: Path, key: ec.EllipticCurvePrivateKey, leaf: x509.Certificate) -> Path:
    protection = serialization.BestAvailableEncryption(P12_PASSWORD.encode())
    path = folder / "seal.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, leaf, None, protection))
    return path
