"""Groups of people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from lacre.accounts.group import Group
from lacre.kit.ids import AccountId, GroupId, UserId
from lacre.store.account_tables import group, group_member, user
from lacre.store.accounts import kept_email
from lacre.store.columns import plain
from lacre.store.instants import instant, micros
from lacre.store.transaction import Transaction, put


class SqlGroups:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def of_person(self, account_id: AccountId, email: str) -> Sequence[GroupId]:
        theirs = (user.c.account_id == account_id) & (user.c.email == kept_email(email))
        found = select(group_member.c.group_id).join(user).where(theirs).order_by(group_member.c.group_id)
        return [GroupId(one) for one in self._transaction.read(found).scalars()]

    def of_account(self, account_id: AccountId) -> Sequence[Group]:
        mine = group.c.account_id == account_id
        members: dict[str, list[UserId]] = {}
        for row in self._transaction.read(select(group_member).join(group).where(mine)):
            members.setdefault(row.group_id, []).append(UserId(row.user_id))
        return [
            Group(
                id=GroupId(row.id),
                account_id=account_id,
                name=row.name,
                members=tuple(sorted(members.get(row.id, ()))),
                created_at=instant(row.created_at),
            )
            for row in self._transaction.read(select(group).where(mine).order_by(group.c.name))
        ]

    def keep(self, kept: Group) -> None:
        row = {
            "id": kept.id,
            "account_id": kept.account_id,
            "name": plain(kept.name),
            "created_at": micros(kept.created_at),
        }
        put(self._transaction, group, [row], ["id"])
        self._empty(kept)
        if kept.members:
            rows = [{"group_id": kept.id, "user_id": one} for one in kept.members]
            self._transaction.write(insert(group_member), rows)

    def remove(self, kept: Group) -> None:
        self._empty(kept)
        self._transaction.write(delete(group).where(group.c.id == kept.id))

    def _empty(self, kept: Group) -> None:
        self._transaction.write(delete(group_member).where(group_member.c.group_id == kept.id))
