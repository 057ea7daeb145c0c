"""An A1 certificate: a PKCS #12 file, opened once; from then on its PEM is kept, encrypted."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lacre.engines.icp_brasil import COMPANY, CPF, LARGEST, PERSON, is_p12, other_names
from lacre.engines.running import Run, run_here
from lacre.fiscal.ports import Certificate, CertificateUnusable
from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf

_SECONDS, _MEMORY = 15.0, 256 << 20
_SMALLEST_KEY = 2048

_REASONS = {
    "not_pkcs12": "This file is no PKCS #12 file (.pfx, .p12).",
    "wrong_password": "The password does not open this file.",
    "no_key": "This file holds no certificate with its private key.",
    "not_rsa": "The tax office takes RSA keys of 2048 bits or more.",
    "no_client_auth": "This certificate is not made for TLS clients.",
    "expired": "This certificate has expired, or has not begun.",
    "other_company": "This certificate is another company's.",
}


class A1Certificates:
    """`run` opens files elsewhere: one says itself how often its password is hashed; it may mean hours."""

    def __init__(self, run: Run = run_here) -> None:
        self._run = run

    def read(
        self, pkcs12: bytes, password: str, *, now: datetime, company: str = ""
    ) -> Certificate | CertificateUnusable:
        if not 0 < len(pkcs12) <= LARGEST:
            return _unusable("not_pkcs12")
        found = self._run(opened, pkcs12, password, seconds=_SECONDS, memory_bytes=_MEMORY)
        if not isinstance(found, bytes):
            return _unusable(found if isinstance(found, str) else "not_pkcs12")
        return _judged(found, now, company)


def opened(content: bytes, password: str) -> bytes | str:
    """The certificates and the key as PEM; or why not. What runs in the child."""
    if not is_p12(content):
        return "not_pkcs12"
    try:
        key, leaf, others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except ValueError:
        return "wrong_password"
    if leaf is None or key is None or leaf.public_key() != key.public_key():
        return "no_key"
    if not isinstance(key, RSAPrivateKey) or key.key_size < _SMALLEST_KEY:
        return "not_rsa"
    chain = [leaf, *(one for one in others if one != leaf)]
    told = [one.public_bytes(Encoding.PEM) for one in chain]
    return b"".join([*told, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())])


def _judged(pem: bytes, now: datetime, company: str) -> Certificate | CertificateUnusable:
    leaf = x509.load_pem_x509_certificate(pem)
    holder = tax_id_of(leaf)
    if not leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc:
        return _unusable("expired")
    if not _speaks_tls(leaf):
        return _unusable("no_client_auth")
    if company and not same_root(holder, company):
        return _unusable("other_company")
    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(
        pem=pem,
        tax_id=holder,
        name=str(names[0].value) if names else leaf.subject.rfc4514_string(),
        starts_at=leaf.not_valid_before_utc,
        expires_at=leaf.not_valid_after_utc,
        fingerprint=leaf.fingerprint(SHA256()).hex(),
    )


def tax_id_of(leaf: x509.Certificate) -> str:
    """The CNPJ of a company's, the CPF of a person's; empty of others'."""
    names = other_names(leaf)
    company, person = names.get(COMPANY, "")[:14], names.get(PERSON, "")[CPF]
    if is_cnpj(company):
        return company
    return person if is_cpf(person) else ""


def same_root(one: str, other: str) -> bool:
    """The same CPF, or two establishments of one company: the first eight signs of a CNPJ are its root."""
    one, other = clean_tax_id(one), clean_tax_id(other)
    return one == other or (len(one) == len(other) == 14 and one[:8] == other[:8])


def _speaks_tls(leaf: x509.Certificate) -> bool:
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.CLIENT_AUTH in usage


def _unusable(code: str) -> CertificateUnusable:
    return CertificateUnusable(code=code, reason=_REASONS[code])
