"""An account owns everything in it; users and API keys act for one account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from lacre.accounts.group import Memberships
from lacre.kit.ids import AccountId, UserId


class Role(StrEnum):
    """What a person of an account may see and do in the console."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    """Every document, but not what is set up for the whole account: webhooks, keys, people."""
    LIMITED = "limited"
    """Only the documents that they sent themself."""

    @property
    def administers(self) -> bool:
        return self in (Role.OWNER, Role.ADMIN)


@dataclass(frozen=True, kw_only=True)
class Account:
    id: AccountId
    name: str
    created_at: datetime
    number: int = 0
    """Counts up over the installation; given by `Accounts.add`."""
    partner_id: AccountId | None = None
    """The account that opened this one, and answers for it."""
    opens_accounts: bool = False
    """Whether the operator lets it open accounts of its own customers."""
    suspended: bool = False
    """By its partner, who was not paid: nothing new is created until that is lifted."""
    language: str = "pt-br"
    title: str = ""
    """What it is called where it is shown, when `name`, which no two share, says more than that."""

    @property
    def shown_name(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, kw_only=True)
class User:
    id: UserId
    account_id: AccountId
    email: str
    name: str
    password: str | None
    """Argon2 hash, or none until the one-time link was used."""
    created_at: datetime
    role: Role = Role.OWNER
    last_name: str = ""
    """When `name` is the first name alone."""
    phone_country: str = ""
    phone: str = ""

    @property
    def sees_only(self) -> str:
        """Whose documents alone they see, by e-mail; empty: everybody's."""
        return self.email if self.role is Role.LIMITED else ""

    def sees(self, sender: str) -> bool:
        """Whether a document of that sender is theirs to see."""
        return self.sees_only in ("", sender)


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


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """Not kept yet: one of the keys that a dialect's clients are given together."""

    label: str
    """What those clients call it."""
    dialect: str
    """Whose key it is; a second key that a dialect wants has a name of its own."""
    secret: str


class Holders(Protocol):
    """As much of `Accounts` as other businesses ask."""

    def get(self, account_id: AccountId) -> Account: ...


class HoldersWork(Protocol):
    @property
    def accounts(self) -> Holders: ...

    @property
    def groups(self) -> Memberships: ...


class Accounts(Protocol):
    """Getters return `None` for what is not there: who asks decides what that means."""

    def by_name(self, name: str) -> Account | None: ...

    def get(self, account_id: AccountId) -> Account: ...

    def add(self, account: Account) -> Account:
        """With its number."""
        ...

    def find_or_add(self, account: Account) -> Account:
        """The one of that name, also when somebody else adds it at this moment."""
        ...

    def save(self, account: Account) -> None: ...

    def of_partner(self, partner_id: AccountId) -> Sequence[Account]:
        """Those that it opened, the first one first."""
        ...

    def add_user(self, user: User) -> None: ...

    def user_by_email(self, email: str) -> User | None: ...

    def user(self, user_id: UserId) -> User | None: ...

    def users(self, account_id: AccountId) -> Sequence[User]:
        """The longest there first."""
        ...

    def remove_user(self, user_id: UserId) -> None:
        """With their sessions and one-time links."""
        ...

    def set_password(self, user_id: UserId, password: str) -> None:
        """`password` is the hash. Ends every session of theirs: start a new one after it."""
        ...

    def add_login_link(self, digest: str, user_id: UserId, expires_at: datetime) -> None: ...

    def user_of_login_link(self, digest: str, *, now: datetime) -> User | None:
        """Whom it would let in: looking does not use it."""
        ...

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

    def created_between(self, account_id: AccountId, since: datetime, until: datetime) -> tuple[int, int]:
        """How many envelopes and documents were created from `since` up to `until`."""
        ...

    def keys(self, account_id: AccountId) -> Sequence[ApiKey]: ...

    def revoke_key(self, account_id: AccountId, key_id: str, *, now: datetime) -> bool:
        """Whether it was valid until now."""
        ...


class AccountsWork(Protocol):
    @property
    def accounts(self) -> Accounts: ...
