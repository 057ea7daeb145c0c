"""Photos of signers: encrypted, in a table of their own, so that they can go and nothing else does."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from lacre.kit.ids import PhotoId
from lacre.kit.refusal import NotFound
from lacre.signing.repositories import KeptPhoto
from lacre.store.instants import micros
from lacre.store.keys import Keys
from lacre.store.tables import photo
from lacre.store.transaction import Transaction


class SqlPhotos:
    def __init__(self, transaction: Transaction, keys: Keys) -> None:
        self._transaction, self._keys = transaction, keys

    def keep(self, kept: KeptPhoto) -> None:
        row = {
            "id": kept.id,
            "account_id": kept.account_id,
            "envelope_id": kept.envelope_id,
            "signer_id": kept.signer_id,
            "kind": kept.kind,
            "sealed": self._keys.seal(kept.jpeg, "photo", kept.id, "sealed"),
            "at": micros(kept.at),
        }
        self._transaction.write(insert(photo), row)

    def forget(self, photo_id: PhotoId) -> None:
        self._transaction.write(delete(photo).where(photo.c.id == photo_id))

    def by_link(self, photo_id: PhotoId) -> bytes:
        row = self._transaction.read(select(photo.c.sealed).where(photo.c.id == photo_id)).first()
        if row is None:
            raise NotFound("photo")
        return self._keys.open(row.sealed, "photo", photo_id, "sealed")
