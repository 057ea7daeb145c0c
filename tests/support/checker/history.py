"""What is judged: what people did, what receivers heard, and what the database says of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, create_engine, select

from lacre.kit.ids import DeliveryId, EndpointId, EnvelopeId, EventId
from lacre.signing.audit import AuditEntry
from lacre.signing.envelope import Envelope
from lacre.signing.snapshot import thaw
from lacre.store.instants import instant
from lacre.store.postgres import driver_url
from lacre.store.tables import attempt, audit, delivery, endpoint, envelope, event
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Promise

_UNAUTHORIZED = 401

Key: TypeAlias = tuple[EndpointId, EventId]
"""What a receiver can tell deliveries apart by."""


@dataclass(frozen=True, kw_only=True)
class Announced:
    """An event whose commit was acknowledged, and who listened then."""

    event_id: EventId
    subject_id: str
    at: datetime
    listeners: frozenset[EndpointId]


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One request as its receiver heard it."""

    endpoint_id: EndpointId
    event_id: EventId
    body: bytes
    at: datetime
    status: int | None
    """What the receiver said, whether or not we heard it in time; `None` if it said nothing."""

    @property
    def key(self) -> Key:
        return self.endpoint_id, self.event_id

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(kw_only=True)
class Journal:
    """What was done to the system, by those who did it; instants are those of the world's clock."""

    accepted: list[Announced] = field(default_factory=list)
    """In the order of their commits."""
    undone: set[EventId] = field(default_factory=set)
    """Announced in a transaction that did not come to its end."""
    unsure: set[EventId] = field(default_factory=set)
    """Committed or not: the answer was lost."""
    interrupted: Counter[DeliveryId] = field(default_factory=Counter)
    """How often each was in the hands of a worker that died or was called dead."""
    removed: dict[EndpointId, datetime] = field(default_factory=dict)
    stopped: set[EndpointId] = field(default_factory=set)
    """Those that were paused, disabled or changed at some time: when they are told is not judged."""
    ordered: dict[EndpointId, Ordering] = field(default_factory=dict)
    """What each asked for."""
    hurried: set[DeliveryId] = field(default_factory=set)
    bearing: set[EndpointId] = field(default_factory=set)
    """Those that want a token: after a 401 each attempt may ask once more, with a fresh one."""
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When nobody was at work, or the clock was wrong."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The rows, by id; attempts by delivery, in order."""

    events: Mapping[EventId, Any]
    endpoints: Mapping[EndpointId, Any]
    deliveries: Mapping[DeliveryId, Any]
    attempts: Mapping[DeliveryId, Sequence[Any]]
    envelopes: Sequence[Envelope] = ()
    audit: Mapping[EnvelopeId, Sequence[tuple[AuditEntry, str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, url: str) -> Kept:
        engine = create_engine(driver_url(url) if url.startswith("postgresql") else url)
        with engine.connect() as connection:
            found = cls(
                events=_by_id(connection, event),
                endpoints=_by_id(connection, endpoint),
                deliveries=_by_id(connection, delivery),
                attempts=_attempts(connection),
                envelopes=[thaw(row.state) for row in connection.execute(select(envelope))],
                audit=_audit(connection),
            )
        engine.dispose()
        return found

    @cached_property
    def by_key(self) -> Mapping[Key, Sequence[Any]]:
        found: dict[Key, list[Any]] = defaultdict(list)
        for row in self.deliveries.values():
            found[row.endpoint_id, row.event_id].append(row)
        return found


@dataclass(frozen=True, kw_only=True)
class History:
    journal: Journal
    heard: Sequence[Hearing]
    kept: Kept
    promise: Callable[[Any], Promise]
    """To an endpoint, by its row."""
    scale: float = 1.0
    drained: bool = True
    """Everybody was up at the end, and there was time enough."""
    lateness: timedelta | None = None
    """How long after its time an attempt may be made; `None` leaves that unjudged."""
    slack: timedelta = timedelta(0)
    """How long what was already under way may go on after an endpoint was removed."""
    set_back: timedelta = timedelta(0)
    """The furthest that the clock was ever set back."""
    prompt: frozenset[EndpointId] = frozenset()
    """Those whose receivers were always well."""
    promptness: timedelta = timedelta(seconds=5)
    """How soon they are told."""
    log: str = ""
    secrets: Sequence[str] = ()
    files: Path | None = None
    """The folder of the files that envelopes name."""

    @cached_property
    def hearings(self) -> Mapping[Key, Sequence[Hearing]]:
        """But those that were refused for their token."""
        found: dict[Key, list[Hearing]] = defaultdict(list)
        for one in self.heard:
            if one.status != _UNAUTHORIZED or one.endpoint_id not in self.journal.bearing:
                found[one.key].append(one)
        return found


def _by_id(connection: Connection, table: Table) -> dict[Any, Any]:
    return {row.id: row for row in connection.execute(select(table))}


def _attempts(connection: Connection) -> dict[DeliveryId, list[Any]]:
    found: dict[DeliveryId, list[Any]] = defaultdict(list)
    for row in connection.execute(select(attempt).order_by(attempt.c.delivery_id, attempt.c.number)):
        found[row.delivery_id].append(row)
    return found


def _audit(connection: Connection) -> dict[EnvelopeId, list[tuple[AuditEntry, str]]]:
    found: dict[EnvelopeId, list[tuple[AuditEntry, str]]] = defaultdict(list)
    for row in connection.execute(select(audit).order_by(audit.c.envelope_id, audit.c.position)):
        entry = AuditEntry(
            position=row.position,
            at=instant(row.at),
            actor=row.actor,
            what=row.what,
            detail=row.detail,
            previous=row.previous,
        )
        found[row.envelope_id].append((entry, row.hash))
    return found
