"""Deliveries and their attempts: one table that is itself the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, literal_column, null, select, update

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, timed_uuid
from lacre.kit.jobs import HoldLost
from lacre.kit.refusal import NotFound
from lacre.store.batches import Insert, Row, Update
from lacre.store.claims import Turns, claim_deliveries
from lacre.store.columns import packed, to_json, unpacked
from lacre.store.delivery_search import DeliverySearch, read_delivery
from lacre.store.endpoints import SqlEndpoints, SqlEvents
from lacre.store.instants import instant, micros
from lacre.store.judging import Judge
from lacre.store.keys import Keys
from lacre.store.tables import attempt, delivery
from lacre.store.transaction import Transaction
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
            Held(delivery=read_delivery(row), kept=events[row.event_id], endpoint=endpoints[row.endpoint_id])
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
        return read_delivery(row)

    def attempts(self, account_id: AccountId, delivery_id: DeliveryId) -> Sequence[Attempt]:
        mine = (delivery.c.account_id == account_id) & (delivery.c.id == delivery_id)
        found = select(attempt).join(delivery).where(mine).order_by(attempt.c.number)
        rows = self._transaction.read(found)
        return [self._attempt(row) for row in rows]

    def attempts_at(self, account_id: AccountId, event_id: EventId) -> Sequence[Attempt]:
        mine = (delivery.c.account_id == account_id) & (delivery.c.event_id == event_id)
        made = select(*_BARE_ATTEMPT).select_from(attempt.join(delivery)).where(mine)
        rows = self._transaction.read(made.order_by(attempt.c.at, attempt.c.number))
        return [self._attempt(row) for row in rows]

    def search(self, account_id: AccountId, which: DeliveryFilter, *, limit: int) -> Sequence[Listed]:
        return DeliverySearch(self._transaction, account_id, which).page(limit)

    def count(self, account_id: AccountId, which: DeliveryFilter, *, most: int | None) -> int:
        return DeliverySearch(self._transaction, account_id, which).count(most)

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
        asked, heard = self._bodies(row)
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

    def _bodies(self, row: Any) -> tuple[bytes | None, bytes | None]:  # noqa: ANN401 - a row
        if row.sealed_bodies is None:
            return None, None
        named = f"{row.delivery_id}-{row.number}"
        asked, heard = unpacked(self._keys.open(row.sealed_bodies, "attempt", named, "sealed_bodies"))
        return asked, heard


_ADD = insert(delivery)

_BARE_ATTEMPT = [
    null().label(column.name) if column.name.startswith("sealed_") else column for column in attempt.c
]

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
