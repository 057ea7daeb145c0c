"""Deliveries and their attempts: one table that is itself the queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, null, select, update

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, timed_uuid
from lacre.kit.jobs import HoldLost
from lacre.kit.json import parsed
from lacre.kit.refusal import NotFound
from lacre.store.batches import Insert, Row, Update
from lacre.store.claims import claim_deliveries
from lacre.store.columns import packed, to_json, unpacked
from lacre.store.delivery_search import DeliverySearch, read_delivery
from lacre.store.endpoints import SqlEndpoints
from lacre.store.instants import instant, micros
from lacre.store.judging import Judge
from lacre.store.keys import Keys
from lacre.store.lanes import SqlLanes, first_status
from lacre.store.room import Caps
from lacre.store.stopped_types import StoppedTypes
from lacre.store.tables import attempt, delivery, event
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns
from lacre.webhooks.delivery import Attempt, Delivery, DeliveryStatus, KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.lane import Ordering
from lacre.webhooks.repositories import NO_CAP, Held, Listed, Settled

# literals, so that the databases see that their partial index fits
_FIRST_DUE = select(func.min(delivery.c.due_at)).where(
    delivery.c.status == literal_column("'waiting'"), delivery.c.retry == literal_column("0")
)
_SETTLED = (DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED)


class SqlDeliveries:
    def __init__(
        self,
        transaction: Transaction,
        keys: Keys,
        endpoints: SqlEndpoints,
        lanes: SqlLanes,
        turns: Turns,
        judge: Judge,
    ) -> None:
        self._transaction = transaction
        self._keys = keys
        self._endpoints = endpoints
        self._lanes = lanes
        self._turns = turns
        self._judge = judge

    def add(
        self, event_id: EventId, endpoint: Endpoint, *, now: datetime, replay_of: DeliveryId | None
    ) -> DeliveryId:
        row = _row(event_id, endpoint, now=now, replay_of=replay_of)
        _ADD.run(self._transaction, [row])
        if endpoint.ordering is not Ordering.NONE:
            subject_id = self._subject(event_id) if endpoint.ordering is Ordering.SUBJECT else ""
            self._lanes.join(row[0], endpoint, subject_id, at=micros(now))
        return DeliveryId(row[0])

    def add_for_all(
        self, event_id: EventId, endpoints: Sequence[Endpoint], event: Event, *, position: int
    ) -> None:
        """`position` is the event's in its transaction: those committed together are sent in their order."""
        rows = [_row(event_id, one, now=event.at, position=position) for one in endpoints]
        _ADD.run(self._transaction, rows)
        for row, one in zip(rows, endpoints, strict=True):
            if one.ordering is not Ordering.NONE:
                self._lanes.join(row[0], one, event.subject_id, at=micros(event.at))

    def claim(
        self,
        worker_id: str,
        *,
        now: datetime,
        limit: int,
        per_endpoint: int,
        per_account: int = NO_CAP,
        lasting: bool = True,
    ) -> Sequence[Held]:
        rows = claim_deliveries(
            self._transaction,
            worker_id,
            now=micros(now),
            limit=limit,
            caps=Caps(per_endpoint, per_account),
            turns=self._turns,
            lasting=lasting,
        )
        endpoints = self._endpoints.named({row.endpoint_id for row in rows})
        return [_held(row, endpoints) for row in rows]

    @property
    def missed(self) -> bool:
        return self._turns.missed or self._turns.unfinished

    def settle(self, worker_id: str, settled: Sequence[Settled]) -> int:
        # made ready first: on SQLite nobody else writes once the first is written
        outcomes = [_outcome(one) for one in settled]
        attempts = [self._attempt_row(one.attempt) for one in settled]
        kept = _SETTLE.run(self._transaction, outcomes, worker_id)
        if kept != len(settled):
            if len(settled) > 1:
                raise HoldLost
            return 0
        _KEEP.run(self._transaction, attempts)
        self._judge.hear(worker_id, settled)
        self._turns.stuck.free({one.endpoint_id for one in settled})
        # last, since it locks lanes
        self._lanes.leave()
        return kept

    def keep_still(self, account_id: AccountId, endpoint_id: EndpointId) -> None:
        self._lanes.keep_still(account_id, endpoint_id)

    def arrange(self, endpoint: Endpoint) -> None:
        self._lanes.arrange(endpoint)

    def take_up(self, endpoint: Endpoint, *, anew: bool) -> None:
        StoppedTypes(self._transaction, self._lanes).take_up(endpoint, anew=anew)

    def promote_stranded(self) -> int:
        return self._lanes.promote_stranded()

    def release(self, worker_id: str, delivery_ids: Sequence[DeliveryId]) -> None:
        self._turns.stuck.free_all()
        back = update(delivery).where(_held_by(worker_id), delivery.c.id.in_(delivery_ids))
        self._transaction.write(back.values(status=DeliveryStatus.WAITING.value, holder=None))

    def still_held(self, worker_id: str, delivery_ids: Sequence[DeliveryId]) -> Collection[DeliveryId]:
        mine = select(delivery.c.id).where(_held_by(worker_id), delivery.c.id.in_(delivery_ids))
        return set(self._transaction.read(mine).scalars())

    def release_strays(self, worker_id: str, in_hand: Collection[DeliveryId]) -> int:
        held = self._transaction.read(select(delivery.c.id).where(_held_by(worker_id))).scalars()
        strays = set(held) - set(in_hand)
        if strays:
            self.release(worker_id, sorted(strays))
        return len(strays)

    def put_first(self, delivery_id: DeliveryId, endpoint_id: EndpointId) -> None:
        first = self._transaction.read(_FIRST_DUE.where(delivery.c.endpoint_id == endpoint_id)).scalar()
        if first is not None:
            mine = update(delivery).where(delivery.c.id == delivery_id)
            self._transaction.write(mine.values(due_at=first - 1))

    def get(self, account_id: AccountId, delivery_id: DeliveryId) -> Delivery:
        mine = (delivery.c.account_id == account_id) & (delivery.c.id == delivery_id)
        row = self._transaction.locked(select(delivery).where(mine)).first()
        if row is None:
            raise NotFound("delivery")
        return read_delivery(row)

    def attempts(self, account_id: AccountId, delivery_id: DeliveryId) -> Sequence[Attempt]:
        mine = (delivery.c.account_id == account_id) & (delivery.c.id == delivery_id)
        found = select(attempt).join(delivery, _ITS_OWN).where(mine).order_by(attempt.c.number)
        rows = self._transaction.read(found)
        return [self._attempt(row) for row in rows]

    def attempts_at(self, account_id: AccountId, event_id: EventId) -> Sequence[Attempt]:
        mine = (delivery.c.account_id == account_id) & (delivery.c.event_id == event_id)
        made = select(*_BARE_ATTEMPT).select_from(attempt.join(delivery, _ITS_OWN)).where(mine)
        rows = self._transaction.read(made.order_by(attempt.c.at, attempt.c.number))
        return [self._attempt(row) for row in rows]

    def search(self, account_id: AccountId, which: DeliveryFilter, *, limit: int) -> Sequence[Listed]:
        return DeliverySearch(self._transaction, account_id, which).page(limit)

    def count(self, account_id: AccountId, which: DeliveryFilter, *, most: int | None) -> int:
        return DeliverySearch(self._transaction, account_id, which).count(most)

    def _subject(self, event_id: EventId) -> str:
        found = select(event.c.subject_id).where(event.c.id == event_id)
        return str(self._transaction.read(found).scalar_one())

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


