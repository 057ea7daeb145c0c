"""Types of documents that accounts made or changed: every version, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, tuple_

from lacre.kit.ids import AccountId
from lacre.processing.document_type import DocumentType
from lacre.processing.snapshot import freeze_type, thaw_type
from lacre.store.instants import micros
from lacre.store.processing_tables import document_type
from lacre.store.transaction import Transaction

_STATE = select(document_type.c.state)


class SqlDocumentTypes:
    def __init__(self, transaction: Transaction, clock: Callable[[], datetime]) -> None:
        self._transaction, self._clock = transaction, clock

    def newest(self, account_id: AccountId, number: int) -> DocumentType | None:
        return next(iter(self.versions(account_id, number)), None)

    def versions(self, account_id: AccountId, number: int) -> Sequence[DocumentType]:
        mine = _STATE.where(document_type.c.account_id == account_id, document_type.c.number == number)
        newest = mine.order_by(document_type.c.version.desc())
        return [thaw_type(state) for state in self._transaction.read(newest).scalars()]

    def all(self, account_id: AccountId) -> Mapping[int, DocumentType]:
        mine = document_type.c.account_id == account_id
        last = (
            select(document_type.c.number, func.max(document_type.c.version))
            .where(mine)
            .group_by(document_type.c.number)
        )
        newest = _STATE.where(mine, tuple_(document_type.c.number, document_type.c.version).in_(last))
        found = [thaw_type(state) for state in self._transaction.read(newest).scalars()]
        return {one.number: one for one in found}

    def add(self, account_id: AccountId, one: DocumentType) -> None:
        row = {"account_id": account_id, "number": one.number, "version": one.version}
        more = {"at": micros(self._clock()), "state": freeze_type(one)}
        self._transaction.write(insert(document_type).values({**row, **more}))
