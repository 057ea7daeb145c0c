"""Whose key a request carries: HTTP Basic, with the key as user and no password."""

from __future__ import annotations

import binascii
from base64 import b64decode

from lacre.accounts.account import ApiKey
from lacre.dialects.fastnotas.errors import UNAUTHORIZED, Declined
from lacre.services import Services

DIALECT = "fastnotas"
ASK = {"WWW-Authenticate": 'Basic realm="Lacre"'}


def key_of(services: Services, authorization: str) -> ApiKey:
    """Raises 401."""
    secret = _user(authorization)
    if secret:
        with services.open_work() as work:
            key = work.accounts.key_by_digest(services.tokens.digest(secret), DIALECT)
        if key is not None:
            return key
    raise Declined(401, UNAUTHORIZED, headers=ASK)


def _user(authorization: str) -> str:
    scheme, _, said = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(said.strip(), validate=True).decode().partition(":")[0].strip()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
