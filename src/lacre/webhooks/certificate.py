"""Certificates of an endpoint's own: the one that we show, and those that the receiver's may be signed by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificates

from lacre.webhooks.errors import CertificateNotUsable

MAX_PEM = 64 * 1024
WARNED_BEFORE = timedelta(days=30)
"""The end of a certificate that receivers ask for: from then on none of them is spoken to."""

_KEY = re.compile(r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?-----END \1PRIVATE KEY-----", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class ShownCertificate:
    subject: str
    ends_at: datetime


def check_client_pem(pem: str) -> None:
    """A certificate, those that signed it if need be, and its key without a password."""
    first = _certificates(pem)[0]
    if _public(_key(pem)) != _public_of(first):
        raise CertificateNotUsable("the key is not the first certificate's")


def check_ca_pem(pem: str) -> None:
    _certificates(pem)
    if _KEY.search(pem):
        raise CertificateNotUsable("an authority's private key is nobody's business")


def check_in_time(pem: str, *, now: datetime) -> None:
    """Of one that comes now: what ended would let nothing arrive, and nobody would know why."""
    if pem and _certificates(pem)[0].not_valid_after_utc <= now:
        raise CertificateNotUsable("it has expired")


def described(pem: str) -> tuple[ShownCertificate, ...]:
    """What may be shown of them."""
    return tuple(
        ShownCertificate(subject=one.subject.rfc4514_string(), ends_at=one.not_valid_after_utc)
        for one in (_certificates(pem) if pem else ())
    )


def end_to_mind(client_pem: str, *, now: datetime) -> datetime | None:
    """When our certificate ends, if that is soon or was already."""
    ours = described(client_pem)[:1]
    return ours[0].ends_at if ours and ours[0].ends_at - now <= WARNED_BEFORE else None


def _certificates(pem: str) -> Sequence[Certificate]:
    if len(pem) > MAX_PEM:
        raise CertificateNotUsable(f"it is longer than {MAX_PEM} characters")
    try:
        return load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise CertificateNotUsable("there is no certificate in PEM") from None


def _key(pem: str) -> PrivateKeyTypes:
    found = _KEY.search(pem)
    if found is None:
        raise CertificateNotUsable("its private key is missing")
    try:
        return load_pem_private_key(found[0].encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CertificateNotUsable("its private key is broken, or has a password") from None


def _public(key: PrivateKeyTypes) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _public_of(certificate: Certificate) -> bytes:
    try:
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateNotUsable("the certificate's own key is of no known kind") from None
