"""Whose token a request carries: in the Authorization header, with or without `Bearer`, or in the query."""

from __future__ import annotations

from lacre.accounts.account import ApiKey
from lacre.dialects.zapsign.errors import BAD_TOKEN, NO_TOKEN, Declined
from lacre.services import Services

DIALECT = "zapsign"


def token_of(authorization: str, query: str) -> str:
    """Empty when there is none; the header wins."""
    scheme, _, rest = authorization.strip().partition(" ")
    if rest and scheme.lower() in ("bearer", "token", "jwt"):
        return rest.strip()
    return scheme or query.strip()


def key_of(services: Services, token: str) -> ApiKey:
    """403 and not 401, as their clients expect."""
    if not token:
        raise Declined(403, NO_TOKEN)
    with services.open_work() as work:
        key = work.accounts.key_by_digest(services.tokens.digest(token), DIALECT)
    if key is None:
        raise Declined(403, BAD_TOKEN)
    return key
