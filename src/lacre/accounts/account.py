"""An account owns everything in it; users and API keys act for one account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lacre.kit.ids import AccountId, UserId


@dataclass(frozen=True, kw_only=True)
class Account:
    id: AccountId
    name: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class User:
    id: UserId
    account_id: AccountId
    email: str
    name: str
    password: str | None
    """Argon2 hash, or none until the one-time link was used."""
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """The key itself is shown once; its digest is kept."""

    id: str
    account_id: AccountId
    dialect: str
    digest: str
    hint: str
    """The last four signs, to tell keys apart."""
    name: str
    created_at: datetime
    revoked_at: datetime | None = None


class Accounts(Protocol):
    """Getters return `None` for what is not there: who asks decides what that means."""

    def by_name(self, name: str) -> Account | None: ...

    def get(self, account_id: AccountId) -> Account: ...

    def add(self, account: Account) -> None: ...

    def add_user(self, user: User) -> None: ...

    def user_by_email(self, email: str) -> User | None: ...

    def user(self, user_id: UserId) -> User | None: ...

    def users(self, account_id: AccountId) -> Sequence[User]:
        """The longest there first."""
        ...

    def set_password(self, user_id: UserId, password: str) -> None:
        """`password` is the hash. Ends every session of theirs: start a new one after it."""
        ...

    def add_login_link(self, digest: str, user_id: UserId, expires_at: datetime) -> None: ...

    def use_login_link(self, digest: str, *, now: datetime) -> User | None:
        """Works once, and not after its end."""
        ...

    def start_session(self, digest: str, user_id: UserId, *, now: datetime) -> None: ...

    def user_of_session(self, digest: str, *, now: datetime) -> User | None:
        """Ends 12 hours after it was last seen, and 14 days after it began; seeing it counts."""
        ...

    def end_session(self, digest: str, *, now: datetime) -> None: ...

    def add_key(self, key: ApiKey) -> None: ...

    def key_by_digest(self, digest: str, dialect: str) -> ApiKey | None:
        """Not the revoked ones."""
        ...

    def keys(self, account_id: AccountId) -> Sequence[ApiKey]: ...

    def revoke_key(self, account_id: AccountId, key_id: str, *, now: datetime) -> None: ...


class AccountsWork(Protocol):
    @property
    def accounts(self) -> Accounts: ...
