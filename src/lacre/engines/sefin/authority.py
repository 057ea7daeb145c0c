"""Certificates as ICP-Brasil issues them, from an authority that nobody trusts but the local Sefin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lacre.engines.icp_brasil import COMPANY, PERSON

_LIFE = timedelta(days=1_095)
# a machine whose clock is a little slow must not find a certificate not yet valid
_LEEWAY = timedelta(hours=1)
_BITS = 2048
_FILE = "authority.pem"


class SandboxAuthority:
    def __init__(self, key: RSAPrivateKey, certificate: x509.Certificate) -> None:
        self._key, self.certificate = key, certificate

    @classmethod
    def made(cls) -> SandboxAuthority:
        key = _new_key()
        name = _name("Autoridade de testes do Lacre (sem valor)")
        made = _begun(name, name, key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        return cls(key, made.sign(key, hashes.SHA256()))

    @classmethod
    def kept_in(cls, folder: Path) -> SandboxAuthority:
        """That of the folder, made now if there is none."""
        file = folder / _FILE
        if not file.exists():
            made = cls.made()
            file.touch(mode=0o600)
            file.write_bytes(made.pem + _pem(made._key))
        content = file.read_bytes()
        key = load_pem_private_key(content, None)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError(f"{file} holds no RSA key")
        return cls(key, x509.load_pem_x509_certificate(content))

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def server(self, address: str) -> bytes:
        """PEM of a server's certificate and key."""
        key = _new_key()
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(address))])
        return self._issued(_begun_for(self, "Sefin local", key).add_extension(names, critical=False), key)

    def sefin(self) -> tuple[RSAPrivateKey, x509.Certificate]:
        """What the Sefin signs with."""
        key = _new_key()
        return key, _begun_for(self, "Sefin local (sem valor)", key).sign(self._key, hashes.SHA256())

    def company(
        self,
        name: str,
        tax_id: str,
        *,
        password: str = "",
        ends_at: datetime | None = None,
        named: bool = True,
    ) -> bytes:
        """An A1 of a CNPJ, or of a CPF: PKCS #12. Not `named`: without either inside."""
        key = _new_key()
        builder = _begun_for(self, f"{name}:{tax_id}", key, ends_at=ends_at)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usage, critical=False)
        if named:
            builder = builder.add_extension(x509.SubjectAlternativeName([_holder(tax_id)]), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        hidden = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return pkcs12.serialize_key_and_certificates(
            name.encode(), key, certificate, [self.certificate], hidden
        )

    def _issued(self, builder: x509.CertificateBuilder, key: RSAPrivateKey) -> bytes:
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM) + _pem(key)


def _begun_for(
    authority: SandboxAuthority, name: str, key: RSAPrivateKey, *, ends_at: datetime | None = None
) -> x509.CertificateBuilder:
    builder = _begun(_name(name), authority.certificate.subject, key, ends_at)
    ours = x509.BasicConstraints(ca=False, path_length=None)
    return builder.add_extension(ours, critical=False).add_extension(_SIGNS, critical=True)


def _begun(
    name: x509.Name, issuer: x509.Name, key: RSAPrivateKey, ends_at: datetime | None = None
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)  # noqa: TID251 - certificates live by the real clock
    ends = ends_at or now + _LIFE
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, ends - timedelta(days=1)) - _LEEWAY)
        .not_valid_after(ends)
    )


def _holder(tax_id: str) -> x509.OtherName:
    """As DOC-ICP-04 has it: a CNPJ alone; a CPF between birth date and other numbers. DER octets."""
    company = len(tax_id) == 14
    text = tax_id if company else f"01011980{tax_id}{'0' * 26}"
    value = bytes([0x04, len(text)]) + text.encode()
    return x509.OtherName(x509.ObjectIdentifier(COMPANY if company else PERSON), value)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lacre sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65_537, key_size=_BITS)


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


_SIGNS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=True,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
