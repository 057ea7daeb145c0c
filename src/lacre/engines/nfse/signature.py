"""The signature that stands beside what it signs: XMLDSig, enveloped, unprefixed, one certificate."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificate
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.algorithms import SignatureConstructionMethod as Construction
from signxml.signer import XMLSigner

from lacre.engines.nfse.algorithm import Algorithm
from lacre.engines.nfse.schema import parse

DSIG = "http://www.w3.org/2000/09/xmldsig#"


_METHODS = {
    Algorithm.SHA256: (
        SignatureMethod.RSA_SHA256,
        DigestAlgorithm.SHA256,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    ),
    Algorithm.SHA1: (
        SignatureMethod.RSA_SHA1,
        DigestAlgorithm.SHA1,
        CanonicalizationMethod.CANONICAL_XML_1_0,
    ),
}


class _Signer(XMLSigner):
    """signxml, for whom the tax office's algorithm is not ours to refuse."""

    def check_deprecated_methods(self) -> None:
        """SHA-1, where the setting says so."""


def signed(xml: bytes, signed_id: str, pem: bytes, algorithm: Algorithm) -> bytes:
    """With the signature last in the root, and no sign between two tags but the declaration's line.

    `pem` holds the certificate first, and a private key without a password.
    """
    # its numbers were tried when it was brought; to try them for every note takes fifty milliseconds
    key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    certificate = load_pem_x509_certificate(pem)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("ICP-Brasil's A1 keys are RSA")
    return signed_with(xml, signed_id, key, certificate, algorithm)


def signed_with(
    xml: bytes, signed_id: str, key: RSAPrivateKey, certificate: Certificate, algorithm: Algorithm
) -> bytes:
    method, digest, canonical = _METHODS[algorithm]
    signer = _Signer(
        method=Construction.enveloped,
        signature_algorithm=method,
        digest_algorithm=digest,
        c14n_algorithm=canonical,
    )
    signer.namespaces = {None: DSIG}  # type: ignore[dict-item]  # no prefix: the manual forbids them
    signer.excise_empty_xmlns_declarations = True
    tree = signer.sign(parse(xml), key=key, cert=[certificate], reference_uri=f"#{signed_id}")
    return written(tree)


def written(tree: etree._Element) -> bytes:
    body: bytes = etree.tostring(tree, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>' + body
