"""JSON Web Tokens of users: one to call with, and one to get the next with. Nothing is kept of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from lacre.accounts.account import User
from lacre.dialects.zapsign.errors import Declined
from lacre.kit.ids import UserId
from lacre.services import Services

ACCESS, REFRESH = "access", "refresh"
LIVES = {ACCESS: timedelta(hours=1), REFRESH: timedelta(days=1)}
"""One hour, as they say; of the other they say one thing here and another there."""


def looks_like_one(token: str) -> bool:
    return token.count(".") == 2


def issued(services: Services, user: User, kind: str, *, now: datetime) -> str:
    return services.tokens.sign(
        {
            "token_type": kind,
            "exp": int((now + LIVES[kind]).timestamp()),
            "jti": services.tokens.uuid().replace("-", ""),
            "user_id": user.id,
            "type": "public",
            "password": _trace(services, user),
        }
    )


def holder(services: Services, signed: str, *, kind: str, now: datetime) -> User:
    """Whose it is; one made before its user's password was changed is void."""
    said = services.tokens.claims(signed, now=now)
    if said is None or said.get("token_type") != kind:
        raise _over()
    with services.open_work() as work:
        user = work.accounts.user(UserId(str(said.get("user_id"))))
    if user is None or said.get("password") != _trace(services, user):
        raise _over()
    return user


def _over() -> Declined:
    return Declined(401, {"detail": "Token is invalid or expired", "code": "token_not_valid"})


def _trace(services: Services, user: User) -> str:
    """Changes with the password and says nothing about it."""
    return services.tokens.digest(f"password of a pass {user.password}")[:16]
