"""What people of an account may see, by their role: who looks after it everything, the others documents."""

from __future__ import annotations

from lacre.accounts.account import User

OF_THE_ACCOUNT = (
    "/app/templates", "/app/deliveries", "/app/events", "/app/replays", "/app/endpoints", "/app/groups",
    "/app/keys", "/app/invoices", "/app/companies",
    "/app/extractions", "/app/types", "/app/event-types",
)  # fmt: skip
"""What is set up for the whole account, and what is told of every document of it."""


def may_open(user: User, path: str) -> bool:
    return user.role.administers or not path.startswith(OF_THE_ACCOUNT)
