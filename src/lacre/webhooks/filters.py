"""What is asked of the lists of deliveries and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lacre.kit.ids import DeliveryId, EndpointId, EventId
from lacre.webhooks.delivery import DeliveryStatus


class Answered(StrEnum):
    """What came back from the last attempt."""

    SUCCESS = "2xx"
    REDIRECT = "3xx"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"
    NOTHING = "none"
    """No answer at all."""


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    id: DeliveryId | None = None
    endpoint_id: EndpointId | None = None
    subject_id: str | None = None
    among: tuple[str, ...] = ()
    """One of these subjects; none: any."""
    event_id: EventId | None = None
    types: tuple[str, ...] = ()
    """Of its event."""
    statuses: tuple[DeliveryStatus, ...] = ()
    answered: Answered | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Up to but not until then."""
    after: DeliveryId | None = None
    """Only those that a list shows after this one; where it stands does not move as others are added."""


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    types: tuple[str, ...] = ()
    subject_id: str | None = None
    among: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    after: EventId | None = None
    """As of deliveries."""
