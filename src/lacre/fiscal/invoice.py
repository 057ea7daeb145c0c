"""A service invoice, from order to note and perhaps to its end: states, and the verbs that change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from lacre.fiscal import events
from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.errors import (
    AlreadyCanceled,
    AlreadyCorrected,
    AlreadyReplaced,
    BeingReplaced,
    InvoiceNotIssued,
    InvoiceToReplaceCanceled,
    InvoiceToReplaceNotIssued,
    NotToBeCorrected,
    NotToBeRetried,
)
from lacre.fiscal.item import Settings
from lacre.fiscal.operation import (
    Asset,
    AssetKind,
    AssetStatus,
    Message,
    Operation,
    OperationKind,
    Status,
    Transaction,
)
from lacre.fiscal.replacement import Replacement, Successor
from lacre.fiscal.schema import Schema
from lacre.kit.ids import AccountId, AssetId, Digest, InvoiceId, ItemId, OperationId, TransactionId
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound


@dataclass(frozen=True, kw_only=True)
class Line:
    """An item as this invoice has it."""

    id: str
    item_id: ItemId | None
    name: str
    description: str
    amount: Decimal
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Happened:
    type: str
    operation_id: OperationId | None = None
    asset_id: AssetId | None = None


@dataclass(frozen=True, kw_only=True)
class Issued:
    """The note, as the tax office has it."""

    key: str
    """Fifty digits."""
    number: str
    at: datetime


_OF_INVOICE = {
    Status.WAITING: events.INVOICE_WAITING,
    Status.ERROR: events.INVOICE_FAILED,
    Status.SUCCESS: events.INVOICE_ISSUED,
    Status.REJECTED: events.INVOICE_REJECTED,
    Status.PROCESSING: events.INVOICE_PROCESSING,
}
_OF_OPERATION = {
    Status.WAITING: events.OPERATION_WAITING,
    Status.ERROR: events.OPERATION_FAILED,
    Status.SUCCESS: events.OPERATION_SUCCEEDED,
    Status.REJECTED: events.OPERATION_REJECTED,
    Status.PROCESSING: events.OPERATION_PROCESSING,
}


@dataclass(kw_only=True)
class Invoice:
    """Company, customer and document type are kept as they were when it was ordered."""

    id: InvoiceId
    account_id: AccountId
    company: Company
    customer: Customer
    schema: Schema
    lines: list[Line]
    amount: Decimal
    serie: str
    """As it is shown."""
    series: str
    """As it is sent."""
    sequence: int | None = None
    """Its number within the series; none once it was given back, of a note that was never issued."""
    issue_on: date
    status: Status = Status.PENDING
    operations: list[Operation] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    issued: Issued | None = None
    details: Mapping[str, Json] = field(default_factory=dict)
    """What the note says besides, by the names that `noting` knows."""
    canceled_at: datetime | None = None
    replaces: Replacement | None = None
    replaced_by: Successor | None = None
    """Then it is canceled too."""
    held_for: InvoiceId | None = None
    """The one that is under way and to take its place."""
    corrects: InvoiceId | None = None
    """The one that came to nothing, and that this one was ordered instead of."""
    corrected_by: InvoiceId | None = None
    """Then it is neither tried nor corrected again: two notes would come of it."""
    created_at: datetime
    updated_at: datetime

    @property
    def last_operation(self) -> Operation | None:
        return self.operations[-1] if self.operations else None

    @property
    def last_exchange(self) -> Transaction | None:
        return self.last_operation.last_transaction if self.last_operation else None

    def operation(self, operation_id: OperationId) -> Operation:
        return next(one for one in self.operations if one.id == operation_id)

    def asset(self, asset_id: AssetId) -> Asset:
        return next(one for one in self.assets if one.id == asset_id)

    def available(self, kind: AssetKind) -> Asset | None:
        """The newest of its kind that is there."""
        found = [one for one in self.assets if one.kind is kind and one.status is AssetStatus.AVAILABLE]
        return found[-1] if found else None

    # ── what is begun ────────────────────────────────────────────────────────

    def begin(self, operation: Operation, transaction_id: TransactionId, *, now: datetime) -> list[Happened]:
        """Issuing begins with the invoice, cancelling when somebody asks for it."""
        self.operations.append(operation)
        self._exchange(operation, transaction_id, now=now)
        return self._moved(operation, Status.PROCESSING, now=now)

    @property
    def canceling(self) -> bool:
        """The tax office is asked to cancel it."""
        last = self.last_operation
        return last is not None and last.kind is OperationKind.CANCEL and not last.ended

    def require_cancelable(self) -> None:
        if self.canceled_at is not None or self.canceling:
            raise AlreadyCanceled
        if self.status is not Status.SUCCESS:
            raise InvoiceNotIssued
        self.require_free()

    def require_free(self) -> None:
        if self.held_for is not None:
            raise BeingReplaced

    def require_replaceable(self) -> None:
        if self.replaced_by is not None:
            raise AlreadyReplaced
        if self.canceled_at is not None or self.canceling:
            raise InvoiceToReplaceCanceled
        if self.status is not Status.SUCCESS:
            raise InvoiceToReplaceNotIssued
        self.require_free()

    def hold_for(self, new: InvoiceId) -> None:
        """Again without harm."""
        if self.held_for != new:
            self.require_replaceable()
        self.held_for = new

    def let_go(self, new: InvoiceId) -> None:
        """Nothing took its place: it stands as it was."""
        if self.held_for == new:
            self.held_for = None

    @property
    def correctable(self) -> bool:
        """Of one that failed while nobody knows whether it arrived, a second note might be issued."""
        last = self.last_operation
        failed = self.status is Status.ERROR and last is not None and not last.unsure
        return (failed or self.status is Status.REJECTED) and self.corrected_by is None

    def require_correctable(self) -> None:
        """It may have been tried again, or corrected, since its form was opened."""
        if self.corrected_by is not None:
            raise AlreadyCorrected
        if not self.correctable:
            raise NotToBeCorrected

    def be_corrected(self, by: InvoiceId) -> None:
        self.require_correctable()
        self.corrected_by = by

    @property
    def retriable(self) -> bool:
        last = self.last_operation
        return last is not None and last.status is Status.ERROR and self.corrected_by is None

    def begin_again(self, transaction_id: TransactionId, *, now: datetime) -> list[Happened]:
        """The last operation, which failed without being judged; with the same number and the same bytes."""
        if self.corrected_by is not None:
            raise AlreadyCorrected
        operation = self.last_operation
        if operation is None or operation.status is not Status.ERROR:
            raise NotToBeRetried
        self._exchange(operation, transaction_id, now=now)
        return self._moved(operation, Status.PROCESSING, now=now)

    def resume(self, operation: Operation, transaction_id: TransactionId, *, now: datetime) -> bool:
        """Before anything is sent; whether something changed by it.

        An exchange that is open although its request was kept broke off: perhaps after it was sent.
        """
        last = operation.last_transaction
        if last is None or last.status is not Status.PROCESSING:
            self._exchange(operation, transaction_id, now=now)
            return True
        broke_off = operation.request is not None and not operation.unsure
        operation.unsure = operation.unsure or broke_off
        return broke_off

    # ── what became of it ────────────────────────────────────────────────────

    def wait(self, operation: Operation, message: Message, *, unsure: bool, now: datetime) -> list[Happened]:
        """Told once, however often it is tried."""
        operation.unsure = operation.unsure or unsure
        self._close(operation, Status.ERROR, (message,), now=now)
        if operation.status is Status.WAITING:
            return []
        return self._moved(operation, Status.WAITING, now=now)

    def reject(self, operation: Operation, messages: tuple[Message, ...], *, now: datetime) -> list[Happened]:
        self._close(operation, Status.REJECTED, messages, now=now)
        return self._moved(operation, Status.REJECTED, now=now)

    def fail(self, operation: Operation, message: Message, *, now: datetime) -> list[Happened]:
        self._close(operation, Status.ERROR, (message,), now=now)
        return self._moved(operation, Status.ERROR, now=now)

    def accept(
        self, operation: Operation, issued: Issued, alerts: tuple[Message, ...], *, now: datetime
    ) -> list[Happened]:
        self.issued = issued
        fields = {"chave_acesso": issued.key, "numero": issued.number}
        self._close(operation, Status.SUCCESS, alerts, now=now, fields=fields)
        return self._moved(operation, Status.SUCCESS, now=now)

    def be_replaced(
        self,
        operation: Operation,
        transaction_id: TransactionId,
        by: Successor,
        *,
        at: datetime,
        now: datetime,
    ) -> list[Happened]:
        """The tax office canceled it as it accepted the other: nobody asked for that in an exchange."""
        self.operations.append(operation)
        self._exchange(operation, transaction_id, now=now)
        self.replaced_by, self.held_for = by, None
        return self.cancel(operation, at=at, now=now)

    def cancel(self, operation: Operation, *, at: datetime, now: datetime) -> list[Happened]:
        self.canceled_at = at
        fields = {"chave_substituta": self.replaced_by.key} if self.replaced_by else None
        self._close(operation, Status.SUCCESS, (), now=now, fields=fields)
        happened = self._moved(operation, Status.SUCCESS, now=now)
        return [*happened, Happened(type=events.INVOICE_CANCELED, operation_id=operation.id)]

    def remark(self, operation: Operation, messages: tuple[Message, ...]) -> None:
        """What is told of its last exchange besides what the tax office said."""
        last = operation.last_transaction
        if last is not None:
            last.messages = (*last.messages, *messages)

    def give_number_back(self) -> int | None:
        """Of a note that was certainly never issued; the next invoice takes it."""
        number, self.sequence = self.sequence, None
        return number

    # ── files ────────────────────────────────────────────────────────────────

    def promise(self, asset: Asset) -> None:
        self.assets.append(asset)

    def provide(self, asset_id: AssetId, digest: Digest, *, now: datetime) -> list[Happened]:
        """Again without harm."""
        asset = self.asset(asset_id)
        if asset.status is AssetStatus.AVAILABLE and asset.digest == digest:
            return []
        asset.status, asset.digest, asset.updated_at = AssetStatus.AVAILABLE, digest, now
        return [Happened(type=events.ASSET_AVAILABLE, operation_id=asset.operation_id, asset_id=asset.id)]

    # ── within ───────────────────────────────────────────────────────────────

    def _exchange(self, operation: Operation, transaction_id: TransactionId, *, now: datetime) -> Transaction:
        transaction = Transaction(id=transaction_id, created_at=now, updated_at=now)
        operation.transactions.append(transaction)
        return transaction

    def _close(
        self,
        operation: Operation,
        status: Status,
        messages: tuple[Message, ...],
        *,
        now: datetime,
        fields: dict[str, str] | None = None,
    ) -> None:
        last = operation.last_transaction
        if last is None:
            raise NotFound("transaction")
        last.status, last.messages, last.updated_at = status, messages, now
        last.fields = fields or {}

    def _moved(self, operation: Operation, status: Status, *, now: datetime) -> list[Happened]:
        """The invoice goes where its issuing goes; cancelling leaves it as it is."""
        operation.status, operation.updated_at = status, now
        happened = [Happened(type=_OF_OPERATION[status], operation_id=operation.id)]
        if operation.kind is OperationKind.ISSUE:
            self.status = status
            happened.insert(0, Happened(type=_OF_INVOICE[status], operation_id=operation.id))
        return happened
