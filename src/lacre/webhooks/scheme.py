"""Forms of signature that receivers know: an endpoint may ask for several at once."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lacre.webhooks import signature
from lacre.webhooks.errors import SecretNotUsable

PRIVATE, PUBLIC = "whsk_", "whpk_"
SEED_BYTES = 32

Headers: TypeAlias = tuple[tuple[str, str], ...]


class Scheme(StrEnum):
    STANDARD = "standard"
    """Standard Webhooks v1: every valid secret signs."""
    ED25519 = "ed25519"
    """Standard Webhooks v1a: the receiver needs no secret, only our public key."""
    CONTENT_HMAC = "content_hmac"
    """`Content-Hmac: sha256=` and hex."""
    HMAC = "hmac"
    """`HMAC:` and Base64."""
    TIMESTAMPED = "timestamped"
    """`Lacre-Signature: t=…,v1=…`, with a `v1` of every valid secret."""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What is signed, and with what; the newest secret is first."""

    message_id: str
    at: datetime
    body: bytes
    secrets: Sequence[str] = field(repr=False)
    private_keys: Sequence[str] = field(default=(), repr=False)

    @property
    def timestamp(self) -> str:
        return str(int(self.at.timestamp()))


def signature_headers(schemes: Sequence[Scheme], signed: Signed) -> Headers:
    """Which message it is and when it is said always; then how it is known to be ours."""
    ours: Headers = (("webhook-id", signed.message_id), ("webhook-timestamp", signed.timestamp))
    standard = [one for scheme in schemes for one in _STANDARD.get(scheme, _none)(signed)]
    joined: Headers = (("webhook-signature", " ".join(standard)),) if standard else ()
    others = tuple(_OTHERS[scheme](signed) for scheme in schemes if scheme in _OTHERS)
    return ours + joined + others


def as_private_key(seed: bytes) -> str:
    return PRIVATE + base64.b64encode(seed).decode()


def public_key(private_key: str) -> str:
    """What the receiver verifies with; no secret."""
    return PUBLIC + base64.b64encode(_key(private_key).public_key().public_bytes_raw()).decode()


def _key(private_key: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(
            base64.b64decode(private_key.removeprefix(PRIVATE), validate=True)
        )
    except (binascii.Error, ValueError):
        raise SecretNotUsable(0) from None


def _v1(signed: Signed) -> list[str]:
    return [
        signature.sign(secret, message_id=signed.message_id, timestamp=signed.timestamp, body=signed.body)
        for secret in signed.secrets
    ]


def _v1a(signed: Signed) -> list[str]:
    content = f"{signed.message_id}.{signed.timestamp}.".encode() + signed.body
    return ["v1a," + base64.b64encode(_key(one).sign(content)).decode() for one in signed.private_keys]


def _none(_: Signed) -> list[str]:
    return []


def _content_hmac(signed: Signed) -> tuple[str, str]:
    return "Content-Hmac", "sha256=" + _mac(signed.secrets[0], signed.body).hex()


def _hmac(signed: Signed) -> tuple[str, str]:
    return "HMAC", base64.b64encode(_mac(signed.secrets[0], signed.body)).decode()


def _timestamped(signed: Signed) -> tuple[str, str]:
    content = f"{signed.timestamp}.".encode() + signed.body
    macs = [f"v1={_mac(secret, content).hex()}" for secret in signed.secrets]
    return "Lacre-Signature", ",".join([f"t={signed.timestamp}", *macs])


def _mac(secret: str, content: bytes) -> bytes:
    """These forms take the secret's letters as they are for the key, prefix and all."""
    return hmac.digest(secret.encode(), content, "sha256")


_STANDARD: Mapping[Scheme, Callable[[Signed], list[str]]] = {Scheme.STANDARD: _v1, Scheme.ED25519: _v1a}
_OTHERS: Mapping[Scheme, Callable[[Signed], tuple[str, str]]] = {
    Scheme.CONTENT_HMAC: _content_hmac,
    Scheme.HMAC: _hmac,
    Scheme.TIMESTAMPED: _timestamped,
}
