"""One promise to tell one endpoint of one event, its state, and every attempt to keep it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, AttemptId, DeliveryId, EndpointId, EventId
from lacre.kit.json import JsonObject

TYPE_STOPPED = "type_stopped"
"""Why a delivery was given up that nobody tried to the end: another of its type had failed so long."""


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    """Behind another of its lane."""
    WAITING = "waiting"
    """Due now or later."""
    HELD = "held"
    """In a worker's hands."""
    DELIVERED = "delivered"
    DISCARDED = "discarded"
    """Given up: listed, and sent again on demand."""


class KeptEvent(Struct, frozen=True, kw_only=True, gc=False):
    """An event as it was committed."""

    id: EventId
    event: Event


class Delivery(Struct, frozen=True, kw_only=True, gc=False):
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
    forgiven: int = 0
    """Of the attempts, those that count no more: made before its endpoint began anew."""


class Attempt(Struct, frozen=True, kw_only=True, gc=False):
    """One request and what came of it; bodies are cut, their digest is of the whole."""

    delivery_id: DeliveryId
    number: int
    """Of the delivery's, from 1."""
    at: datetime
    milliseconds: int
    ok: bool
    status_code: int | None
    reason: str
    """Empty when an answer came; else why none did."""
    request_digest: str
    request_body: bytes | None
    response_body: bytes | None
    detail: JsonObject = {}
    """method, url, request and response headers (secrets masked), address, timings in ms."""

    @property
    def id(self) -> AttemptId:
        return AttemptId(f"{self.delivery_id}-{self.number}")
