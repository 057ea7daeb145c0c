"""People's certificates as ICP-Brasil issues them, from a root and an authority of the tests' own.

icp = IcpBrasil()
p12 = icp.person("BRUNO DIAS", cpf="52998224725")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

PASSWORD = "senha do certificado"
CRL_URL = "http://icp.test/ac.crl"
OCSP_URL = "http://icp.test/ocsp"
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_LIFE = timedelta(days=25_000)
"""Of certificates that are judged by the real clock, in whichever year that is."""
_PERSON, _COMPANY = x509.ObjectIdentifier("2.16.76.1.3.1"), x509.ObjectIdentifier("2.16.76.1.3.3")


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate with its key, as its holder has it."""

    p12: bytes
    certificate: x509.Certificate


class IcpBrasil:
    def __init__(self, *, lists_url: str = "", responder_url: str = "") -> None:
        self._lists_url, self._responder_url = lists_url, responder_url
        self._root_key, self._key = _curve(), _curve()
        root = _name("Autoridade Certificadora Raiz Brasileira v99")
        self.name = _name("AC Teste Multipla v9")
        self.root = self._authority(root, root, self._root_key, self._root_key)
        self.authority = self._authority(self.name, root, self._key, self._root_key)

    def roots_in(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "icp-brasil.pem").write_bytes(self.root.public_bytes(serialization.Encoding.PEM))
        return folder

    def person(
        self,
        name: str,
        *,
        cpf: str = "",
        cnpj: str = "",
        begins: datetime = _BEGIN,
        ends: datetime = _BEGIN + _LIFE,
        text: type[core.Asn1Value] = core.OctetString,
        bits: int = 2048,
        password: str = PASSWORD,
        signs: bool = True,
        whole: bool = True,
        policy: str = "2.16.76.1.2.1.11",
    ) -> Issued:
        """`text` is how the otherNames are written; not `whole`: without the authority's certificate."""
        key = _rsa(bits)
        names: list[x509.GeneralName] = []
        if cpf:
            names.append(x509.OtherName(_PERSON, text(_said(f"01011980{cpf}{'0' * 26}", text)).dump()))
        if cnpj:
            names.append(x509.OtherName(_COMPANY, text(_said(cnpj, text)).dump()))
        builder = (
            _begun(_name(f"{name}:{cpf or cnpj}"), self.name, key, begins, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
            .add_extension(_usage(signs=signs), critical=True)
            .add_extension(_policies(policy), critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        if self._responder_url:
            asked = x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self._responder_url)
            )
            builder = builder.add_extension(x509.AuthorityInformationAccess([asked]), critical=False)
        if self._lists_url:
            point = x509.DistributionPoint(
                [x509.UniformResourceIdentifier(self._lists_url)], None, None, None
            )
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        chain = [self.authority] if whole else []
        return Issued(p12=_packed(name, key, certificate, chain, password), certificate=certificate)

    def answer(
        self,
        certificate: x509.Certificate,
        status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
        *,
        age: timedelta = timedelta(minutes=5),
    ) -> bytes:
        """What its responder says of a certificate, signed by the authority itself."""
        begun = datetime.now(UTC) - age  # noqa: TID251 - answers are judged against the real clock
        gone = status is ocsp.OCSPCertStatus.REVOKED
        built = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=self.authority,
            algorithm=hashes.SHA1(),  # noqa: S303 - names a certificate
            cert_status=status,
            this_update=begun,
            next_update=begun + timedelta(hours=1),
            revocation_time=begun if gone else None,
            revocation_reason=None,
        )
        signed = built.responder_id(ocsp.OCSPResponderEncoding.NAME, self.authority).sign(
            self._key, hashes.SHA256()
        )
        return signed.public_bytes(serialization.Encoding.DER)

    def revocation_list(self, *revoked: x509.Certificate) -> bytes:
        now = datetime.now(UTC)  # noqa: TID251 - lists are judged against the real clock
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name)
        builder = builder.last_update(now - timedelta(minutes=5)).next_update(now + timedelta(days=1))
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(now - timedelta(hours=1)).build())
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _authority(
        self,
        name: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        by: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        return (
            _begun(name, issuer, key, _BEGIN, _BEGIN + _LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .sign(by, hashes.SHA256())
        )


@cache
def _rsa(bits: int) -> rsa.RSAPrivateKey:
    # made once: a key takes half a second
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


def _curve() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    """Of a person who signs; without `signs`, of an authority."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_cert_sign=not signs,
        crl_sign=not signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _policies(policy: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(policy), None)])


def _packed(
    name: str,
    key: rsa.RSAPrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    password: str,
) -> bytes:
    kept = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, list(chain), kept)


def _said(text: str, kind: type[core.Asn1Value]) -> str | bytes:
    return text.encode() if kind is core.OctetString else text


def _name(common: str) -> x509.Name:
    pairs = [
        (x509.NameOID.COUNTRY_NAME, "BR"),
        (x509.NameOID.ORGANIZATION_NAME, "ICP-Brasil"),
        (x509.NameOID.COMMON_NAME, common),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])
