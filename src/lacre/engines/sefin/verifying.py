"""XML signatures verified, by lxml's canonical form and cryptography's RSA: another than made them."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from enum import Enum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from lacre.engines.nfse.certificate import same_root, tax_id_of
from lacre.engines.nfse.schema import parse

_S = "{http://www.w3.org/2000/09/xmldsig#}"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_CANONICAL = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": (False, True),
    "http://www.w3.org/2001/10/xml-exc-c14n#": (True, False),
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments": (True, True),
}
"""By URI: whether exclusive, whether comments stay."""
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "http://www.w3.org/2000/09/xmldsig#sha1": hashes.SHA1(),  # noqa: S303 - the manual's own
    "http://www.w3.org/2001/04/xmlenc#sha256": hashes.SHA256(),
}
_SIGNATURES: dict[str, hashes.HashAlgorithm] = {
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1": hashes.SHA1(),  # noqa: S303
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256(),
}


class Flaw(Enum):
    MISSING = "no signature"
    BROKEN = "the signature does not hold"
    CERTIFICATE = "its certificate is over, or of another authority"
    NOT_ICP = "its certificate names nobody"
    ANOTHERS = "its certificate is another's"


def flaw_in(
    root: etree._Element, signed_id: str, *, holder: str, authority: x509.Certificate, now: datetime
) -> Flaw | None:
    """Of the signature beside `root`'s first child, which must have this id and belong to this holder."""
    signature = root.find(f"{_S}Signature")
    if signature is None:
        return Flaw.MISSING
    certificate = _certificate(signature)
    if certificate is None or not _holds(root, signature, signed_id, certificate):
        return Flaw.BROKEN
    if not _is_good(certificate, authority, now):
        return Flaw.CERTIFICATE
    named = tax_id_of(certificate)
    if not named:
        return Flaw.NOT_ICP
    return None if same_root(named, holder) else Flaw.ANOTHERS


def _holds(
    root: etree._Element, signature: etree._Element, signed_id: str, certificate: x509.Certificate
) -> bool:
    told = signature.find(f"{_S}SignedInfo")
    references = [] if told is None else told.findall(f"{_S}Reference")
    if told is None or len(references) != 1 or references[0].get("URI") != f"#{signed_id}":
        return False
    return _digest_holds(root[0], signed_id, references[0]) and _value_holds(signature, told, certificate)


def _digest_holds(target: etree._Element, signed_id: str, reference: etree._Element) -> bool:
    steps = [step.get("Algorithm", "") for step in reference.iter(f"{_S}Transform")]
    algorithm = _DIGESTS.get(_algorithm(reference, "DigestMethod"))
    if target.get("Id") != signed_id or algorithm is None or steps[:1] != [_ENVELOPED] or len(steps) != 2:
        return False
    canonical = _canonical(target, steps[1])
    return canonical is not None and _digest(canonical, algorithm) == _decoded(reference, "DigestValue")


def _value_holds(signature: etree._Element, told: etree._Element, certificate: x509.Certificate) -> bool:
    canonical = _canonical(told, _algorithm(told, "CanonicalizationMethod"))
    algorithm = _SIGNATURES.get(_algorithm(told, "SignatureMethod"))
    key = certificate.public_key()
    if canonical is None or algorithm is None or not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(_decoded(signature, "SignatureValue"), canonical, PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def _canonical(element: etree._Element, uri: str) -> bytes | None:
    """Of the element detached: libxml2's inclusive form of a part writes `xmlns=""` into what is below."""
    kind = _CANONICAL.get(uri)
    if kind is None:
        return None
    alone = parse(etree.tostring(element, with_tail=False))
    exclusive, comments = kind
    form: bytes = etree.tostring(alone, method="c14n", exclusive=exclusive, with_comments=comments)
    return form


def _certificate(signature: etree._Element) -> x509.Certificate | None:
    found = signature.findall(f"{_S}KeyInfo/{_S}X509Data/{_S}X509Certificate")
    if len(found) != 1:
        return None
    try:
        return x509.load_der_x509_certificate(base64.b64decode(found[0].text or ""))
    except (ValueError, binascii.Error):
        return None


def _is_good(certificate: x509.Certificate, authority: x509.Certificate, now: datetime) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _digest(content: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    hasher = hashes.Hash(algorithm)
    hasher.update(content)
    return hasher.finalize()


def _algorithm(element: etree._Element, name: str) -> str:
    found = element.find(f"{_S}{name}")
    return "" if found is None else found.get("Algorithm", "")


def _decoded(element: etree._Element, name: str) -> bytes:
    try:
        return base64.b64decode("".join((element.findtext(f"{_S}{name}") or "").split()))
    except binascii.Error:
        return b""
