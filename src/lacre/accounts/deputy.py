"""The secret by which a system acts for a person over an API, where it is their own act that is asked for.

Derived and kept nowhere: whoever has an API key and knows who there is still cannot sign for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lacre.accounts.account import User
from lacre.kit.ids import as_uuid


def deputy_token(user: User, digest: Callable[[str], str]) -> str:
    """In the shape of a UUID, the same for ever; `digest` is keyed with the installation's own key."""
    return as_uuid(digest(f"deputy of {user.id}")[:32]) or ""


def represented(users: Iterable[User], token: str, digest: Callable[[str], str]) -> User | None:
    """Whom of these the token stands for."""
    wanted = as_uuid(token)
    return next((user for user in users if wanted and deputy_token(user, digest) == wanted), None)
