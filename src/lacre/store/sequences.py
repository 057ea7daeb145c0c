"""Numbers of notes: one row a series, whose lock is the turn; those given back beside it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, update

from lacre.fiscal.errors import SequencePassed
from lacre.kit.ids import AccountId
from lacre.store.fiscal_tables import freed_number, series
from lacre.store.transaction import Transaction, put_if_new


class SqlSequences:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def upcoming(self, account_id: AccountId, registry_code: str, series_name: str) -> int:
        owner = _owner(account_id, registry_code, series_name)
        found = self._transaction.read(select(series.c.next).where(_of(series, owner))).scalar()
        return self._lowest_freed(owner) or (1 if found is None else int(found))

    def take(self, account_id: AccountId, registry_code: str, series_name: str) -> int:
        owner = _owner(account_id, registry_code, series_name)
        upcoming = self._in_turn(owner)
        freed = self._lowest_freed(owner)
        if freed is not None:
            self._transaction.write(
                delete(freed_number).where(_of(freed_number, owner), freed_number.c.number == freed)
            )
            return freed
        self._transaction.write(update(series).where(_of(series, owner)).values(next=upcoming + 1))
        return upcoming

    def give_back(self, account_id: AccountId, registry_code: str, series_name: str, number: int) -> None:
        owner = _owner(account_id, registry_code, series_name)
        self._in_turn(owner)
        put_if_new(self._transaction, freed_number, {**owner, "number": number})

    def raise_to(self, account_id: AccountId, registry_code: str, series_name: str, number: int) -> None:
        owner = _owner(account_id, registry_code, series_name)
        upcoming = self._in_turn(owner)
        if number < upcoming:
            raise SequencePassed(upcoming)
        self._transaction.write(update(series).where(_of(series, owner)).values(next=number))

    def _in_turn(self, owner: dict[str, Any]) -> int:
        """The next number; until this transaction ends nobody else learns of one."""
        put_if_new(self._transaction, series, {**owner, "next": 1})
        held = update(series).where(_of(series, owner)).values(next=series.c.next).returning(series.c.next)
        return int(self._transaction.write(held).scalar_one())

    def _lowest_freed(self, owner: dict[str, Any]) -> int | None:
        lowest = select(func.min(freed_number.c.number)).where(_of(freed_number, owner))
        found = self._transaction.read(lowest).scalar()
        return None if found is None else int(found)


def _owner(account_id: AccountId, registry_code: str, series_name: str) -> dict[str, Any]:
    return {"account_id": account_id, "registry_code": registry_code, "series": series_name}


def _of(table: Table, owner: dict[str, Any]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in owner.items()))