_ADD = Insert(
    delivery,
    (
        "id",
        "account_id",
        "event_id",
        "endpoint_id",
        "status",
        "position",
        "replay_of",
        "created_at",
        "due_at",
    ),
)
_ITS_OWN = attempt.c.delivery_id == delivery.c.id

_BARE_ATTEMPT = [
    null().label(column.name) if column.name.startswith("sealed_") else column for column in attempt.c
]

_SETTLE = Update(
    delivery,
    ("status", "attempts", "due_at", "settled_at", "last_status_code", "last_reason"),
    ("id",),
    fixed="retry = 1, holder = NULL",
    # a worker that woke after its holds were given to others writes nothing; only what is held has a holder.
    # COALESCE, because PostgreSQL, which mostly sees none held when it looks, would believe that no row fits,
    # and compare all that is held with each row of the batch
    where="COALESCE(delivery.holder, '') = ?",
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
    endpoint: Endpoint,
    *,
    now: datetime,
    position: int = 0,
    replay_of: DeliveryId | None = None,
) -> Row:
    at = micros(now)
    return (
        timed_uuid(at),
        endpoint.account_id,
        event_id,
        endpoint.id,
        first_status(endpoint).value,
        position,
        replay_of,
        at,
        at,
    )


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


def _held(row: Any, endpoints: Mapping[str, Endpoint]) -> Held:  # noqa: ANN401 - a row
    (delivery_id, account_id, endpoint_id, event_id, attempts, created_at, due_at, *more) = row
    replay_of, forgiven, kind, subject_id, at, facts = more[:6]
    happened_at = instant(at)
    return Held(
        delivery=Delivery(
            id=delivery_id,
            account_id=account_id,
            event_id=event_id,
            endpoint_id=endpoint_id,
            status=DeliveryStatus.HELD,
            attempts=attempts,
            created_at=happened_at if created_at == at else instant(created_at),
            due_at=happened_at if due_at == at else instant(due_at),
            replay_of=replay_of,
            forgiven=forgiven,
        ),
        kept=KeptEvent(
            id=event_id,
            event=Event(
                type=kind, account_id=account_id, subject_id=subject_id, at=happened_at, facts=parsed(facts)
            ),
        ),
        endpoint=endpoints[endpoint_id],
    )
