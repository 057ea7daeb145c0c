"""Documents that are processed: kept whole as JSON, beside the columns that they are found by."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lacre.kit.ids import AccountId, ExtractionId
from lacre.kit.refusal import NotFound
from lacre.processing.errors import ExternalIdTaken
from lacre.processing.extraction import Extraction
from lacre.processing.page import Page
from lacre.processing.repositories import ExtractionFilter
from lacre.processing.snapshot import freeze, thaw
from lacre.store.columns import folded, plain
from lacre.store.instants import micros
from lacre.store.keys import Keys
from lacre.store.processing_tables import extraction, extraction_page
from lacre.store.transaction import Transaction, listed_after, put

_WRITTEN = msgspec.msgpack.Encoder()
_READ = msgspec.msgpack.Decoder(Page)
_STATE = select(extraction.c.state)
_PLACE = (extraction.c.created_at, extraction.c.id)


class SqlExtractions:
    def __init__(self, transaction: Transaction, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._transaction, self._keys, self._clock = transaction, keys, clock

    def add(self, one: Extraction) -> None:
        if one.external_id and self._is_taken(one):
            raise ExternalIdTaken(one.external_id)
        row = {"id": one.id, "account_id": one.account_id, "created_at": micros(one.created_at)}
        try:
            self._transaction.write(insert(extraction).values({**row, **_changing(one)}))
        except IntegrityError:
            # another transaction came first; an id of ours is never the same twice
            raise ExternalIdTaken(one.external_id) from None

    def save(self, one: Extraction) -> None:
        mine = (extraction.c.id == one.id) & (extraction.c.account_id == one.account_id)
        if self._transaction.write(update(extraction).where(mine).values(_changing(one))).rowcount != 1:
            raise NotFound("extraction")

    def get(self, account_id: AccountId, extraction_id: ExtractionId) -> Extraction:
        mine = _STATE.where(extraction.c.account_id == account_id, extraction.c.id == extraction_id)
        state = self._transaction.locked(mine).scalar()
        if state is None:
            raise NotFound("extraction")
        return thaw(state)

    def for_job(self, extraction_id: ExtractionId) -> Extraction | None:
        state = self._transaction.locked(_STATE.where(extraction.c.id == extraction_id)).scalar()
        return None if state is None else thaw(state)

    def find(self, account_id: AccountId, which: ExtractionFilter, *, limit: int) -> Sequence[Extraction]:
        wanted = [extraction.c.account_id == account_id, *_conditions(which)]
        if which.after is not None:
            one = (extraction.c.id == which.after) & (extraction.c.account_id == account_id)
            wanted.append(listed_after(self._transaction, _PLACE, one, "extraction"))
        newest = _STATE.where(*wanted).order_by(*(one.desc() for one in _PLACE)).limit(limit)
        return [thaw(state) for state in self._transaction.read(newest).scalars()]

    def remove(self, one: Extraction) -> None:
        self.forget_pages(one.id)
        mine = (extraction.c.id == one.id) & (extraction.c.account_id == one.account_id)
        self._transaction.write(delete(extraction).where(mine))

    def keep_pages(self, one: Extraction, pages: Sequence[Page]) -> None:
        at = micros(self._clock())
        rows = [
            {"extraction_id": one.id, "number": page.number, "at": at, "sealed": self._sealed(one, page)}
            for page in pages
        ]
        put(self._transaction, extraction_page, rows, ["extraction_id", "number"])

    def pages_kept(self, extraction_id: ExtractionId) -> set[int]:
        numbers = select(extraction_page.c.number).where(extraction_page.c.extraction_id == extraction_id)
        return set(self._transaction.read(numbers).scalars())

    def pages(self, extraction_id: ExtractionId, *, first: int = 1, limit: int) -> Sequence[Page]:
        mine = (extraction_page.c.extraction_id == extraction_id) & (extraction_page.c.number >= first)
        page = select(extraction_page).where(mine).order_by(extraction_page.c.number).limit(limit)
        return [self._opened(row) for row in self._transaction.read(page)]

    def forget_pages(self, extraction_id: ExtractionId) -> None:
        mine = extraction_page.c.extraction_id == extraction_id
        self._transaction.write(delete(extraction_page).where(mine))

    def _is_taken(self, one: Extraction) -> bool:
        same = extraction.c.external_id == plain(one.external_id)
        found = select(extraction.c.id).where(extraction.c.account_id == one.account_id, same).limit(1)
        return self._transaction.read(found).first() is not None

    def _sealed(self, one: Extraction, page: Page) -> bytes:
        return self._keys.seal(zlib.compress(_WRITTEN.encode(page), 1), *_whose(one.id, page.number))

    def _opened(self, row: Any) -> Page:  # noqa: ANN401 - a row
        opened = self._keys.open(row.sealed, *_whose(row.extraction_id, row.number))
        return _READ.decode(zlib.decompress(opened))


def _whose(extraction_id: str, number: int) -> tuple[str, str, str]:
    return "extraction_page", f"{extraction_id} {number}", "sealed"


def _conditions(which: ExtractionFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if which.statuses:
        wanted.append(extraction.c.status.in_([one.value for one in which.statuses]))
    if which.type is not None:
        wanted.append(extraction.c.type == which.type)
    if which.external_id:
        wanted.append(extraction.c.external_id == plain(which.external_id))
    if which.text:
        wanted.append(extraction.c.search.contains(folded(which.text), autoescape=True))
    if which.samples:
        wanted.append(extraction.c.sample)
    return wanted


def _changing(one: Extraction) -> dict[str, Any]:
    return {
        "type": one.type,
        "status": one.status.value,
        "external_id": plain(one.external_id),
        "search": folded(f"{one.name} {one.external_id}"),
        "sample": one.sample,
        "state": freeze(one),
    }
