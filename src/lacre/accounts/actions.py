"""Accounts come into being, people and systems get their keys, and partners answer for their customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from lacre.accounts.account import Account, AccountsWork, ApiKey, HoldersWork, Role, User
from lacre.kit.ids import AccountId, UserId
from lacre.kit.jobs import Job, Jobs
from lacre.kit.refusal import Refusal

LOGIN_LINK_LIFE = timedelta(hours=24)
INVITE = "accounts.invite"
"""The job that mails a new person their link."""
INVITATION_LIFE = timedelta(days=7)


class InvitingWork(AccountsWork, Protocol):
    @property
    def jobs(self) -> Jobs: ...


class EmailTaken(Refusal):
    """The e-mail {0} already belongs to a user of another account."""


class OwnerStays(Refusal):
    """The owner of an account cannot be removed from it."""


class AccountSuspended(Refusal):
    """This account is suspended by its partner: nothing new can be created until that is lifted."""


class NotAPartner(Refusal):
    """This account may not open accounts of its own; the operator allows it with `lacre account`."""


class NotTheirPartner(Refusal):
    """The account that is named was not opened by this one."""


class KeyRevoked(Refusal):
    """This key is revoked already."""


def require_standing(work: HoldersWork, account_id: AccountId) -> None:
    """Before anything new is created."""
    if work.accounts.get(account_id).suspended:
        raise AccountSuspended


def find_or_open(work: AccountsWork, name: str, *, new_id: str, now: datetime) -> Account:
    """The account of that name; a new one if there is none."""
    return work.accounts.find_or_add(Account(id=AccountId(new_id), name=name, created_at=now))


def open_for(work: AccountsWork, partner: Account, new: Account) -> Account:
    """An account of a customer of the partner's; two customers may be called the same."""
    if not partner.opens_accounts or partner.partner_id is not None:
        raise NotAPartner
    named = replace(new, name=f"{new.name} [{new.id[:8]}]", title=new.name, partner_id=partner.id)
    return work.accounts.add(named)


def suspend(work: AccountsWork, partner: Account, customer: Account, *, suspended: bool) -> None:
    """Also lifts it; may be repeated."""
    if customer.partner_id != partner.id:
        raise NotTheirPartner
    work.accounts.save(replace(customer, suspended=suspended))


def allow_partner(work: AccountsWork, account: Account, *, allowed: bool) -> None:
    work.accounts.save(replace(account, opens_accounts=allowed))


def invite_user(work: InvitingWork, new: User, *, now: datetime) -> User:
    """A person without a password, who gets a mail with a link; who is there already stays as they are."""
    known = work.accounts.user_by_email(new.email)
    if known is None:
        work.accounts.add_user(new)
        work.jobs.add(Job(kind=INVITE, key=new.id, due_at=now, account_id=new.account_id))
        return new
    if known.account_id != new.account_id:
        raise EmailTaken(new.email)
    return known


def remove_user(work: AccountsWork, user: User) -> None:
    """Their documents stay."""
    if user.role is Role.OWNER:
        raise OwnerStays
    work.accounts.remove_user(user.id)


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


def renew_key(
    work: AccountsWork, old: ApiKey, *, key_id: str, key: str, digest: str, now: datetime
) -> ApiKey:
    """One of the same kind and name in its place; the old one is refused from now on."""
    if not work.accounts.revoke_key(old.account_id, old.id, now=now):
        raise KeyRevoked
    new = replace(old, id=key_id, digest=digest, hint=key[-4:], created_at=now, revoked_at=None)
    work.accounts.add_key(new)
    return new


def find_or_add_user(work: AccountsWork, account: Account, email: str, *, new_id: str, now: datetime) -> User:
    """The account's user of that e-mail; a new one, still without a password, if there is none."""
    known = work.accounts.user_by_email(email)
    if known is None:
        role = Role.ADMIN if work.accounts.users(account.id) else Role.OWNER
        user = User(
            id=UserId(new_id),
            account_id=account.id,
            email=email,
            name="",
            password=None,
            created_at=now,
            role=role,
        )
        work.accounts.add_user(user)
        return user
    if known.account_id != account.id:
        raise EmailTaken(email)
    return known
