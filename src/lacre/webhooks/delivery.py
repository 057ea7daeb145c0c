"""One promise to tell one endpoint of one event, its state, and every attempt to keep it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, AttemptId, DeliveryId, EndpointId, EventId
from lacre.kit.json import JsonObject


class DeliveryStatus(StrEnum):
    WAITING = "waiting"
    """Due now or later."""
    HELD = "held"
    """In a worker's hands."""
    DELIVERED = "delivered"
    DISCARDED = "discarded"
    """Given up: listed, and sent again on demand."""


@dataclass(frozen=True, kw_only=True)
class KeptEvent:
    """An event as it was committed."""

    id: EventId
    event: Event


@dataclass(frozen=True, kw_only=True)
class Delivery:
    id: DeliveryId
    account_id: AccountId
    event_id: EventId
    endpoint_id: EndpointId
    status: DeliveryStatus
    attempts: int
    """Made so far."""
    created_at: datetime
    due_at: datetime
    replay_of: DeliveryId | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request and what came of it; bodies are cut, their digest is of the whole."""

    id: AttemptId
    delivery_id: DeliveryId
    number: int
    at: datetime
    milliseconds: int
    ok: bool
    status_code: int | None
    reason: str
    """Empty when an answer came; else why none did."""
    request_digest: str
    request_body: bytes | None
    response_body: bytes | None
    detail: JsonObject = field(default_factory=dict)
    """method, url, request and response headers (secrets masked), address, timings in ms."""
