"""What an authority's OCSP responder says of one certificate, if it may be believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from lacre.engines.pades.revocation import Ways, ask, responders

_SLOW_CLOCK = timedelta(minutes=5)
_NEWS = timedelta(days=1)
"""How long an answer that names no end is one."""


def said_of(certificate: x509.Certificate, issuer: x509.Certificate, ways: Ways) -> bool | None:
    """Whether it is revoked; `None` when no responder is named, answers, or knows."""
    for url in responders(certificate):
        content = ask(certificate, issuer, url, ways) if url.startswith(("http://", "https://")) else b""
        found = read_answer(content, certificate, issuer) if content else None
        if found is not None:
            return found
    return None


def read_answer(content: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> bool | None:
    """Of an answer about this certificate, of today, signed by its authority or for it (RFC 6960)."""
    try:
        answer = ocsp.load_der_ocsp_response(content)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        fits = answer.serial_number == certificate.serial_number and _is_of_today(answer)
        if not fits or not any(_is_signed_by(answer, one) for one in _signers(answer, issuer)):
            return None
    except (ValueError, TypeError):
        return None
    known = {ocsp.OCSPCertStatus.REVOKED: True, ocsp.OCSPCertStatus.GOOD: False}
    return known.get(answer.certificate_status)


def _is_of_today(answer: ocsp.OCSPResponse) -> bool:
    now = datetime.now(UTC)  # noqa: TID251 - certificates live by the real clock
    begins = answer.this_update_utc
    ends = answer.next_update_utc or begins + _NEWS
    return begins - _SLOW_CLOCK <= now <= ends + _SLOW_CLOCK


def _signers(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> Iterator[x509.Certificate]:
    """The authority, and those whom it lets answer for it."""
    yield issuer
    for one in answer.certificates:
        if _may_answer(one) and _is_issued_by(one, issuer):
            yield one


def _may_answer(one: x509.Certificate) -> bool:
    try:
        usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _is_issued_by(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_signed_by(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, made_with = signer.public_key(), answer.signature_hash_algorithm
    if made_with is None or isinstance(made_with, hashes.MD5):
        return False
    try:
        match key:
            case rsa.RSAPublicKey():
                key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), made_with)
            case ec.EllipticCurvePublicKey():
                key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(made_with))
            case _:
                return False
    except InvalidSignature:
        return False
    return True
