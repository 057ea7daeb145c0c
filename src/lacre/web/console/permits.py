"""What people of an account may see, by their role: who looks after it everything, the others documents."""

from __future__ import annotations

from lacre.accounts.account import Role, User
from lacre.signing.envelope import Envelope

OF_THE_ACCOUNT = ("/app/deliveries", "/app/events", "/app/replays", "/app/endpoints", "/app/keys")
"""What is set up for the whole account, and what is told of every document of it."""


def may_open(user: User, path: str) -> bool:
    return user.role.administers or not path.startswith(OF_THE_ACCOUNT)


def may_see(user: User, envelope: Envelope) -> bool:
    return not sees_of(user) or envelope.options.created_by == user.email


def sees_of(user: User) -> str:
    """Whose documents alone they see; empty: everybody's."""
    return user.email if user.role is Role.LIMITED else ""
