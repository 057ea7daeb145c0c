"""Standard Webhooks v1: HMAC-SHA256 over exactly the bytes that are sent."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from lacre.webhooks.errors import SecretNotUsable

PREFIX = "whsec_"
KEY_BYTES = range(24, 65)
"""What the specification asks of a key."""


def as_secret(key: bytes) -> str:
    """A key in the form that is shown to people and read by receivers' libraries."""
    if len(key) not in KEY_BYTES:
        raise SecretNotUsable(len(key))
    return PREFIX + base64.b64encode(key).decode()


@lru_cache(maxsize=1024)
def key_of(secret: str) -> bytes:
    """The inverse of `as_secret`; the prefix may be missing."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretNotUsable(0) from None
    if len(key) not in KEY_BYTES:
        raise SecretNotUsable(len(key))
    return key


def headers(
    secrets: Sequence[str], *, message_id: str, at: datetime, body: bytes
) -> tuple[tuple[str, str], ...]:
    """The three headers; every secret still valid signs, so that they can be rotated without a gap."""
    timestamp = str(int(at.timestamp()))
    signatures = (sign(secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets)
    return (
        ("webhook-id", message_id),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", " ".join(signatures)),
    )


def sign(secret: str, *, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode()
