"""Deliveries and their attempts: one table that is itself the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal_column, select, update

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, timed_uuid
from lacre.kit.jobs import HoldLost
from lacre.kit.refusal import NotFound
from lacre.store.batches import Insert, Row, Update
from lacre.store.claims import Turns, claim_deliveries
from lacre.store.columns import packed, to_json, unpacked
from lacre.store.endpoints import SqlEndpoints, SqlEvents
from lacre.store.instants import instant, instant_if, micros
from lacre.store.judging import Judge
from lacre.store.keys import Keys
from lacre.store.tables import attempt, delivery, endpoint, event
from lacre.store.transaction import Transaction, listed_after
from lacre.webhooks.delivery import Attempt, Delivery, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.repositories import DeliveryFilter, Held, Listed, Settled

_SETTLED = (DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED)


class SqlDeliveries:
    def __init__(
        self,
        transaction: Transaction,
        keys: Keys,
        endpoints: SqlEndpoints,
        events: SqlEvents,
        turns: Turns,
        judge: Judge,
    ) -> None:
        self._transaction = transaction
        self._keys = keys
        self._endpoints = endpoints
        self._events = events
        self._turns = turns
        self._judge = judge

    def add(
        self, event_id: EventId, endpoint: Endpoint, *, now: datetime, replay_of: DeliveryId | None
    ) -> DeliveryId:
        row = _row(event_id, endpoint.id, endpoint.account_id, now=now, replay_of=replay_of)
        self._transaction.write(_ADD, row)
        return DeliveryId(row["id"])

    def add_for_all(
        self, event_id: EventId, endpoints: Sequence[EndpointId], event: Event, *, position: int
    ) -> None:
        """`position` is the event's in its transaction: those committed together are sent in their order."""
        rows = [_row(event_id, one, event.account_id, now=event.at, position=position) for one in endpoints]
        if rows:
            self._transaction.write(_ADD, rows)

    def claim(self, worker_id: str, *, now: datetime, limit: int, per_endpoint: int) -> Sequence[Held]:
        rows = claim_deliveries(
            self._transaction,
            worker_id,
            now=micros(now),
            limit=limit,
            per_endpoint=per_endpoint,
            turns=self._turns,
        )
        endpoints = self._endpoints.named({row.endpoint_id for row in rows})
        events = self._events.named({row.event_id for row in rows})
        return [
            Held(delivery=_delivery(row), kept=events[row.event_id], endpoint=endpoints[row.endpoint_id])
            for row in rows
        ]

    def settle(self, worker_id: str, settled: Sequence[Settled]) -> int:
        kept = _SETTLE.run(self._transaction, [_outcome(one) for one in settled], worker_id)
        if kept != len(settled):
            if len(settled) > 1:
                raise HoldLost
            return 0
        _KEEP.run(self._transaction, [self._attempt_row(one.attempt) for one in settled])
        self._judge.hear(worker_id, settled)
        return kept

    def release(self, worker_id: str, delivery_ids: Sequence[DeliveryId]) -> None:
        back = update(delivery).where(_held_by(worker_id), delivery.c.id.in_(delivery_ids))
        self._transaction.write(back.values(status=DeliveryStatus.WAITING.value, holder=None))

    def release_strays(self, worker_id: str, in_hand: Collection[DeliveryId]) -> int:
        held = self._transaction.read(select(delivery.c.id).where(_held_by(worker_id))).scalars()
        strays = set(held) - set(in_hand)
        if strays:
            self.release(worker_id, sorted(strays))
        return len(strays)

    def hurry(self, account_id: AccountId, delivery_id: DeliveryId, *, now: datetime) -> None:
        mine = (delivery.c.account_id == account_id) & (delivery.c.id == delivery_id)
        waits = (delivery.c.status == literal_column("'waiting'")) & (delivery.c.due_at > micros(now))
        self._transaction.write(update(delivery).where(mine, waits).values(due_at=micros(now)))

    def get(self, account_id: AccountId, delivery_id: DeliveryId) -> Delivery:
        mine = (delivery.c.account_id == account_id) & (delivery.c.id == delivery_id)
        row = self._transaction.locked(select(delivery).where(mine)).first()
        if row is None:
            raise NotFound("delivery")
        return _delivery(row)

    def attempts(self, account_id: AccountId, delivery_id: DeliveryId) -> Sequence[Attempt]:
        mine = (delivery.c.account_id == account_id) & (delivery.c.id == delivery_id)
        found = select(attempt).join(delivery).where(mine).order_by(attempt.c.number)
        rows = self._transaction.read(found)
        return [self._attempt(row) for row in rows]

    def find(
        self, account_id: AccountId, which: DeliveryFilter, *, offset: int, limit: int
    ) -> tuple[Sequence[Listed], int]:
        wanted = [*_conditions(account_id, which), *self._after(account_id, which)]
        newest = [column.desc() for column in _PLACE]
        page = _LISTED.where(*wanted).order_by(*newest).offset(offset).limit(limit)
        listed = [_listed(row) for row in self._transaction.read(page)]
        narrowed = delivery.join(event) if which.subject_id is not None else delivery
        counted = select(func.count()).select_from(narrowed).where(*wanted)
        return listed, self._transaction.read(counted).scalar_one()

    def _after(self, account_id: AccountId, which: DeliveryFilter) -> list[ColumnElement[bool]]:
        if which.after is None:
            return []
        mine = (delivery.c.account_id == account_id) & (delivery.c.id == which.after)
        return [listed_after(self._transaction, _PLACE, mine, "delivery")]

    def _attempt_row(self, attempt: Attempt) -> Row:
        bodies = packed((attempt.request_body, attempt.response_body))
        return (
            attempt.delivery_id,
            attempt.number,
            micros(attempt.at),
            attempt.milliseconds,
            attempt.ok,
            attempt.status_code,
            attempt.reason,
            to_json(attempt.detail),
            attempt.request_digest,
            self._keys.seal(bodies, "attempt", attempt.id, "sealed_bodies"),
        )

    def _attempt(self, row: Any) -> Attempt:  # noqa: ANN401 - a row
        opened = self._keys.open(
            row.sealed_bodies, "attempt", f"{row.delivery_id}-{row.number}", "sealed_bodies"
        )
        asked, heard = unpacked(opened)
        return Attempt(
            delivery_id=row.delivery_id,
            number=row.number,
            at=instant(row.at),
            milliseconds=row.milliseconds,
            ok=row.ok,
            status_code=row.status_code,
            reason=row.reason,
            request_digest=row.request_digest,
            request_body=asked,
            response_body=heard,
            detail=row.detail,
        )


