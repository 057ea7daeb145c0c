"""What is done with an invoice at the tax office: an operation, and every exchange that it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lacre.kit.ids import AssetId, Digest, OperationId, TransactionId


class Status(StrEnum):
    """Of invoices, operations and transactions; a transaction is never waiting."""

    PENDING = "pending"
    PROCESSING = "processing"
    WAITING = "waiting"
    """For the tax office, which was not reached, or did not say what became of it."""
    ERROR = "error"
    SUCCESS = "success"
    REJECTED = "rejected"


ENDED = frozenset({Status.ERROR, Status.SUCCESS, Status.REJECTED})


class OperationKind(StrEnum):
    ISSUE = "issue"
    CANCEL = "cancel"


class AssetKind(StrEnum):
    PRINT = "print"
    XML_REQUEST = "xml_request"
    XML_RESPONSE = "xml_response"


@dataclass(frozen=True, kw_only=True)
class Message:
    """What the tax office, or we, said about an exchange."""

    code: str
    text: str
    remedy: str = ""
    facts: tuple[str, ...] = ()
    """Of what we say ourselves: what stands in it."""


@dataclass(kw_only=True)
class Transaction:
    """One exchange."""

    id: TransactionId
    status: Status = Status.PROCESSING
    messages: tuple[Message, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    """What the answer said."""
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class Operation:
    id: OperationId
    kind: OperationKind
    status: Status = Status.PROCESSING
    transactions: list[Transaction] = field(default_factory=list)
    draft: Digest | None = None
    """The unsigned request."""
    request: Digest | None = None
    """The signed one, that is sent as often as need be."""
    request_id: str = ""
    """What the tax office knows the request by."""
    unsure: bool = False
    """Whether some sending of it never got an answer."""
    reason: str = ""
    """Of a cancellation: 1, 2 or 9; by replacement as `ReplaceReason`."""
    reason_text: str = ""
    created_at: datetime
    updated_at: datetime

    @property
    def last_transaction(self) -> Transaction | None:
        return self.transactions[-1] if self.transactions else None

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class AssetStatus(StrEnum):
    PENDING = "pending"
    AVAILABLE = "available"
    ERROR = "error"


@dataclass(kw_only=True)
class Asset:
    """A file about an invoice."""

    id: AssetId
    kind: AssetKind
    status: AssetStatus = AssetStatus.PENDING
    operation_id: OperationId
    transaction_id: TransactionId | None = None
    digest: Digest | None = None
    """None while it is pending."""
    created_at: datetime
    updated_at: datetime
