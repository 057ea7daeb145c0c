"""Certificates for TLS receivers on loopback: right, expired, for another name, signed by nobody."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A certificate and its key, as PEM."""

    certificate: bytes
    key: bytes

    @property
    def pem(self) -> bytes:
        return self.certificate + self.key

    def write(self, folder: Path) -> Path:
        path = folder / "identity.pem"
        path.write_bytes(self.pem)
        return path


class Authority:
    """A certificate authority of our own, trusted by whoever is given its `pem`."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def _certificate(self) -> x509.Certificate:
        return _builder("Test authority", self._key.public_key(), days=30).sign(self._key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, name: str, *, days: int = 30, ends_at: datetime | None = None) -> Identity:
        """For `name`; negative `days` make one that ended so long ago by the real clock."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = (
            _builder(name, key.public_key(), days=days, ends_at=ends_at, authority=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .issuer_name(self._certificate.subject)
            .sign(self._key, hashes.SHA256())
        )
        return _identity(signed, key)


def self_signed(name: str) -> Identity:
    """Nobody vouches for it but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.SubjectAlternativeName([x509.DNSName(name)])
    builder = _builder(name, key.public_key(), days=30).add_extension(named, critical=False)
    return _identity(builder.sign(key, hashes.SHA256()), key)


def server_context(
    identity: Identity, folder: Path, *, clients_of: Authority | None = None
) -> ssl.SSLContext:
    """For `Receiver(tls=…)`; with `clients_of`, clients must show a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.write(folder))
    if clients_of:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=clients_of.pem.decode())
    return context


def _identity(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Identity:
    return Identity(
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
        key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def _builder(
    name: str,
    key: ec.EllipticCurvePublicKey,
    *,
    days: int,
    ends_at: datetime | None = None,
    authority: bool = True,
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)  # noqa: TID251 - TLS libraries judge by the real clock
    ends_at = ends_at or now + timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, ends_at) - timedelta(days=60))
        .not_valid_after(ends_at)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    return builder.issuer_name(subject) if authority else builder
