"""Proof that certificates were not revoked: their authorities' lists and answers, fetched and checked."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from asn1crypto import cms, crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from lacre.documents.fetching import Fetched, Fetcher
from lacre.engines.pades.timestamp import TimestampTransport

_OCSP_REQUEST = "application/ocsp-request"
# ICP-Brasil's longest lists are a few megabytes
_LARGEST_LIST = 16 << 20


@dataclass(frozen=True)
class Proofs:
    """What a document security store holds, each DER."""

    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...]
    answers: tuple[bytes, ...]


@dataclass(frozen=True)
class Ways:
    """The ways out: OCSP by POST, lists by GET; either may be missing."""

    transport: TimestampTransport | None
    fetcher: Fetcher | None


def is_published(chain: Sequence[bytes]) -> bool:
    """Whether every certificate below the root says where its revocation can be asked for."""
    return len(chain) > 1 and all(_places(x509.load_der_x509_certificate(der)) for der in chain[:-1])


def prove(chain: Sequence[bytes], ways: Ways) -> Proofs | None:
    """Proofs for a chain that ends in its root; `None` unless all of it could be proved unrevoked today."""
    found = [_proof(leaf, issuer, ways) for leaf, issuer in pairwise(chain)]
    lists = tuple(proof for kind, proof in found if kind is crl.CertificateList)
    answers = tuple(proof for kind, proof in found if kind is asn1_ocsp.OCSPResponse)
    proofs = Proofs(tuple(chain), lists, answers)
    return proofs if found and _holds(proofs) else None


def joined(one: Proofs, other: Proofs) -> Proofs:
    return Proofs(
        tuple(dict.fromkeys(one.certificates + other.certificates)),
        tuple(dict.fromkeys(one.lists + other.lists)),
        tuple(dict.fromkeys(one.answers + other.answers)),
    )


def chain_of_token(token: bytes, known: Sequence[bytes]) -> tuple[bytes, ...]:
    """A timestamp's certificates from its signer up to a root, with the help of known ones."""
    signed = cms.ContentInfo.load(token)["content"]
    (signer,) = signed["signer_infos"]
    serial = signer["sid"].chosen["serial_number"].native
    held = [choice.chosen.dump() for choice in signed["certificates"]]
    leaf = next(der for der in held if x509.load_der_x509_certificate(der).serial_number == serial)
    return completed((leaf,), [*held, *known])


def completed(chain: Sequence[bytes], known: Sequence[bytes]) -> tuple[bytes, ...]:
    """The chain continued with known issuers; empty when it does not reach a root."""
    certificates = [x509.load_der_x509_certificate(der) for der in chain]
    others = [x509.load_der_x509_certificate(der) for der in known]
    while certificates[-1].issuer != certificates[-1].subject:
        last = certificates[-1]
        issuer = next((other for other in others if other.subject == last.issuer), None)
        if issuer is None or issuer in certificates:
            return ()
        certificates.append(issuer)
    return tuple(certificate.public_bytes(serialization.Encoding.DER) for certificate in certificates)


def _proof(leaf: bytes, issuer: bytes, ways: Ways) -> tuple[type, bytes]:
    certificate, authority = x509.load_der_x509_certificate(leaf), x509.load_der_x509_certificate(issuer)
    for kind, url in _places(certificate):
        asks = kind is asn1_ocsp.OCSPResponse
        answer = ask(certificate, authority, url, ways) if asks else get_list(url, ways)
        if answer:
            return kind, answer
    return type(None), b""


def _places(certificate: x509.Certificate) -> list[tuple[type, str]]:
    """Where revocation is published, answers before lists, over HTTP only."""
    places = [(asn1_ocsp.OCSPResponse, url) for url in responders(certificate)]
    places += [(crl.CertificateList, url) for url in list_urls(certificate)]
    return [(kind, url) for kind, url in places if url.startswith(("http://", "https://"))]


def responders(certificate: x509.Certificate) -> Iterator[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return
    for description in access:
        if description.access_method == AuthorityInformationAccessOID.OCSP:
            yield str(description.access_location.value)


def list_urls(certificate: x509.Certificate) -> Iterator[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return
    for point in points:
        for name in point.full_name or ():
            yield str(name.value)


def ask(certificate: x509.Certificate, authority: x509.Certificate, url: str, ways: Ways) -> bytes:
    """What the responder at that address answers, not judged yet; empty when it does not."""
    # responders by and large only know SHA-1 for naming a certificate; nothing is signed with it
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, authority, hashes.SHA1()).build()  # noqa: S303
    content = request.public_bytes(serialization.Encoding.DER)
    return (ways.transport and ways.transport.post(url, content, _OCSP_REQUEST)) or b""


def get_list(url: str, ways: Ways) -> bytes:
    if ways.fetcher is None:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "list.crl"
        outcome = ways.fetcher.fetch(url, into, max_bytes=_LARGEST_LIST)
        return into.read_bytes() if isinstance(outcome, Fetched) else b""


def _holds(proofs: Proofs) -> bool:
    """pyHanko's validator accepts the chain with these proofs and no others."""
    try:
        context = ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(proofs.certificates[-1])],
            crls=list(proofs.lists),
            ocsps=list(proofs.answers),
            revocation_mode="require",
            allow_fetching=False,
        )
        leaf, *others = [asn1_x509.Certificate.load(der) for der in proofs.certificates]
        asyncio.run(CertificateValidator(leaf, others, context).async_validate_path())
    except (PathError, ValidationError, ValueError, TypeError):
        return False
    return True
