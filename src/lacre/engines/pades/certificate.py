"""The platform's seal: a P12 from the settings, or an authority of its own made on first start."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_FOLDER = "seal"
# key and certificates in one file each, so that neither can be there without the other
_AUTHORITY, _SEAL = "authority.pem", "seal.pem"
_RENEWED_BEFORE = timedelta(days=60)
_AUTHORITY_LIFE, _SEAL_LIFE = timedelta(days=3_650), timedelta(days=1_095)
# a machine whose clock is a little slow must not find the certificate not yet valid
_LEEWAY = timedelta(hours=1)


class SealUnusable(Exception):
    """The seal's certificate cannot be used; the message says why."""


@dataclass(frozen=True)
class Identity:
    """A key (PKCS #8, DER) and its certificates from the seal up; `own` when the authority is ours."""

    chain: tuple[bytes, ...]
    own: bool
    key: bytes = field(repr=False)

    @property
    def common_name(self) -> str:
        return common_name(x509.load_der_x509_certificate(self.chain[0]))

    @property
    def expires_at(self) -> datetime:
        return x509.load_der_x509_certificate(self.chain[0]).not_valid_after_utc


def is_made(data_dir: Path) -> bool:
    """Whether there is an authority of our own yet."""
    return (data_dir / _FOLDER / _SEAL).exists()


def read_certificate(data_dir: Path, p12: Path | None = None, password: str = "") -> Identity:
    """The same without making or renewing anything: for whoever only looks."""
    return _from_p12(p12, password) if p12 is not None else _read(data_dir / _FOLDER / _SEAL)


def load_or_create_certificate(data_dir: Path, p12: Path | None = None, password: str = "") -> Identity:
    """The P12's identity; without one, that of the data folder's own authority, made now if need be.

    An own seal that is about to end is replaced by a new one of the same authority.
    """
    if p12 is not None:
        return _from_p12(p12, password)
    folder = data_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with _alone(folder):
        return own_identity(folder, datetime.now(UTC))  # noqa: TID251 - certificates live by the real clock


def common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _from_p12(path: Path, password: str) -> Identity:
    try:
        key, leaf, others = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    except (OSError, ValueError) as problem:
        raise SealUnusable(f"{path} cannot be opened: {problem}") from problem
    if leaf is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SealUnusable(f"{path} holds no certificate with an RSA or ECDSA key")
    chain = in_order(leaf, list(others))
    return Identity(
        chain=tuple(certificate.public_bytes(serialization.Encoding.DER) for certificate in chain),
        own=False,
        key=_pkcs8(key, serialization.Encoding.DER),
    )


def in_order(leaf: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """From the leaf up to the root, as far as the issuers are there."""
    chain = [leaf]
    while chain[-1].issuer != chain[-1].subject:
        issuer = next((other for other in others if other.subject == chain[-1].issuer), None)
        if issuer is None or issuer in chain:
            break
        chain.append(issuer)
    return chain


def own_identity(folder: Path, now: datetime) -> Identity:
    """The seal of the folder's authority, issued or issued anew if it has to be."""
    if not (folder / _AUTHORITY).exists():
        key = _new_key()
        _keep(folder / _AUTHORITY, key, [_authority(key, now)])
    seal = _read(folder / _SEAL) if (folder / _SEAL).exists() else None
    if seal is None or seal.expires_at - now < _RENEWED_BEFORE:
        _issue(folder, now)
    return _read(folder / _SEAL)


def _issue(folder: Path, now: datetime) -> None:
    authority_key, (authority,) = _parsed(folder / _AUTHORITY)
    key = _new_key()
    _keep(folder / _SEAL, key, [_seal(key, authority, authority_key, now), authority])


def _read(path: Path) -> Identity:
    key, chain = _parsed(path)
    return Identity(
        chain=tuple(certificate.public_bytes(serialization.Encoding.DER) for certificate in chain),
        own=True,
        key=_pkcs8(key, serialization.Encoding.DER),
    )


def _parsed(path: Path) -> tuple[rsa.RSAPrivateKey, list[x509.Certificate]]:
    content = path.read_bytes()
    key = serialization.load_pem_private_key(content, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SealUnusable(f"{path} does not begin with an RSA key")
    return key, x509.load_pem_x509_certificates(content)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time: the others wait, and find what the first one made."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def _authority(key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    name = _name("Lacre - autoridade própria (não ICP-Brasil)")
    return (
        _begun(name, name, key, now, _AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _seal(
    key: rsa.RSAPrivateKey, authority: x509.Certificate, authority_key: rsa.RSAPrivateKey, now: datetime
) -> x509.Certificate:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    life = min(_SEAL_LIFE, authority.not_valid_after_utc - now)
    return (
        _begun(_name("Lacre - selo da plataforma"), authority.subject, key, now, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lacre"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pkcs8(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, encoding: serialization.Encoding) -> bytes:
    return key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _keep(path: Path, key: rsa.RSAPrivateKey, chain: list[x509.Certificate]) -> None:
    """Whole or not at all, readable by nobody else, and on the disk before the next step."""
    pem = serialization.Encoding.PEM
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_pkcs8(key, pem) + b"".join(each.public_bytes(pem) for each in chain))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
