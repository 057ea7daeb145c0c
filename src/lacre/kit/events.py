"""The event envelope: the only thing that the businesses and the webhooks share."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from lacre.kit.ids import AccountId, EventId
from lacre.kit.json import JsonObject


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """Something that happened; `facts` are frozen with it and hold no secret and no link."""

    type: str
    """Past tense, dotted: `signing.signer_signed`."""
    account_id: AccountId
    subject_id: str
    """The envelope, document or invoice it happened to; what per-key ordering goes by."""
    at: datetime
    facts: JsonObject


class Outbox(Protocol):
    """Where events go: rows of the same transaction, from which deliveries are made."""

    def announce(self, event: Event) -> EventId: ...
