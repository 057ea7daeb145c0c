"""Folders, by the id that follows from their path."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lacre.kit.ids import AccountId, FolderId
from lacre.kit.refusal import NotFound
from lacre.signing.folder import id_of
from lacre.store.columns import plain
from lacre.store.tables import folder
from lacre.store.transaction import Transaction, put_if_new


class SqlFolders:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, account_id: AccountId, path: str) -> None:
        folder_id = id_of(account_id, path)
        if folder_id is not None:
            row = {"id": folder_id, "account_id": account_id, "path": plain(path)}
            put_if_new(self._transaction, folder, row)

    def path(self, account_id: AccountId, folder_id: FolderId) -> str:
        mine = (folder.c.account_id == account_id) & (folder.c.id == folder_id)
        found = self._transaction.read(select(folder.c.path).where(mine)).scalar()
        if found is None:
            raise NotFound("folder")
        return str(found)

    def paths(self, account_id: AccountId) -> Sequence[str]:
        mine = select(folder.c.path).where(folder.c.account_id == account_id).order_by(folder.c.path)
        return list(self._transaction.read(mine).scalars())
