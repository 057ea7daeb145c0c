"""Companies, customers, document types and items: kept whole as JSON, beside what they are found by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Table, func, insert, select, update

from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.item import Item
from lacre.fiscal.money import cents
from lacre.fiscal.ports import Certificate
from lacre.fiscal.query import Query
from lacre.fiscal.repositories import Listed
from lacre.fiscal.schema import Schema, certificate_of
from lacre.kit.ids import AccountId, CompanyId, CustomerId, ItemId, SchemaId
from lacre.kit.refusal import NotFound
from lacre.store import fiscal_tables as tables
from lacre.store.columns import folded
from lacre.store.instants import micros, micros_if
from lacre.store.invoices import SqlInvoices
from lacre.store.keys import Keys
from lacre.store.queries import condition
from lacre.store.sequences import SqlSequences
from lacre.store.transaction import Transaction

Kept = TypeVar("Kept", bound=Company | Customer | Schema | Item)
Id = TypeVar("Id", bound=str)


class SqlRecords(Generic[Kept, Id]):
    """`found_by`: a record's own columns; every table has the others."""

    def __init__(
        self,
        transaction: Transaction,
        table: Table,
        shape: TypeAdapter[Kept],
        found_by: Callable[[Kept], Mapping[str, Any]],
    ) -> None:
        self._transaction, self._table, self._shape, self._found_by = transaction, table, shape, found_by

    def add(self, one: Kept) -> None:
        row = {"id": one.id, "account_id": one.account_id, "created_at": micros(one.created_at)}
        self._transaction.write(insert(self._table).values({**row, **self._changing(one)}))

    def save(self, one: Kept) -> None:
        mine = (self._table.c.id == one.id) & (self._table.c.account_id == one.account_id)
        changed = update(self._table).where(mine).values(self._changing(one))
        if self._transaction.write(changed).rowcount != 1:
            raise NotFound(self._table.name)

    def get(self, account_id: AccountId, one_id: Id) -> Kept:
        columns = self._table.c
        mine = select(columns.state).where(columns.account_id == account_id, columns.id == one_id)
        state = self._transaction.locked(mine.where(columns.deleted_at.is_(None))).scalar()
        if state is None:
            raise NotFound(self._table.name)
        found: Kept = self._shape.validate_python(state)
        return found

    def find(
        self, account_ids: Sequence[AccountId], query: Query | None, *, offset: int, limit: int
    ) -> Listed[Kept]:
        mine = self._table.c.account_id.in_(list(account_ids)) & condition(query, self._table.c)
        return self._listed(mine, offset=offset, limit=limit)

    def _listed(self, wanted: ColumnElement[bool], *, offset: int, limit: int) -> Listed[Kept]:
        columns = self._table.c
        there = wanted & columns.deleted_at.is_(None)
        newest = (columns.created_at.desc(), columns.id.desc())
        page = select(columns.state).where(there).order_by(*newest).offset(offset).limit(limit)
        counted = select(func.count()).select_from(self._table).where(there)
        return Listed(
            items=[self._shape.validate_python(one) for one in self._transaction.read(page).scalars()],
            total=self._transaction.read(counted).scalar_one(),
        )

    def _changing(self, one: Kept) -> dict[str, Any]:
        return {
            **self._found_by(one),
            "status": one.status,
            "updated_at": micros(one.updated_at),
            "deleted_at": micros_if(one.deleted_at),
            "state": self._shape.dump_python(one, mode="json"),
        }


class SqlCompanies(SqlRecords[Company, CompanyId]):
    def first(self, account_id: AccountId) -> Company | None:
        table = tables.company
        mine = (table.c.account_id == account_id) & table.c.deleted_at.is_(None)
        oldest = select(table.c.state).where(mine).order_by(table.c.created_at, table.c.id).limit(1)
        state = self._transaction.read(oldest).scalar()
        return None if state is None else self._shape.validate_python(state)


class SqlSchemas(SqlRecords[Schema, SchemaId]):
    def __init__(self, transaction: Transaction, keys: Keys) -> None:
        super().__init__(transaction, tables.schema, _SCHEMA, _schema)
        self._keys = keys

    def keep_certificate(self, schema: Schema, pem: bytes) -> None:
        sealed = self._keys.seal(pem, "fiscal_schema", schema.id, "sealed_pem")
        mine = (tables.schema.c.id == schema.id) & (tables.schema.c.account_id == schema.account_id)
        if self._transaction.write(update(tables.schema).where(mine).values(sealed_pem=sealed)).rowcount != 1:
            raise NotFound("document type")

    def certificate(self, account_id: AccountId, schema_id: SchemaId) -> Certificate | None:
        table = tables.schema
        mine = (table.c.account_id == account_id) & (table.c.id == schema_id)
        row = self._transaction.read(select(table.c.state, table.c.sealed_pem).where(mine)).first()
        facts = None if row is None else self._shape.validate_python(row.state).certificate
        if row is None or facts is None or row.sealed_pem is None:
            return None
        pem = self._keys.open(row.sealed_pem, "fiscal_schema", schema_id, "sealed_pem")
        return certificate_of(facts, pem)


class SqlItems(SqlRecords[Item, ItemId]):
    def of_schema(self, account_id: AccountId, schema_id: SchemaId) -> Sequence[Item]:
        table = tables.item
        mine = (table.c.account_id == account_id) & (table.c.schema_id == schema_id)
        there = select(table.c.state).where(mine & table.c.deleted_at.is_(None))
        rows = self._transaction.read(there.order_by(table.c.created_at, table.c.id)).scalars()
        return [self._shape.validate_python(one) for one in rows]


class SqlBooks:
    """Everything that fiscal keeps."""

    def __init__(self, transaction: Transaction, keys: Keys) -> None:
        self.companies = SqlCompanies(transaction, tables.company, _COMPANY, _company)
        self.customers: SqlRecords[Customer, CustomerId] = SqlRecords(
            transaction, tables.customer, _CUSTOMER, _customer
        )
        self.schemas = SqlSchemas(transaction, keys)
        self.items = SqlItems(transaction, tables.item, _ITEM, _item)
        self.invoices = SqlInvoices(transaction)
        self.sequences = SqlSequences(transaction)


_COMPANY: TypeAdapter[Company] = TypeAdapter(Company)
_CUSTOMER: TypeAdapter[Customer] = TypeAdapter(Customer)
_ITEM: TypeAdapter[Item] = TypeAdapter(Item)
_SCHEMA: TypeAdapter[Schema] = TypeAdapter(Schema)


def _company(one: Company) -> Mapping[str, Any]:
    return {
        "name": folded(one.name),
        "legal_name": folded(one.legal_name),
        "email": folded(one.email),
        "registry_code": folded(one.registry_code),
    }


def _customer(one: Customer) -> Mapping[str, Any]:
    return {
        "name": folded(one.name),
        "email": folded(one.email),
        "registry_code": folded(one.registry_code),
        "external_code": folded(one.external_code),
    }


def _schema(one: Schema) -> Mapping[str, Any]:
    return {"company_id": one.company_id, "name": folded(one.name), "code": folded(one.code)}


def _item(one: Item) -> Mapping[str, Any]:
    return {
        "schema_id": one.schema_id,
        "name": folded(one.name),
        "description": folded(one.description),
        "amount": cents(one.amount),
    }
