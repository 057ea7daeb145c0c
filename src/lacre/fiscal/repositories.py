"""What fiscal keeps, and the one transaction it is kept in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lacre.accounts.account import HoldersWork
from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.item import Item
from lacre.fiscal.operation import Status
from lacre.fiscal.ports import Certificate
from lacre.fiscal.query import Query
from lacre.fiscal.schema import Schema
from lacre.kit.events import Outbox
from lacre.kit.ids import (
    AccountId,
    AssetId,
    CompanyId,
    CustomerId,
    Digest,
    InvoiceId,
    ItemId,
    OperationId,
    SchemaId,
    TransactionId,
)
from lacre.kit.jobs import Jobs

Kept = TypeVar("Kept")
Id_contra = TypeVar("Id_contra", contravariant=True)


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Kept]):
    """A page, newest first, and how many there are in all."""

    items: Sequence[Kept]
    total: int


class Records(Protocol[Kept, Id_contra]):
    """Every read names its account; getters lock the row and raise `NotFound`, also of what was deleted."""

    def add(self, one: Kept) -> None: ...

    def save(self, one: Kept) -> None: ...

    def get(self, account_id: AccountId, one_id: Id_contra) -> Kept: ...

    def find(
        self, account_ids: Sequence[AccountId], query: Query | None, *, offset: int, limit: int
    ) -> Listed[Kept]:
        """Of these accounts, without locking."""
        ...


class Companies(Records[Company, CompanyId], Protocol):
    def first(self, account_id: AccountId) -> Company | None:
        """The one that the account began with."""
        ...


class Schemas(Records[Schema, SchemaId], Protocol):
    def keep_certificate(self, schema: Schema, pem: bytes) -> None:
        """Encrypted, instead of the one before."""
        ...

    def certificate(self, account_id: AccountId, schema_id: SchemaId) -> Certificate | None:
        """Also of one that was deleted: its invoices may still be canceled."""
        ...


class Items(Records[Item, ItemId], Protocol):
    def of_schema(self, account_id: AccountId, schema_id: SchemaId) -> Sequence[Item]:
        """The oldest first."""
        ...


@dataclass(frozen=True, kw_only=True)
class InvoiceFilter:
    """What a list for people is narrowed by."""

    statuses: tuple[Status, ...] = ()
    canceled: bool | None = None
    text: str = ""
    """In the customer's name or registry code, the number, or the access key."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    by_status: Mapping[Status, int]
    canceled: int


class Invoices(Protocol):
    """Getters lock the row until the transaction ends, and raise `NotFound`."""

    def add(self, invoice: Invoice) -> None: ...

    def save(self, invoice: Invoice) -> None: ...

    def get(self, account_id: AccountId, invoice_id: InvoiceId) -> Invoice: ...

    def of_operation(self, account_id: AccountId, operation_id: OperationId) -> Invoice: ...

    def of_transaction(self, account_id: AccountId, transaction_id: TransactionId) -> Invoice: ...

    def of_asset(self, account_id: AccountId, asset_id: AssetId) -> Invoice: ...

    def for_job(self, invoice_id: InvoiceId) -> Invoice:
        """For the worker, which serves every account."""
        ...

    def for_link(self, invoice_id: InvoiceId) -> Invoice:
        """For whoever holds a link that was checked; without locking."""
        ...

    def for_asset_link(self, asset_id: AssetId) -> Invoice:
        """The same, by one of its files."""
        ...

    def find(
        self, account_id: AccountId, query: Query | None, *, offset: int, limit: int
    ) -> Listed[Invoice]: ...

    def search(
        self, account_id: AccountId, which: InvoiceFilter, *, offset: int, limit: int
    ) -> Listed[Invoice]: ...

    def totals(self, account_id: AccountId, text: str) -> Totals:
        """How many there are of each status; those that were canceled are counted apart."""
        ...

    def left_files(self, *, limit: int) -> Sequence[Digest]:
        """What invoices named that are gone, and no other names: to be removed, then forgotten."""
        ...

    def forget_files(self, digests: Sequence[Digest]) -> None: ...

    def operations(
        self, account_id: AccountId, invoice_id: InvoiceId, query: Query | None, *, offset: int, limit: int
    ) -> Listed[OperationId]:
        """Of one invoice, the newest first."""
        ...

    def transactions(
        self,
        account_id: AccountId,
        operation_id: OperationId,
        query: Query | None,
        *,
        offset: int,
        limit: int,
    ) -> Listed[TransactionId]: ...

    def assets(
        self, account_id: AccountId, invoice_id: InvoiceId, query: Query | None, *, offset: int, limit: int
    ) -> Listed[AssetId]: ...


class Sequences(Protocol):
    """Numbers of notes, within a company's series: without gaps and doubles, whoever asks at once."""

    def upcoming(self, account_id: AccountId, registry_code: str, series: str) -> int:
        """To be shown: whoever takes one may be told another."""
        ...

    def take(self, account_id: AccountId, registry_code: str, series: str) -> int:
        """The lowest that was given back, else the next; held until the transaction ends."""
        ...

    def give_back(self, account_id: AccountId, registry_code: str, series: str, number: int) -> None:
        """Of a note that was certainly not issued."""
        ...

    def raise_to(self, account_id: AccountId, registry_code: str, series: str, number: int) -> None:
        """The next will be this one; raises `SequencePassed` when it was already."""
        ...


class Books(Protocol):
    """Everything that fiscal keeps."""

    @property
    def companies(self) -> Companies: ...

    @property
    def customers(self) -> Records[Customer, CustomerId]: ...

    @property
    def schemas(self) -> Schemas: ...

    @property
    def items(self) -> Items: ...

    @property
    def invoices(self) -> Invoices: ...

    @property
    def sequences(self) -> Sequences: ...


class FiscalWork(Outbox, HoldersWork, Protocol):
    @property
    def books(self) -> Books: ...

    @property
    def jobs(self) -> Jobs: ...
