"""The CMS of a PAdES signature, put together from pieces encoded once per certificate.

A general ASN.1 library spends some nine milliseconds on it each time; only the digest, the signature and the
timestamp ever differ. The signed attributes are exactly the three that PAdES and the ITI validator want.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate

from lacre.engines.pades.certificate import Identity

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_TIMESTAMP_TOKEN = bytes.fromhex("060b2a864886f70d010910020e")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_RSA_SHA256 = bytes.fromhex("300d06092a864886f70d01010b0500")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_SEQUENCE, _SET, _OCTETS, _ZERO, _ONE = 0x30, 0x31, 0x04, 0xA0, 0xA1

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class SignedDigest:
    """A signature over a document's digest; what a timestamp is asked for is `signature`."""

    attributes: bytes
    signature: bytes


class Pen:
    """A key with its certificates, wherever the key lives: `write` signs bytes with it, by SHA-256."""

    def __init__(self, chain: tuple[bytes, ...], write: Callable[[bytes], bytes]) -> None:
        self._write = write
        leaf = load_der_x509_certificate(chain[0])
        public = leaf.public_key()
        if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            raise TypeError("only RSA and ECDSA keys can sign")
        self._public = public
        self._algorithm = _RSA_SHA256 if isinstance(public, rsa.RSAPublicKey) else _ECDSA_SHA256
        self._certificates = der(_ZERO, b"".join(chain))
        serial = leaf.serial_number
        number = serial.to_bytes(serial.bit_length() // 8 + 1, "big")
        self._signer = der(_SEQUENCE, leaf.issuer.public_bytes() + der(0x02, number))
        self._before, self._after = _attribute_pieces(chain[0])

    @cached_property
    def room(self) -> int:
        """Bytes that a signature without a timestamp needs; nothing is signed to find out."""
        attributes = self._before + bytes(32) + self._after
        size = self._public.key_size // 8
        if isinstance(self._public, ec.EllipticCurvePublicKey):
            # two numbers of the curve's size, with their frames
            size = 2 * size + 8
        return len(self.cms(SignedDigest(attributes, bytes(size)))) + 16

    def sign(self, digest: bytes) -> SignedDigest:
        """Signs, and checks the signature: a fault in the machine must not end up in a document."""
        attributes = self._before + digest + self._after
        content = der(_SET, attributes)
        signature = self._write(content)
        self._check(signature, content)
        return SignedDigest(attributes, signature)

    def _check(self, signature: bytes, content: bytes) -> None:
        if isinstance(self._public, rsa.RSAPublicKey):
            self._public.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        else:
            self._public.verify(signature, content, ec.ECDSA(hashes.SHA256()))

    def cms(self, signed: SignedDigest, token: bytes = b"") -> bytes:
        """The whole CMS, with a timestamp of the signature if there is one."""
        unsigned = der(_ONE, der(_SEQUENCE, _TIMESTAMP_TOKEN + der(_SET, token))) if token else b""
        info = der(
            _SEQUENCE,
            b"\x02\x01\x01"
            + self._signer
            + _SHA256
            + der(_ZERO, signed.attributes)
            + self._algorithm
            + der(_OCTETS, signed.signature)
            + unsigned,
        )
        body = (
            b"\x02\x01\x01"
            + der(_SET, _SHA256)
            + der(_SEQUENCE, _DATA)
            + self._certificates
            + der(_SET, info)
        )
        return der(_SEQUENCE, _SIGNED_DATA + der(_ZERO, der(_SEQUENCE, body)))


@lru_cache(maxsize=4)
def pen(identity: Identity) -> Pen:
    """Of the platform's seal: once per process, as OpenSSL's checks of a key are slow."""
    key = loaded(identity.key)
    if load_der_x509_certificate(identity.chain[0]).public_key() != key.public_key():
        raise ValueError("the key does not belong to the certificate")
    return Pen(identity.chain, partial(sign_with, key))


def sign_with(key: PrivateKey, content: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(content, ec.ECDSA(hashes.SHA256()))


def _attribute_pieces(leaf: bytes) -> tuple[bytes, bytes]:
    """The signed attributes before and after the digest, in the order that DER gives a set."""
    content_type = der(_SEQUENCE, _CONTENT_TYPE + der(_SET, _DATA))
    digest = der(_SEQUENCE, _MESSAGE_DIGEST + der(_SET, der(_OCTETS, bytes(32))))
    named = der(_SEQUENCE, der(_OCTETS, hashlib.sha256(leaf).digest()))
    certificate = der(_SEQUENCE, _SIGNING_CERTIFICATE_V2 + der(_SET, der(_SEQUENCE, der(_SEQUENCE, named))))
    before, after = b"".join(sorted([content_type, digest, certificate])).split(digest)
    return before + digest[:-32], after


def loaded(key: bytes) -> PrivateKey:
    # it is our own file or came out of a P12 that was checked when it was read
    loaded = serialization.load_der_private_key(key, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(loaded, PrivateKey):
        raise TypeError("only RSA and ECDSA keys can seal")
    return loaded


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
