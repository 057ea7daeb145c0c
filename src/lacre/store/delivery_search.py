"""Deliveries found among millions: each question goes by the index that answers it with the least reading.

Pages begin after a row and not after a number of rows, and what there is is counted only so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from lacre.kit.ids import AccountId
from lacre.store.instants import instant, instant_if, micros
from lacre.store.tables import delivery, endpoint, event
from lacre.store.transaction import Transaction, listed_after
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.endpoint import EndpointStatus
from lacre.webhooks.filters import Answered, DeliveryFilter
from lacre.webhooks.repositories import Listed

FEW, FEW_QUEUED = 1_000, 10_000
"""So many are looked through to the last; of more, some are soon met among the newest."""
_PLACE = (delivery.c.created_at, delivery.c.position, delivery.c.id)
_NEWEST = tuple(column.desc() for column in _PLACE)
# the same, so that no index is walked in this order in search of what is few
_SORTED = ((delivery.c.created_at + 0).desc(), *_NEWEST[1:])
_LISTED = select(
    delivery,
    event.c.type.label("event_type"),
    event.c.subject_id,
    endpoint.c.url,
    endpoint.c.status.label("endpoint_status"),
).select_from(delivery.join(event).join(endpoint, endpoint.c.id == delivery.c.endpoint_id))
_ONE: Select[Any] = select(literal_column("1").label("one"))
# said in the words of the indexes: a database that plans for any value must see which of them it may use
_STATUS: Mapping[DeliveryStatus, ColumnElement[bool]] = {
    status: delivery.c.status == literal_column(f"'{status.value}'") for status in DeliveryStatus
}
# the same, of those that the queue is claimed by
_QUEUED: Mapping[DeliveryStatus, ColumnElement[bool]] = {
    DeliveryStatus.WAITING: _STATUS[DeliveryStatus.WAITING] & delivery.c.retry.in_((0, 1)),
    DeliveryStatus.QUEUED: _STATUS[DeliveryStatus.QUEUED],
    DeliveryStatus.HELD: _STATUS[DeliveryStatus.HELD] & (delivery.c.holder > ""),
    DeliveryStatus.QUEUED: _STATUS[DeliveryStatus.QUEUED],
}
_CODES = {
    Answered.SUCCESS: (200, 299),
    Answered.REDIRECT: (300, 399),
    Answered.CLIENT_ERROR: (400, 499),
    Answered.SERVER_ERROR: (500, 599),
}
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Part:
    """Some of what is looked for, and what is gone by."""

    conditions: Conditions
    few: bool = False
    """All of it is read and then sorted."""


class DeliverySearch:
    """Each state is looked through by its own index where there is one, and what is found laid together."""

    def __init__(self, transaction: Transaction, account_id: AccountId, which: DeliveryFilter) -> None:
        self._transaction, self._account_id, self._which = transaction, account_id, which

    def page(self, limit: int) -> Sequence[Listed]:
        narrowed = [*self._narrowing(), *self._after()]
        found = [
            row
            for part in self._parts()
            for row in self._transaction.read(
                _LISTED.where(*part.conditions, *narrowed)
                .order_by(*(_SORTED if part.few else _NEWEST))
                .limit(limit)
            )
        ]
        found.sort(key=lambda row: (row.created_at, row.position, row.id), reverse=True)
        return [_listed(row) for row in found[:limit]]

    def count(self, most: int | None) -> int:
        of_events = self._which.types or self._subjects
        some = _ONE.select_from(delivery.join(event) if of_events else delivery).limit(most)
        narrowed = some.where(*self._narrowing())
        found = sum(self._counted(narrowed.where(*part.conditions)) for part in self._parts())
        return found if most is None else min(found, most)

    @property
    def _statuses(self) -> Sequence[DeliveryStatus]:
        asked = self._which.statuses or tuple(DeliveryStatus)
        if self._which.answered in (None, Answered.SUCCESS):
            return asked
        # who answered with anything else was not told
        return [one for one in asked if one is not DeliveryStatus.DELIVERED]

    @property
    def _subjects(self) -> Sequence[str]:
        return self._which.among if self._which.subject_id is None else (self._which.subject_id,)

    def _after(self) -> Conditions:
        if self._which.after is None:
            return ()
        mine = (delivery.c.account_id == self._account_id) & (delivery.c.id == self._which.after)
        return (listed_after(self._transaction, _PLACE, mine, "delivery"),)

    # ── what is gone by ──────────────────────────────────────────────────────

    def _parts(self) -> Sequence[Part]:
        """What leads to few, at once; else each state by itself."""
        few, asked = self._few(), self._which.statuses
        if few and asked:
            few = [*few, delivery.c.status.in_([one.value for one in asked])]
        if few:
            return [Part(few, few=True)]
        if not asked and self._which.answered is None and self._which.endpoint_id is None:
            return [Part([delivery.c.account_id == self._account_id])]
        return [self._in_state(status) for status in self._statuses]

    def _few(self) -> Conditions:
        which, account_id = self._which, self._account_id
        if which.id is not None:
            return [delivery.c.id == which.id, _never_by(delivery.c.account_id) == account_id]
        if which.event_id is not None:
            return [delivery.c.event_id == which.event_id, _never_by(delivery.c.account_id) == account_id]
        if self._subjects:
            return self._of_subjects()
        if which.types and self._has_few_of_types():
            return [event.c.account_id == account_id, event.c.type.in_(which.types)]
        return []

    def _of_subjects(self) -> Conditions:
        theirs = [event.c.subject_id.in_(self._subjects), _never_by(event.c.account_id) == self._account_id]
        if not self._transaction.postgresql:
            return theirs
        # an array is found first and then looked up: joined, they were looked for among all deliveries
        found = func.array(select(event.c.id).where(*theirs).scalar_subquery())
        return [delivery.c.event_id == func.any(found)]

    def _in_state(self, status: DeliveryStatus) -> Part:
        mine = [delivery.c.account_id == self._account_id, _STATUS[status]]
        if status in _QUEUED:
            return self._queued(_QUEUED[status]) or Part(mine)
        if self._which.endpoint_id is None:
            return Part(mine)
        if status is DeliveryStatus.DISCARDED:
            # by the index that has no account: an endpoint may have few of an account's many
            mine = [_never_by(delivery.c.account_id) == self._account_id, _STATUS[status]]
        return Part([*mine, delivery.c.endpoint_id == self._which.endpoint_id])

    def _queued(self, queued: ColumnElement[bool]) -> Part | None:
        """By the queue's own index, unless there are many: then some are soon met in the list."""
        to_these = delivery.c.endpoint_id == self._which.endpoint_id
        if self._which.endpoint_id is None:
            owned = select(endpoint.c.id).where(endpoint.c.account_id == self._account_id)
            to_these = delivery.c.endpoint_id.in_(owned)
        some = _ONE.select_from(delivery).where(queued, to_these).limit(FEW_QUEUED + 1)
        if self._counted(some) > FEW_QUEUED:
            return None
        found = select(delivery.c.id).where(queued, to_these)
        return Part(
            [delivery.c.id.in_(found), _never_by(delivery.c.account_id) == self._account_id], few=True
        )

    def _has_few_of_types(self) -> bool:
        mine = (event.c.account_id == self._account_id) & event.c.type.in_(self._which.types)
        return self._counted(_ONE.select_from(event).where(mine).limit(FEW + 1)) <= FEW

    # ── what narrows it ──────────────────────────────────────────────────────

    def _narrowing(self) -> Iterator[ColumnElement[bool]]:
        which = self._which
        if which.endpoint_id is not None:
            yield self._aside(delivery.c.endpoint_id) == which.endpoint_id
        if which.types:
            yield self._aside(event.c.type).in_(which.types)
        if which.since is not None:
            yield delivery.c.created_at >= micros(which.since)
        if which.until is not None:
            yield delivery.c.created_at < micros(which.until)
        if which.answered is Answered.NOTHING:
            yield delivery.c.last_reason != ""
        elif which.answered is not None:
            yield delivery.c.last_status_code.between(*_CODES[which.answered])

    def _counted(self, some: Select[Any]) -> int:
        return int(self._transaction.read(select(func.count()).select_from(some.subquery())).scalar_one())

    def _aside(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """What is not to be gone by. PostgreSQL finds out by itself, from what it knows of the rows."""
        return column if self._transaction.postgresql else _never_by(column)


def _never_by(column: ColumnElement[str]) -> ColumnElement[str]:
    """No database goes by its index: before PostgreSQL has analysed a table any looks as good as another."""
    return column + ""


def _listed(row: Any) -> Listed:  # noqa: ANN401 - a row
    return Listed(
        delivery=read_delivery(row),
        event_type=row.event_type,
        subject_id=row.subject_id,
        url=row.url,
        endpoint_status=EndpointStatus(row.endpoint_status),
        last_status_code=row.last_status_code,
        last_reason=row.last_reason,
    )


def read_delivery(row: Any) -> Delivery:  # noqa: ANN401 - a row
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
        forgiven=row.forgiven,
    )
