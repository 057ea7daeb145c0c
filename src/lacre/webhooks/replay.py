"""Telling again: what was asked for, how far it is, and what it knows of an event and an endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, ReplayId
from lacre.webhooks.endpoint import Endpoint


class Scope(StrEnum):
    """Which pairs of an event and a listening endpoint are told again."""

    ALL = "all"
    FAILED = "failed"
    """Given up or still failing; none of its deliveries arrived."""
    MISSING = "missing"
    """The endpoint never had a delivery of it: it came later, or listened to something else."""


class ReplayStatus(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is told again; `None` and nothing do not narrow it."""

    since: datetime
    until: datetime | None = None
    """But not at it; `None`: up to when it was asked."""
    types: tuple[str, ...] = ()
    """Our own words."""
    subject_id: str | None = None
    endpoint_id: EndpointId | None = None
    scope: Scope = Scope.ALL


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an event stands in the order in which things happened."""

    at: datetime
    position: int
    event_id: EventId


@dataclass(kw_only=True)
class Replay:
    id: ReplayId
    account_id: AccountId
    wanted: Wanted
    asked_by: str
    """`key:…`, the e-mail of a person, or `cli`."""
    created_at: datetime
    total: int | None
    """Events in the span when it was asked; `None`: more than were counted."""
    status: ReplayStatus = ReplayStatus.RUNNING
    events: int = 0
    """Looked at so far."""
    deliveries: int = 0
    """Made so far."""
    hurried: int = 0
    """Deliveries that waited anyway and go out now, instead of new ones."""
    last: Place | None = None
    finished_at: datetime | None = None

    @property
    def until(self) -> datetime:
        return self.wanted.until or self.created_at

    @property
    def running(self) -> bool:
        return self.status is ReplayStatus.RUNNING

    @property
    def share(self) -> float:
        """How much is done, 0 to 1; without a total, by the time that was gone through."""
        if self.status is ReplayStatus.DONE:
            return 1.0
        if self.total is not None:
            return min(self.events / self.total, 1.0) if self.total else 0.0
        gone = self.last.at - self.wanted.since if self.last else None
        return gone / (self.until - self.wanted.since) if gone else 0.0


@dataclass(frozen=True, kw_only=True)
class Glimpse:
    """As much of an event as tells whether it is wanted."""

    place: Place
    type: str
    subject_id: str

    @property
    def id(self) -> EventId:
        return self.place.event_id


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of telling one event to one endpoint, over all its deliveries."""

    first: DeliveryId
    """What later ones repeat."""
    open: DeliveryId | None = None
    """Waits, or is in a worker's hands."""
    due_at: datetime | None = None
    """Of the open one, if it waits."""
    arrived: bool = False
    failed: bool = False
    """Given up, or tried in vain and tried again."""


@dataclass(frozen=True, kw_only=True)
class Again:
    """A delivery to be made: they are sent in the order of their positions."""

    event_id: EventId
    subject_id: str
    endpoint: Endpoint
    replay_of: DeliveryId | None
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a replay would make; `exact` or else at least this much."""

    events: int = 0
    deliveries: int = 0
    hurried: int = 0
    exact: bool = True

    @property
    def is_nothing(self) -> bool:
        """For sure: not only among the events that were looked at."""
        return self.exact and not (self.deliveries or self.hurried)


def is_meant(told: Told | None, scope: Scope) -> bool:
    match scope:
        case Scope.ALL:
            return True
        case Scope.MISSING:
            return told is None
        case Scope.FAILED:
            return told is not None and told.failed and not told.arrived