_ADD = insert(delivery)

_PLACE = (delivery.c.created_at, delivery.c.position, delivery.c.id)
_LISTED = select(delivery, event.c.type.label("event_type"), event.c.subject_id, endpoint.c.url).select_from(
    delivery.join(event).join(endpoint, endpoint.c.id == delivery.c.endpoint_id)
)

_SETTLE = Update(
    delivery,
    ("status", "attempts", "due_at", "settled_at", "last_status_code", "last_reason"),
    ("id",),
    fixed="retry = 1, holder = NULL",
    # a worker that woke after its holds were given to others writes nothing
    where="delivery.status = 'held' AND delivery.holder = ?",
)
_KEEP = Insert(
    attempt,
    (
        "delivery_id",
        "number",
        "at",
        "milliseconds",
        "ok",
        "status_code",
        "reason",
        "detail",
        "request_digest",
        "sealed_bodies",
    ),
)


def _row(
    event_id: EventId,
    endpoint_id: EndpointId,
    account_id: AccountId,
    *,
    now: datetime,
    position: int = 0,
    replay_of: DeliveryId | None = None,
) -> dict[str, Any]:
    return {
        "id": timed_uuid(micros(now)),
        "account_id": account_id,
        "event_id": event_id,
        "endpoint_id": endpoint_id,
        "status": DeliveryStatus.WAITING.value,
        "position": position,
        "replay_of": replay_of,
        "created_at": micros(now),
        "due_at": micros(now),
    }


def _held_by(worker_id: str) -> ColumnElement[bool]:
    return (delivery.c.status == literal_column("'held'")) & (delivery.c.holder == worker_id)


def _outcome(one: Settled) -> Row:
    attempt = one.attempt
    settled_at = micros(attempt.at) if one.status in _SETTLED else None
    return (
        one.status.value,
        attempt.number,
        micros(one.due_at),
        settled_at,
        attempt.status_code,
        attempt.reason,
        one.delivery_id,
    )


def _conditions(account_id: AccountId, which: DeliveryFilter) -> Sequence[ColumnElement[bool]]:
    wanted = [delivery.c.account_id == account_id]
    if which.id is not None:
        wanted.append(delivery.c.id == which.id)
    if which.endpoint_id is not None:
        wanted.append(delivery.c.endpoint_id == which.endpoint_id)
    if which.subject_id is not None:
        wanted.append(event.c.subject_id == which.subject_id)
    if which.event_id is not None:
        wanted.append(delivery.c.event_id == which.event_id)
    if which.statuses:
        wanted.append(delivery.c.status.in_([status.value for status in which.statuses]))
    return wanted


def _delivery(row: Any) -> Delivery:  # noqa: ANN401 - a row
    return Delivery(
        id=row.id,
        account_id=row.account_id,
        event_id=row.event_id,
        endpoint_id=row.endpoint_id,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        created_at=instant(row.created_at),
        due_at=instant(row.due_at),
        replay_of=row.replay_of,
        settled_at=instant_if(row.settled_at),
    )


def _listed(row: Any) -> Listed:  # noqa: ANN401 - a row
    return Listed(
        delivery=_delivery(row),
        event_type=row.event_type,
        subject_id=row.subject_id,
        url=row.url,
        last_status_code=row.last_status_code,
        last_reason=row.last_reason,
    )
