"""Whose token a request carries: in the Authorization header, with or without `Bearer`, or in the query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lacre.accounts.account import User
from lacre.dialects.zapsign import passes
from lacre.dialects.zapsign.errors import BAD_TOKEN, NO_TOKEN, Declined
from lacre.kit.ids import AccountId
from lacre.services import Services

DIALECT = "zapsign"
_SCHEMES = ("bearer", "token", "jwt")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks: a client system with its key, or a user with a pass (their JWT)."""

    account_id: AccountId
    name: str
    """As the audit log writes them."""
    user: User | None = None


def token_of(authorization: str, query: str) -> str:
    """Empty when there is none; the header wins."""
    scheme, _, rest = authorization.strip().partition(" ")
    given = rest.strip() if scheme.lower() in _SCHEMES else scheme
    return given or query.strip()


def caller_of(services: Services, token: str, *, now: datetime) -> Caller:
    """403 and not 401, as their clients expect; of a pass that is over 401, so that it is renewed."""
    if not token:
        raise Declined(403, NO_TOKEN)
    if passes.looks_like_one(token):
        user = passes.holder(services, token, kind=passes.ACCESS, now=now)
        return Caller(account_id=user.account_id, name=f"user:{user.id}", user=user)
    with services.open_work() as work:
        key = work.accounts.key_by_digest(services.tokens.digest(token), DIALECT)
    if key is None:
        raise Declined(403, BAD_TOKEN)
    return Caller(account_id=key.account_id, name=f"key:{key.id}")
