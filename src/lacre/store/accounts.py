"""Accounts, users, sessions and API keys; of every secret only the digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from lacre.accounts.account import Account, ApiKey, Role, User
from lacre.accounts.answers import AnsweredMeanwhile, GivenAnswer
from lacre.kit.ids import AccountId, UserId
from lacre.kit.refusal import NotFound
from lacre.store import account_tables as tables
from lacre.store.account_tables import account, api_key, group_member, idempotency, login_link, session, user
from lacre.store.columns import plain
from lacre.store.counters import count_up
from lacre.store.instants import instant, instant_if, micros, micros_if
from lacre.store.keys import Keys
from lacre.store.tables import document, envelope
from lacre.store.transaction import Transaction, put_if_new

SESSION_IDLE = timedelta(hours=12)
SESSION_LIFE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=1)  # not a write for each page
ANSWER_LIFE = timedelta(days=1)


class SqlAccounts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def by_name(self, name: str) -> Account | None:
        row = self._transaction.read(select(account).where(account.c.name == plain(name))).first()
        return None if row is None else _account(row)

    def get(self, account_id: AccountId) -> Account:
        row = self._transaction.read(select(account).where(account.c.id == account_id)).first()
        if row is None:
            raise NotFound("account")
        return _account(row)

    def add(self, account: Account) -> Account:
        return self._added(account, count_up(self._transaction, "account"))

    def find_or_add(self, account: Account) -> Account:
        known = self.by_name(account.name)
        if known is not None:
            return known
        # whoever adds one has the counter until it is kept: look again behind them
        number = count_up(self._transaction, "account")
        return self.by_name(account.name) or self._added(account, number)

    def save(self, account: Account) -> None:
        mine = update(tables.account).where(tables.account.c.id == account.id)
        self._transaction.write(mine.values(**_account_row(account)))

    def of_partner(self, partner_id: AccountId) -> Sequence[Account]:
        theirs = select(account).where(account.c.partner_id == partner_id).order_by(account.c.number)
        return [_account(row) for row in self._transaction.read(theirs)]

    def created_between(self, account_id: AccountId, since: datetime, until: datetime) -> tuple[int, int]:
        mine = (envelope.c.account_id == account_id) & (envelope.c.created_at >= micros(since))
        then = mine & (envelope.c.created_at < micros(until))
        envelopes = select(func.count()).select_from(envelope).where(then)
        documents = select(func.count()).select_from(document.join(envelope)).where(then)
        read = self._transaction.read
        return int(read(envelopes).scalar_one()), int(read(documents).scalar_one())

    def add_user(self, user: User) -> None:
        row = {
            "id": user.id,
            "account_id": user.account_id,
            "email": kept_email(user.email),
            "name": plain(user.name),
            "password": user.password,
            "created_at": micros(user.created_at),
            "role": user.role.value,
            "state": {name: plain(str(getattr(user, name))) for name in _OF_USERS},
        }
        self._transaction.write(insert(tables.user), row)

    def remove_user(self, user_id: UserId) -> None:
        for table in (session, login_link, group_member):
            self._transaction.write(delete(table).where(table.c.user_id == user_id))
        self._transaction.write(delete(user).where(user.c.id == user_id))

    def user_by_email(self, email: str) -> User | None:
        return self._user(user.c.email == kept_email(email))

    def user(self, user_id: UserId) -> User | None:
        return self._user(user.c.id == user_id)

    def users(self, account_id: AccountId) -> Sequence[User]:
        mine = select(user).where(user.c.account_id == account_id)
        return [_user(row) for row in self._transaction.read(mine.order_by(user.c.created_at, user.c.id))]

    def set_password(self, user_id: UserId, password: str) -> None:
        self._transaction.write(update(user).where(user.c.id == user_id).values(password=password))
        # whatever else lets in as this person may be in the hands of whom the new one is to keep out
        self._transaction.write(delete(session).where(session.c.user_id == user_id))
        others = (login_link.c.user_id == user_id) & login_link.c.used_at.is_(None)
        self._transaction.write(delete(login_link).where(others))

    def add_login_link(self, digest: str, user_id: UserId, expires_at: datetime) -> None:
        row = {"digest": digest, "user_id": user_id, "expires_at": micros(expires_at)}
        self._transaction.write(insert(login_link), row)

    def user_of_login_link(self, digest: str, *, now: datetime) -> User | None:
        wanted = select(login_link.c.user_id).where(_works(digest, now))
        return self._user(user.c.id == wanted.scalar_subquery())

    def use_login_link(self, digest: str, *, now: datetime) -> User | None:
        used = update(login_link).where(_works(digest, now)).values(used_at=micros(now))
        user_id = self._transaction.write(used.returning(login_link.c.user_id)).scalar()
        return None if user_id is None else self.user(user_id)

    def start_session(self, digest: str, user_id: UserId, *, now: datetime) -> None:
        at = micros(now)
        row = {"digest": digest, "user_id": user_id, "created_at": at, "seen_at": at}
        self._transaction.write(insert(session), row)

    def user_of_session(self, digest: str, *, now: datetime) -> User | None:
        row = self._transaction.read(select(session).where(session.c.digest == digest)).first()
        if row is None or row.ended_at is not None:
            return None
        if now - instant(row.seen_at) >= SESSION_IDLE or now - instant(row.created_at) >= SESSION_LIFE:
            return None
        if now - instant(row.seen_at) >= SEEN_EVERY:
            seen = update(session).where(session.c.digest == digest).values(seen_at=micros(now))
            self._transaction.write(seen)
        return self.user(row.user_id)

    def end_session(self, digest: str, *, now: datetime) -> None:
        ended = update(session).where(session.c.digest == digest).values(ended_at=micros(now))
        self._transaction.write(ended)

    def add_key(self, key: ApiKey) -> None:
        self._transaction.write(insert(api_key), _key_row(key))

    def key_by_digest(self, digest: str, dialect: str) -> ApiKey | None:
        valid = (api_key.c.dialect == dialect) & api_key.c.revoked_at.is_(None)
        row = self._transaction.read(select(api_key).where(api_key.c.digest == digest, valid)).first()
        return None if row is None else _key(row)

    def keys(self, account_id: AccountId) -> Sequence[ApiKey]:
        mine = select(api_key).where(api_key.c.account_id == account_id)
        return [_key(row) for row in self._transaction.read(mine.order_by(api_key.c.created_at))]

    def revoke_key(self, account_id: AccountId, key_id: str, *, now: datetime) -> bool:
        mine = (api_key.c.account_id == account_id) & (api_key.c.id == key_id)
        revoked = update(api_key).where(mine, api_key.c.revoked_at.is_(None))
        return self._transaction.write(revoked.values(revoked_at=micros(now))).rowcount == 1

    def _added(self, account: Account, number: int) -> Account:
        numbered = replace(account, number=number)
        row = {"id": numbered.id, "created_at": micros(numbered.created_at), **_account_row(numbered)}
        self._transaction.write(insert(tables.account), row)
        return numbered

    def _user(self, which: ColumnElement[bool]) -> User | None:
        row = self._transaction.read(select(user).where(which)).first()
        return None if row is None else _user(row)


class SqlAnswers:
    def __init__(self, transaction: Transaction, keys: Keys) -> None:
        self._transaction = transaction
        self._keys = keys

    def get(self, account_id: str, key: str) -> GivenAnswer | None:
        mine = (idempotency.c.account_id == account_id) & (idempotency.c.key == key)
        row = self._transaction.read(select(idempotency).where(mine)).first()
        if row is None:
            return None
        body = self._keys.open(row.sealed_body, *_place(account_id, key)).decode()
        return GivenAnswer(request_digest=row.request_digest, status=row.status, body=body)

    def keep(self, account_id: str, key: str, answer: GivenAnswer, *, now: datetime) -> None:
        old = (idempotency.c.account_id == account_id) & (
            idempotency.c.created_at < micros(now - ANSWER_LIFE)
        )
        self._transaction.write(delete(idempotency).where(old))
        row = {
            "account_id": account_id,
            "key": key,
            "request_digest": answer.request_digest,
            "status": answer.status,
            "sealed_body": self._keys.seal(answer.body.encode(), *_place(account_id, key)),
            "created_at": micros(now),
        }
        if not put_if_new(self._transaction, idempotency, row):
            raise AnsweredMeanwhile


def _works(digest: str, now: datetime) -> ColumnElement[bool]:
    """Of a one-time link: nobody used it, and it has not ended."""
    unused = login_link.c.used_at.is_(None)
    return (login_link.c.digest == digest) & unused & (login_link.c.expires_at > micros(now))


def _place(account_id: str, key: str) -> tuple[str, str, str]:
    return "idempotency", f"{account_id} {key}", "sealed_body"


def kept_email(email: str) -> str:
    return plain(email).strip().lower()


_OF_ACCOUNTS = ("opens_accounts", "suspended", "language", "title")
_OF_USERS = ("last_name", "phone_country", "phone")
"""What is kept of them as JSON: nothing is searched by it."""


def _account_row(account: Account) -> dict[str, Any]:
    return {
        "name": plain(account.name),
        "number": account.number,
        "partner_id": account.partner_id,
        "state": {name: getattr(account, name) for name in _OF_ACCOUNTS},
    }


def _account(row: Any) -> Account:  # noqa: ANN401 - a row
    return Account(
        id=row.id,
        name=row.name,
        created_at=instant(row.created_at),
        number=row.number,
        partner_id=row.partner_id,
        **_known(row.state, _OF_ACCOUNTS),
    )


def _known(state: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: state[name] for name in names if name in state}


def _user(row: Any) -> User:  # noqa: ANN401 - a row
    return User(
        id=row.id,
        account_id=row.account_id,
        email=row.email,
        name=row.name,
        password=row.password,
        created_at=instant(row.created_at),
        role=Role(row.role),
        **_known(row.state, _OF_USERS),
    )


def _key_row(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "account_id": key.account_id,
        "dialect": key.dialect,
        "digest": key.digest,
        "hint": key.hint,
        "name": plain(key.name),
        "created_at": micros(key.created_at),
        "revoked_at": micros_if(key.revoked_at),
    }


def _key(row: Any) -> ApiKey:  # noqa: ANN401 - a row
    return ApiKey(
        id=row.id,
        account_id=row.account_id,
        dialect=row.dialect,
        digest=row.digest,
        hint=row.hint,
        name=row.name,
        created_at=instant(row.created_at),
        revoked_at=instant_if(row.revoked_at),
    )
