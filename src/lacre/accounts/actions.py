"""Accounts come into being, and people and systems get their keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from lacre.accounts.account import Account, AccountsWork, ApiKey, User
from lacre.kit.ids import AccountId, UserId
from lacre.kit.refusal import Refusal

LOGIN_LINK_LIFE = timedelta(hours=24)


class EmailTaken(Refusal):
    """The e-mail {0} already belongs to a user of another account."""


def find_or_open(work: AccountsWork, name: str, *, new_id: str, now: datetime) -> Account:
    """The account of that name; a new one if there is none."""
    known = work.accounts.by_name(name)
    if known is not None:
        return known
    account = Account(id=AccountId(new_id), name=name, created_at=now)
    work.accounts.add(account)
    return account


def give_key(
    work: AccountsWork,
    account: Account,
    *,
    dialect: str,
    key_id: str,
    key: str,
    digest: str,
    now: datetime,
    name: str = "",
) -> ApiKey:
    """Keeps the digest of `key` and its last four signs; the key itself is the caller's to show, once."""
    kept = ApiKey(
        id=key_id,
        account_id=account.id,
        dialect=dialect,
        digest=digest,
        hint=key[-4:],
        name=name,
        created_at=now,
    )
    work.accounts.add_key(kept)
    return kept


def find_or_add_user(work: AccountsWork, account: Account, email: str, *, new_id: str, now: datetime) -> User:
    """The account's user of that e-mail; a new one, still without a password, if there is none."""
    known = work.accounts.user_by_email(email)
    if known is None:
        user = User(
            id=UserId(new_id), account_id=account.id, email=email, name="", password=None, created_at=now
        )
        work.accounts.add_user(user)
        return user
    if known.account_id != account.id:
        raise EmailTaken(email)
    return known
