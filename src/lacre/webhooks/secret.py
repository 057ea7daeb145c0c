"""An endpoint's signing secrets: the newest, and those that were replaced and still sign for a while."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime

from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.scheme import as_private_key
from lacre.webhooks.signature import as_secret

MOST = 4
"""Valid at the same time; the oldest goes when another comes."""
LONGEST_OVERLAP_DAYS = 7
USUAL_OVERLAP_DAYS = 1


def secret_of(random: str) -> str:
    """256 random bits, which came URL-safe, in the form that receivers' libraries read."""
    return as_secret(_bytes(random))


def valid(endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    """Newest first."""
    return endpoint.secrets.signing[: 1 + len(_ends(endpoint, now))]


def valid_keys(endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    """The same, of the private keys."""
    return endpoint.secrets.private_keys[: 1 + len(_ends(endpoint, now))]


def private_key_of(random: str) -> str:
    return as_private_key(_bytes(random))


def rotate(
    endpoint: Endpoint, secret: str, *, private_key: str = "", old_ends: datetime, now: datetime
) -> None:
    """The new one signs at once, the one before it until `old_ends`, earlier ones until then at most.

    Whoever takes a secret back at once, because it leaked, takes back those that it replaced as well.
    """
    earlier = (min(end, old_ends) for end in _ends(endpoint, now))
    ends = tuple(end for end in (old_ends, *earlier) if end > now)[: MOST - 1]
    signing = (secret, *endpoint.secrets.signing)[: 1 + len(ends)]
    keys = endpoint.secrets.private_keys
    if private_key and keys:  # who has none asked for no form that needs one
        keys = (private_key, *keys)
    keys = keys[: 1 + len(ends)]
    endpoint.secrets = replace(endpoint.secrets, signing=signing, private_keys=keys, ends=ends)


def _bytes(random: str) -> bytes:
    return base64.urlsafe_b64decode(random + "=" * (-len(random) % 4))


def _ends(endpoint: Endpoint, now: datetime) -> tuple[datetime, ...]:
    """Of the older secrets that are still valid; a replaced one never outlives the one that replaced it."""
    return tuple(end for end in endpoint.secrets.ends if end > now)
