"""Replays: how far each is, and what they ask and write about a page of events at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    tuple_,
    update,
)

from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, ReplayId, new_uuid, timed_uuid
from lacre.kit.json import Json, canonical
from lacre.kit.refusal import NotFound
from lacre.kit.times import parse_rfc3339, rfc3339
from lacre.store.endpoints import kept_event
from lacre.store.instants import instant, instant_if, micros, micros_if
from lacre.store.lanes import SqlLanes, first_status
from lacre.store.tables import delivery, endpoint, event, replay
from lacre.store.transaction import Transaction, listed_after, put_if_new
from lacre.webhooks.delivery import DeliveryStatus, KeptEvent
from lacre.webhooks.replay import Again, Glimpse, Place, Replay, ReplayStatus, Scope, Told, Wanted

_SETTLED = (DeliveryStatus.DELIVERED.value, DeliveryStatus.DISCARDED.value)
_AFTER_NEW = 1
"""The class that retries are in: whatever is new goes before it."""


class SqlReplays:
    def __init__(self, transaction: Transaction, lanes: SqlLanes) -> None:
        self._transaction = transaction
        self._lanes = lanes

    # ── the replays themselves ───────────────────────────────────────────────

    def add(
        self, account_id: AccountId, wanted: Wanted, *, by: str, total: int | None, now: datetime
    ) -> Replay:
        asked = Replay(
            id=ReplayId(new_uuid()),
            account_id=account_id,
            wanted=wanted,
            asked_by=by,
            created_at=now,
            total=total,
        )
        said = _written(wanted)
        fingerprint = hashlib.sha256(canonical(said)).hexdigest()
        same = (replay.c.account_id == account_id) & (replay.c.fingerprint == fingerprint) & _RUNNING
        row = {"id": asked.id, "account_id": account_id, "fingerprint": fingerprint, "wanted": said}
        if put_if_new(self._transaction, replay, {**row, **_progress(asked), **_origin(asked)}):
            return asked
        return self._one(same)

    def get(self, account_id: AccountId, replay_id: ReplayId) -> Replay:
        return self._one((replay.c.account_id == account_id) & (replay.c.id == replay_id))

    def glance(self, replay_id: ReplayId) -> Replay:
        row = self._transaction.read(select(replay).where(replay.c.id == replay_id)).first()
        if row is None:
            raise NotFound("replay")
        return _replay(row)

    def find(self, account_id: AccountId, *, after: ReplayId | None = None, limit: int) -> Sequence[Replay]:
        mine = replay.c.account_id == account_id
        older = [mine]
        if after is not None:
            one = mine & (replay.c.id == after)
            older = [mine & listed_after(self._transaction, _LISTED, one, "replay")]
        newest = select(replay).where(*older).order_by(*(column.desc() for column in _LISTED))
        return [_replay(row) for row in self._transaction.read(newest.limit(limit))]

    def save(self, replay: Replay) -> None:
        self._transaction.write(_SAVE, {"which": replay.id, **_progress(replay)})

    def take_turn(self, account_id: AccountId) -> None:
        if self._transaction.postgresql:
            self._transaction.read(_TURN, {"account_id": account_id}).close()
        else:
            self._transaction.take_turn()

    def accounts(self, endpoint_id: EndpointId | None = None) -> Sequence[AccountId]:
        kept: list[ColumnElement[bool]] = [endpoint.c.deleted_at.is_(None)]
        if endpoint_id is not None:
            kept.append(endpoint.c.id == endpoint_id)
        owners = select(endpoint.c.account_id).where(*kept).distinct().order_by(endpoint.c.account_id)
        return list(self._transaction.read(owners).scalars())

    def _one(self, which: ColumnElement[bool]) -> Replay:
        row = self._transaction.locked(select(replay).where(which)).first()
        if row is None:
            raise NotFound("replay")
        return _replay(row)

    # ── which events ─────────────────────────────────────────────────────────

    def events_in(self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int) -> int:
        some = select(event.c.at).where(*_span(account_id, wanted, until))
        counted = select(func.count()).select_from(some.limit(most).subquery())
        return int(self._transaction.read(counted).scalar_one())

    def look(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, after: Place | None, limit: int
    ) -> Sequence[Glimpse]:
        # one beginning only: of two, SQLite may take the one that is far behind
        span = [*_span(account_id, wanted, until, since=after.at if after else None)]
        if after is not None:
            span.append(tuple_(*_PLACE) > tuple_(micros(after.at), after.position, after.event_id))
        oldest = _GLIMPSE.where(*span).order_by(*_PLACE).limit(limit)
        return [_glimpse(row) for row in self._transaction.read(oldest)]

    def failures(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int
    ) -> Sequence[Glimpse] | None:
        """From the deliveries that failed to their events: few among many are found quickly."""
        meant = self._endpoints(account_id, wanted)
        # none is older than its event; literals, so that the partial indexes are seen to fit
        given_up = select(delivery.c.event_id).where(
            delivery.c.endpoint_id.in_(meant),
            delivery.c.status == literal_column("'discarded'"),
            delivery.c.created_at >= micros(wanted.since),
        )
        failing = select(delivery.c.event_id).where(
            delivery.c.endpoint_id.in_(meant),
            delivery.c.status == literal_column("'waiting'"),
            delivery.c.retry == literal_column("1"),
            delivery.c.attempts > 0,
        )
        found = [
            event_id
            for some in (given_up, failing)
            for event_id in self._transaction.read(some.limit(most + 1)).scalars()
        ]
        if len(found) > most:
            return None
        within = (_owned(event, account_id), _happened(wanted, until))
        return [
            _glimpse(row)
            for some in _parts(set(found))
            for row in self._transaction.read(_GLIMPSE.where(event.c.id.in_(some), *within))
        ]

    def of_types(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int
    ) -> Sequence[Glimpse] | None:
        typed = _GLIMPSE.where(*_span(account_id, wanted, until), event.c.type.in_(wanted.types))
        found = self._transaction.read(typed.limit(most + 1)).all()
        return [_glimpse(row) for row in found] if len(found) <= most else None

    def named(self, account_id: AccountId, event_ids: Collection[EventId]) -> Mapping[EventId, KeptEvent]:
        return {
            row.id: kept_event(row)
            for some in _parts(event_ids)
            for row in self._transaction.read(
                select(event).where(_owned(event, account_id), event.c.id.in_(some))
            )
        }

    def _endpoints(self, account_id: AccountId, wanted: Wanted) -> Sequence[str]:
        mine = (endpoint.c.account_id == account_id) & endpoint.c.deleted_at.is_(None)
        if wanted.endpoint_id is not None:
            mine &= endpoint.c.id == wanted.endpoint_id
        return list(self._transaction.read(select(endpoint.c.id).where(mine)).scalars())

    # ── which deliveries ─────────────────────────────────────────────────────

    def told(
        self, account_id: AccountId, event_ids: Collection[EventId]
    ) -> Mapping[tuple[EventId, EndpointId], Told]:
        found: dict[tuple[EventId, EndpointId], Told] = {}
        for some in _parts(event_ids):
            mine = _TOLD.where(_owned(delivery, account_id), delivery.c.event_id.in_(some))
            for row in self._transaction.read(mine):
                pair = row.event_id, row.endpoint_id
                found[pair] = _told(found.get(pair), row)
        return found

    def tell_again(
        self,
        account_id: AccountId,
        new: Sequence[Again],
        *,
        now: datetime,
        replay_id: ReplayId | None = None,
    ) -> int:
        if new:
            rows = [_row(account_id, one, micros(now), replay_id) for one in new]
            self._transaction.write(_ADD, rows)
            for row, one in zip(rows, new, strict=True):
                self._lanes.join(row["id"], one.endpoint, one.subject_id, at=row["created_at"])
        return len(new)

    def hurry(self, account_id: AccountId, delivery_ids: Collection[DeliveryId], *, now: datetime) -> int:
        later = (delivery.c.status == literal_column("'waiting'")) & (delivery.c.due_at > micros(now))
        mine = update(delivery).where(_owned(delivery, account_id))
        hurried = 0
        for some in _parts(delivery_ids):
            these = mine.where(delivery.c.id.in_(some))
            hurried += self._transaction.write(these.where(later).values(due_at=micros(now))).rowcount
            # whoever asked for them counts on them, also when the replay that made them is stopped
            made = these.where(delivery.c.replay_id.is_not(None))
            self._transaction.write(made.values(replay_id=None))
        return hurried

    def take_back(self, replay: Replay, *, limit: int) -> int:
        untried = delivery.c.status.in_(("waiting", "queued")) & (delivery.c.attempts == 0)
        some = select(delivery.c.id, delivery.c.lane).where(delivery.c.replay_id == replay.id, untried)
        rows = self._transaction.read(some.limit(limit)).all()
        lanes = {row.lane for row in rows if row.lane is not None}
        self._lanes.lock(lanes)
        # asked once more: a worker may have taken one meanwhile
        ids = [row.id for row in rows]
        taken = self._transaction.write(delete(delivery).where(delivery.c.id.in_(ids), untried)).rowcount
        self._lanes.promote(lanes)
        return taken


_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('replays of ' || :account_id, 0))")
# a literal and not a parameter: so that the databases see that their partial index fits
_RUNNING = replay.c.status == literal_column("'running'")
_LISTED = (replay.c.created_at, replay.c.id)
_PLACE = (event.c.at, event.c.position, event.c.id)
_GLIMPSE = select(event.c.id, event.c.type, event.c.subject_id, event.c.at, event.c.position)
_TOLD = select(
    delivery.c.event_id,
    delivery.c.endpoint_id,
    delivery.c.id,
    delivery.c.replay_of,
    delivery.c.status,
    delivery.c.attempts,
    delivery.c.due_at,
)
_ADD = insert(delivery)
_PROGRESS = (
    "status",
    "total",
    "events",
    "deliveries",
    "hurried",
    "last_at",
    "last_position",
    "last_id",
    "finished_at",
)
_SAVE = (
    update(replay)
    .where(replay.c.id == bindparam("which"))
    .values({name: bindparam(name) for name in _PROGRESS})
)
_PART = 1_000


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    """No more values in a statement than any database takes; in one order, so that nobody waits in a ring."""
    kept = sorted(ids)
    for begin in range(0, len(kept), _PART):
        yield kept[begin : begin + _PART]


def _span(
    account_id: AccountId, wanted: Wanted, until: datetime, *, since: datetime | None = None
) -> Iterator[ColumnElement[bool]]:
    yield event.c.at >= micros(since or wanted.since)
    yield event.c.at < micros(until)
    if wanted.subject_id is None:
        yield event.c.account_id == account_id
    else:
        yield _owned(event, account_id)
        yield event.c.subject_id == wanted.subject_id


def _happened(wanted: Wanted, until: datetime) -> ColumnElement[bool]:
    """The same of single events: without a range that an index might be gone through for."""
    since = func.coalesce(event.c.at, 0) >= micros(wanted.since)
    within = since & (func.coalesce(event.c.at, 0) < micros(until))
    return within & (event.c.subject_id == wanted.subject_id) if wanted.subject_id is not None else within


def _owned(table: Table, account_id: AccountId) -> ColumnElement[bool]:
    """Hidden from the planners: SQLite would rather read all of an account than a thousand ids."""
    return func.coalesce(table.c.account_id, "") == account_id


def _told(before: Told | None, row: Any) -> Told:  # noqa: ANN401 - a row
    status, on_its_way = row.status, row.status not in _SETTLED
    due_at = instant(row.due_at) if status == DeliveryStatus.WAITING else None
    return Told(
        first=row.replay_of or row.id,
        open=row.id if on_its_way else (before.open if before else None),
        due_at=due_at if on_its_way else (before.due_at if before else None),
        arrived=(before is not None and before.arrived) or status == DeliveryStatus.DELIVERED,
        failed=(before is not None and before.failed)
        or status == DeliveryStatus.DISCARDED
        or (on_its_way and row.attempts > 0),
    )


def _row(account_id: AccountId, again: Again, now: int, replay_id: ReplayId | None) -> dict[str, Any]:
    return {
        "id": timed_uuid(now),
        "account_id": account_id,
        "event_id": again.event_id,
        "endpoint_id": again.endpoint.id,
        "status": first_status(again.endpoint).value,
        "retry": _AFTER_NEW if replay_id else 0,
        "position": again.position,
        "replay_of": again.replay_of,
        "replay_id": replay_id,
        "created_at": now,
        "due_at": now,
    }


def _glimpse(row: Any) -> Glimpse:  # noqa: ANN401 - a row
    place = Place(at=instant(row.at), position=row.position, event_id=row.id)
    return Glimpse(place=place, type=row.type, subject_id=row.subject_id)


def _written(wanted: Wanted) -> dict[str, Json]:
    return {
        "since": rfc3339(wanted.since),
        "until": rfc3339(wanted.until) if wanted.until else None,
        "types": sorted(wanted.types),
        "subject_id": wanted.subject_id,
        "endpoint_id": wanted.endpoint_id,
        "scope": wanted.scope.value,
    }


def _read(said: Mapping[str, Any]) -> Wanted:
    return Wanted(
        since=parse_rfc3339(said["since"]),
        until=parse_rfc3339(said["until"]) if said["until"] else None,
        types=tuple(said["types"]),
        subject_id=said["subject_id"],
        endpoint_id=said["endpoint_id"],
        scope=Scope(said["scope"]),
    )


def _origin(asked: Replay) -> dict[str, Any]:
    return {"asked_by": asked.asked_by, "created_at": micros(asked.created_at)}


def _progress(replay: Replay) -> dict[str, Any]:
    last = replay.last
    return {
        "status": replay.status.value,
        "total": replay.total,
        "events": replay.events,
        "deliveries": replay.deliveries,
        "hurried": replay.hurried,
        "last_at": micros_if(last.at if last else None),
        "last_position": last.position if last else None,
        "last_id": last.event_id if last else None,
        "finished_at": micros_if(replay.finished_at),
    }


def _replay(row: Any) -> Replay:  # noqa: ANN401 - a row
    last = None
    if row.last_id is not None:
        last = Place(at=instant(row.last_at), position=row.last_position, event_id=row.last_id)
    return Replay(
        id=row.id,
        account_id=row.account_id,
        wanted=_read(row.wanted),
        asked_by=row.asked_by,
        created_at=instant(row.created_at),
        total=row.total,
        status=ReplayStatus(row.status),
        events=row.events,
        deliveries=row.deliveries,
        hurried=row.hurried,
        last=last,
        finished_at=instant_if(row.finished_at),
    )
