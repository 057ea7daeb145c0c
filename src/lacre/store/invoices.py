"""Invoices: kept whole as JSON, beside what they, their operations and their files are found by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, func, insert, or_, select, update

from lacre.fiscal.invoice import Invoice
from lacre.fiscal.money import cents
from lacre.fiscal.operation import Status
from lacre.fiscal.query import Query
from lacre.fiscal.repositories import InvoiceFilter, Listed, Totals
from lacre.fiscal.snapshot import freeze, thaw
from lacre.kit.ids import AccountId, AssetId, Digest, InvoiceId, OperationId, TransactionId
from lacre.kit.json import JsonObject
from lacre.kit.refusal import NotFound
from lacre.store.columns import folded
from lacre.store.fiscal_tables import asset, exchange, invoice, invoice_file, operation
from lacre.store.instants import micros, micros_if
from lacre.store.queries import condition
from lacre.store.transaction import Transaction, put

Part = TypeVar("Part", OperationId, TransactionId, AssetId)
_NUMBERED, _BETWEEN = re.compile(r"(?=.*[0-9])[0-9A-Za-z./\- ]{3,60}"), re.compile(r"[./\- ]")
_STATE = select(invoice.c.state)
_other = invoice_file.alias()
_LEFT = and_(
    invoice_file.c.doomed.is_not(None),
    ~exists().where(invoice.c.id == invoice_file.c.invoice_id),
    ~exists().where(_other.c.digest == invoice_file.c.digest, _other.c.doomed.is_(None)),
)
"""What invoices left behind that are gone, and that no other names."""


class SqlInvoices:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, one: Invoice) -> None:
        row = {"id": one.id, "account_id": one.account_id, "created_at": micros(one.created_at)}
        self._transaction.write(insert(invoice).values({**row, **_changing(one)}))
        self._put_parts(one)

    def save(self, one: Invoice) -> None:
        mine = (invoice.c.id == one.id) & (invoice.c.account_id == one.account_id)
        if self._transaction.write(update(invoice).where(mine).values(_changing(one))).rowcount != 1:
            raise NotFound("invoice")
        self._put_parts(one)

    def get(self, account_id: AccountId, invoice_id: InvoiceId) -> Invoice:
        return self._one(_owned(account_id).where(invoice.c.id == invoice_id), "invoice")

    def of_operation(self, account_id: AccountId, operation_id: OperationId) -> Invoice:
        return self._of(account_id, operation, operation_id, "operation")

    def of_transaction(self, account_id: AccountId, transaction_id: TransactionId) -> Invoice:
        return self._of(account_id, exchange, transaction_id, "transaction")

    def of_asset(self, account_id: AccountId, asset_id: AssetId) -> Invoice:
        return self._of(account_id, asset, asset_id, "asset")

    def for_job(self, invoice_id: InvoiceId) -> Invoice:
        return self._one(_STATE.where(invoice.c.id == invoice_id), "invoice")

    def for_link(self, invoice_id: InvoiceId) -> Invoice:
        return _thawed(self._transaction.read(_STATE.where(invoice.c.id == invoice_id)).scalar(), "invoice")

    def for_asset_link(self, asset_id: AssetId) -> Invoice:
        joined = _STATE.join(asset, asset.c.invoice_id == invoice.c.id).where(asset.c.id == asset_id)
        return _thawed(self._transaction.read(joined).scalar(), "asset")

    def find(self, account_id: AccountId, query: Query | None, *, offset: int, limit: int) -> Listed[Invoice]:
        mine = (invoice.c.account_id == account_id) & condition(query, invoice.c)
        return self._listed(mine, offset=offset, limit=limit)

    def search(
        self, account_id: AccountId, which: InvoiceFilter, *, offset: int, limit: int
    ) -> Listed[Invoice]:
        wanted = _meant(account_id, which.text)
        if which.statuses:
            wanted &= invoice.c.status.in_([one.value for one in which.statuses])
        if which.canceled is not None:
            ended = invoice.c.canceled_at
            wanted &= ended.is_not(None) if which.canceled else ended.is_(None)
        return self._listed(wanted, offset=offset, limit=limit)

    def totals(self, account_id: AccountId, text: str) -> Totals:
        canceled = invoice.c.canceled_at.is_not(None).label("canceled")
        counted = select(invoice.c.status, canceled, func.count().label("number"))
        grouped = counted.where(_meant(account_id, text)).group_by(invoice.c.status, canceled)
        rows = self._transaction.read(grouped).all()
        return Totals(
            by_status={Status(row.status): row.number for row in rows if not row.canceled},
            canceled=sum(row.number for row in rows if row.canceled),
        )

    def operations(
        self, account_id: AccountId, invoice_id: InvoiceId, query: Query | None, *, offset: int, limit: int
    ) -> Listed[OperationId]:
        mine = (operation.c.account_id == account_id) & (operation.c.invoice_id == invoice_id)
        found = self._parts(operation, mine & condition(query, operation.c), offset=offset, limit=limit)
        return Listed(items=[OperationId(one) for one in found.items], total=found.total)

    def transactions(
        self,
        account_id: AccountId,
        operation_id: OperationId,
        query: Query | None,
        *,
        offset: int,
        limit: int,
    ) -> Listed[TransactionId]:
        mine = (exchange.c.account_id == account_id) & (exchange.c.operation_id == operation_id)
        found = self._parts(exchange, mine & condition(query, exchange.c), offset=offset, limit=limit)
        return Listed(items=[TransactionId(one) for one in found.items], total=found.total)

    def assets(
        self, account_id: AccountId, invoice_id: InvoiceId, query: Query | None, *, offset: int, limit: int
    ) -> Listed[AssetId]:
        mine = (asset.c.account_id == account_id) & (asset.c.invoice_id == invoice_id)
        found = self._parts(asset, mine & condition(query, asset.c), offset=offset, limit=limit)
        return Listed(items=[AssetId(one) for one in found.items], total=found.total)

    def left_files(self, *, limit: int) -> list[Digest]:
        left = select(invoice_file.c.digest).distinct().where(_LEFT).order_by(invoice_file.c.digest)
        return [Digest(one) for one in self._transaction.read(left.limit(limit)).scalars()]

    def forget_files(self, digests: Sequence[Digest]) -> None:
        self._transaction.write(delete(invoice_file).where(invoice_file.c.digest.in_(digests), _LEFT))

    def _of(self, account_id: AccountId, part: Table, part_id: str, what: str) -> Invoice:
        joined = _owned(account_id).join(part, part.c.invoice_id == invoice.c.id)
        return self._one(joined.where(part.c.id == part_id), what)

    def _one(self, statement: Select[Any], what: str) -> Invoice:
        return _thawed(self._transaction.locked(statement).scalar(), what)

    def _listed(self, wanted: ColumnElement[bool], *, offset: int, limit: int) -> Listed[Invoice]:
        newest = (invoice.c.created_at.desc(), invoice.c.id.desc())
        page = _STATE.where(wanted).order_by(*newest).offset(offset).limit(limit)
        counted = select(func.count()).select_from(invoice).where(wanted)
        return Listed(
            items=[thaw(state) for state in self._transaction.read(page).scalars()],
            total=self._transaction.read(counted).scalar_one(),
        )

    def _parts(self, table: Table, wanted: ColumnElement[bool], *, offset: int, limit: int) -> Listed[str]:
        newest = (table.c.created_at.desc(), table.c.id.desc())
        page = select(table.c.id).where(wanted).order_by(*newest).offset(offset).limit(limit)
        counted = select(func.count()).select_from(table).where(wanted)
        return Listed(
            items=list(self._transaction.read(page).scalars()),
            total=self._transaction.read(counted).scalar_one(),
        )

    def _put_parts(self, one: Invoice) -> None:
        put(self._transaction, operation, _operations(one), ["id"])
        put(self._transaction, exchange, _exchanges(one), ["id"])
        put(self._transaction, asset, _assets(one), ["id"])
        put(self._transaction, invoice_file, _files(one), ["digest", "invoice_id"])


def _owned(account_id: AccountId) -> Select[Any]:
    return _STATE.where(invoice.c.account_id == account_id)


def _meant(account_id: AccountId, text: str) -> ColumnElement[bool]:
    """A CPF, a CNPJ or a key is found as it is shown too, with what stands between its signs."""
    mine = invoice.c.account_id == account_id
    asked = text.strip()
    if not asked:
        return mine
    ways = {asked, _BETWEEN.sub("", asked)} if _NUMBERED.fullmatch(asked) else {asked}
    return mine & or_(*(invoice.c.search.contains(folded(one), autoescape=True) for one in sorted(ways)))


def _thawed(state: JsonObject | None, what: str) -> Invoice:
    if state is None:
        raise NotFound(what)
    return thaw(state)


def _changing(one: Invoice) -> dict[str, Any]:
    return {
        "registry_code": one.company.registry_code,
        "series": one.series,
        "sequence": one.sequence,
        "serie": folded(one.serie),
        "status": one.status.value,
        "amount": cents(one.amount),
        "search": _search_text(one),
        "updated_at": micros(one.updated_at),
        "canceled_at": micros_if(one.canceled_at),
        "state": freeze(one),
    }


def _search_text(one: Invoice) -> str:
    said = [one.customer.name, one.customer.known_as, one.customer.email, str(one.sequence or "")]
    return folded("\n".join([*said, *([one.issued.key, one.issued.number] if one.issued else [])]))


def _operations(one: Invoice) -> Iterable[Mapping[str, Any]]:
    for each in one.operations:
        yield {**_part(one, each.id), "kind": each.kind.value, **_standing(each)}


def _exchanges(one: Invoice) -> Iterable[Mapping[str, Any]]:
    for operation_ in one.operations:
        for each in operation_.transactions:
            yield {**_part(one, each.id), "operation_id": operation_.id, **_standing(each)}


def _assets(one: Invoice) -> Iterable[Mapping[str, Any]]:
    for each in one.assets:
        yield {**_part(one, each.id), "kind": each.kind.value, **_standing(each)}


def _files(one: Invoice) -> Iterable[Mapping[str, Any]]:
    named = {each.digest for each in one.assets}
    named |= {digest for each in one.operations for digest in (each.draft, each.request)}
    for digest in sorted(filter(None, named)):
        yield {"digest": digest, "invoice_id": one.id, "doomed": None}


def _part(one: Invoice, part_id: str) -> dict[str, Any]:
    return {"id": part_id, "invoice_id": one.id, "account_id": one.account_id}


def _standing(one: Any) -> dict[str, Any]:  # noqa: ANN401 - an operation, a transaction or an asset
    return {
        "status": one.status.value,
        "created_at": micros(one.created_at),
        "updated_at": micros(one.updated_at),
    }
