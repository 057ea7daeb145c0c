"""Envelopes: kept whole as JSON, beside the columns that they are found by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, literal_column, select, update

from lacre.documents.links import Links
from lacre.kit.ids import AccountId, DocumentId, EnvelopeId, SignerId, as_uuid
from lacre.kit.json import JsonObject
from lacre.kit.refusal import NotFound
from lacre.kit.times import BRASILIA, end_of_day
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.repositories import EnvelopeFilter, EnvelopePage
from lacre.signing.signer import Signer
from lacre.signing.snapshot import freeze, thaw
from lacre.store.account_tables import account
from lacre.store.columns import folded, plain
from lacre.store.instants import micros, micros_if
from lacre.store.keys import Keys
from lacre.store.tables import document, envelope, signer
from lacre.store.transaction import Transaction, listed_after, put

FEW = 1_000
"""So many of one signer are found one by one."""


class SqlEnvelopes:
    def __init__(self, transaction: Transaction, keys: Keys, links: Links) -> None:
        self._transaction = transaction
        self._keys = keys
        self._links = links
        self._parts: dict[EnvelopeId, _Parts] = {}
        """As they are in the tables, so that only what changed is written."""

    def add(self, envelope: Envelope) -> None:
        self._transaction.write(_ADD, _row(envelope))
        self._put_parts(envelope)

    def save(self, envelope: Envelope) -> None:
        row = _row(envelope)
        row["this"], row["owner"] = row.pop("id"), row.pop("account_id")
        if self._transaction.write(_SAVE, row).rowcount != 1:
            raise NotFound("envelope")
        self._put_parts(envelope)

    def next_number(self, account_id: AccountId) -> int:
        found = self._transaction.write(_NEXT_NUMBER, {"this": account_id}).scalar()
        if found is None:
            raise NotFound("account")
        return int(found) - 1

    def get(self, account_id: AccountId, envelope_id: EnvelopeId) -> Envelope:
        return self._one(_owned(account_id).where(envelope.c.id == envelope_id), "envelope")

    def by_document(self, account_id: AccountId, document_id: DocumentId) -> Envelope:
        joined = _owned(account_id).join(document, document.c.envelope_id == envelope.c.id)
        return self._one(joined.where(document.c.id == document_id), "document")

    def by_signer(self, account_id: AccountId, signer_id: SignerId) -> Envelope:
        joined = _owned(account_id).join(signer, signer.c.envelope_id == envelope.c.id)
        return self._one(joined.where(signer.c.id == signer_id), "signer")

    def of_signer(self, signer_id: SignerId) -> Envelope:
        joined = _STATE.join(signer, signer.c.envelope_id == envelope.c.id)
        return self._one(joined.where(signer.c.id == signer_id), "signer")

    def by_link(self, link: str) -> tuple[Envelope, SignerId]:
        digest = self._digest(as_uuid(link) or "")
        named = select(signer.c.id, signer.c.envelope_id).where(signer.c.link_digest == digest)
        row = self._transaction.read(named).first()
        if row is None:
            raise NotFound("link")
        found = self.for_job(row.envelope_id)
        # the link may have been renewed while we waited for the lock
        if self._transaction.read(named).first() is None:
            raise NotFound("link")
        return found, SignerId(row.id)

    def for_job(self, envelope_id: EnvelopeId) -> Envelope:
        return self._one(_STATE.where(envelope.c.id == envelope_id), "envelope")

    def by_file_link(self, document_id: DocumentId) -> Envelope:
        joined = _STATE.join(document, document.c.envelope_id == envelope.c.id)
        return self._seen(joined.where(document.c.id == document_id), "document")

    def for_check(self, envelope_id: EnvelopeId) -> Envelope:
        return self._seen(_STATE.where(envelope.c.id == envelope_id), "envelope")

    def find(
        self,
        account_id: AccountId,
        which: EnvelopeFilter,
        *,
        offset: int,
        limit: int,
        newest_first: bool = True,
    ) -> EnvelopePage:
        items = self.listed(account_id, which, offset=offset, limit=limit, newest_first=newest_first)
        counted = select(func.count()).select_from(envelope).where(*self._wanted(account_id, which))
        return EnvelopePage(items=items, total=self._transaction.read(counted).scalar_one())

    def listed(
        self,
        account_id: AccountId,
        which: EnvelopeFilter,
        *,
        offset: int = 0,
        limit: int,
        newest_first: bool = True,
    ) -> tuple[Envelope, ...]:
        order = (envelope.c.created_at, envelope.c.number)
        ordered = [column.desc() for column in order] if newest_first else list(order)
        wanted = _STATE.where(*self._wanted(account_id, which))
        page = wanted.order_by(*ordered).offset(offset).limit(limit)
        return tuple(thaw(state) for state in self._transaction.read(page).scalars())

    def totals(self, account_id: AccountId, which: EnvelopeFilter) -> Mapping[EnvelopeStatus, int]:
        number = func.count().label("number")
        counted = select(envelope.c.status, number).where(*self._wanted(account_id, which))
        rows = self._transaction.read(counted.group_by(envelope.c.status)).all()
        return {EnvelopeStatus(row.status): row.number for row in rows}

    def _wanted(self, account_id: AccountId, which: EnvelopeFilter) -> Sequence[ColumnElement[bool]]:
        wanted = [*_conditions(account_id, which), *self._after(account_id, which)]
        return [*wanted, self._has_signer(account_id, which.signer_email)] if which.signer_email else wanted

    def _has_signer(self, account_id: AccountId, email: str) -> ColumnElement[bool]:
        """Those of somebody who has few, by name: what signs everything is soon met in the list."""
        theirs = select(signer.c.envelope_id).where(
            signer.c.account_id == account_id,
            signer.c.email == folded(email.strip()),
            signer.c.link_digest.is_not(None),
        )
        few = self._transaction.read(theirs.limit(FEW + 1)).scalars().all()
        return envelope.c.id.in_(few if len(few) <= FEW else theirs)

    def _after(self, account_id: AccountId, which: EnvelopeFilter) -> list[ColumnElement[bool]]:
        if which.after is None:
            return []
        place = (envelope.c.created_at, envelope.c.number)
        mine = (envelope.c.account_id == account_id) & (envelope.c.id == which.after)
        return [listed_after(self._transaction, place, mine, "envelope")]

    def _one(self, statement: Select[Any], what: str) -> Envelope:
        found = _thawed(self._transaction.locked(statement).scalar(), what)
        self._parts[found.id] = self._parts_of(found)
        return found

    def _seen(self, statement: Select[Any], what: str) -> Envelope:
        return _thawed(self._transaction.read(statement).scalar(), what)

    def _put_parts(self, envelope: Envelope) -> None:
        known, parts = self._parts.get(envelope.id), self._parts_of(envelope)
        documents, signers = known or ([], [])
        put(self._transaction, document, [row for row in parts[0] if row not in documents], ["id"])
        put(self._transaction, signer, [row for row in parts[1] if row not in signers], ["id"])
        self._parts[envelope.id] = parts

    def _parts_of(self, envelope: Envelope) -> _Parts:
        signers = [self._signer_row(envelope, one) for one in envelope.signers]
        return _document_rows(envelope), signers

    def _signer_row(self, envelope: Envelope, one: Signer) -> dict[str, Any]:
        token = self._links.signer_token(one.id, one.link_generation)
        return {
            "id": one.id,
            "envelope_id": envelope.id,
            "account_id": envelope.account_id,
            "email": folded(one.email),
            "link_digest": None if one.removed_at else self._digest(token),
        }

    def _digest(self, token: str) -> str:
        return self._keys.digest("signer link digest", token)


_Parts: TypeAlias = tuple[list[dict[str, Any]], list[dict[str, Any]]]

_STATE = select(envelope.c.state)
_ADD = insert(envelope)
_SAVE = update(envelope).where(
    envelope.c.id == bindparam("this"), envelope.c.account_id == bindparam("owner")
)
_NEXT_NUMBER = (
    update(account)
    .where(account.c.id == bindparam("this"))
    .values(next_number=account.c.next_number + 1)
    .returning(account.c.next_number)
)


def _thawed(state: JsonObject | None, what: str) -> Envelope:
    if state is None:
        raise NotFound(what)
    return thaw(state)


def _owned(account_id: AccountId) -> Select[Any]:
    return _STATE.where(envelope.c.account_id == account_id)


def _row(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "account_id": envelope.account_id,
        "number": envelope.number,
        "status": envelope.status.value,
        "title": plain(envelope.title),
        "search": _search_text(envelope),
        "folder": plain(envelope.options.folder),
        "external_id": plain(envelope.options.external_id),
        "created_at": micros(envelope.created_at),
        "updated_at": micros(envelope.updated_at),
        "deleted_at": micros_if(envelope.deleted_at),
        "state": freeze(envelope),
    }


def _search_text(envelope: Envelope) -> str:
    people = [f"{one.name} {one.email}" for one in envelope.signers if one.removed_at is None]
    return folded("\n".join([envelope.title, *people]))


def _document_rows(envelope: Envelope) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "envelope_id": envelope.id,
            "account_id": envelope.account_id,
            "original": one.original,
            "sealed": one.sealed,
        }
        for one in envelope.documents
    ]


def _conditions(account_id: AccountId, which: EnvelopeFilter) -> Sequence[ColumnElement[bool]]:
    wanted = [envelope.c.account_id == account_id]
    if which.statuses:
        wanted.append(envelope.c.status.in_([status.value for status in which.statuses]))
    if which.deleted is not None:
        wanted.append(
            envelope.c.deleted_at.is_not(None) if which.deleted else envelope.c.deleted_at.is_(None)
        )
    if which.text.strip():
        wanted.append(envelope.c.search.contains(folded(which.text.strip()), autoescape=True))
    if which.folder:
        wanted.append(envelope.c.folder == plain(which.folder))
    if which.external_id:
        # said in the words of its index, which holds only those that have one
        named = envelope.c.external_id != literal_column("''")
        wanted += [named, envelope.c.external_id == plain(which.external_id)]
    if which.created_by:
        wanted.append(envelope.c.state["options"]["created_by"].as_string() == which.created_by)
    return [*wanted, *_created_between(which.created_from, which.created_to)]


def _created_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    between = []
    if first is not None:
        midnight = datetime.combine(first, time.min, tzinfo=BRASILIA).astimezone(UTC)
        between.append(envelope.c.created_at >= micros(midnight))
    if last is not None:
        between.append(envelope.c.created_at <= micros(end_of_day(last)))
    return between
