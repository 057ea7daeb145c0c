"""How many attempts succeeded, failed and how long they took: counted by endpoint, hour and worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from lacre.kit.ids import EndpointId
from lacre.store.batches import Insert
from lacre.store.instants import instant, micros
from lacre.store.tables import endpoint_hour
from lacre.store.transaction import Transaction
from lacre.webhooks.rates import Hour, hour_of
from lacre.webhooks.repositories import Settled


class SqlHours:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def count(self, worker_id: str, settled: Sequence[Settled], *, now: datetime) -> None:
        """All but samples, in the hour that is now: when they were written down."""
        counted: dict[EndpointId, list[int]] = {}
        for one in settled:
            if one.sample:
                continue
            numbers = counted.setdefault(one.endpoint_id, [0, 0, 0])
            numbers[0 if one.attempt.ok else 1] += 1
            numbers[2] += one.attempt.milliseconds
        hour = micros(hour_of(now))
        _COUNT.run(self._transaction, [(one, hour, worker_id, *numbers) for one, numbers in counted.items()])

    def of(self, endpoint_id: EndpointId, *, since: datetime) -> Sequence[Hour]:
        """Oldest first; hours in which nothing was attempted are left out."""
        table = endpoint_hour
        mine = (table.c.endpoint_id == endpoint_id) & (table.c.hour >= micros(hour_of(since)))
        sums = [
            func.sum(column).label(column.name)
            for column in (table.c.delivered, table.c.failed, table.c.milliseconds)
        ]
        rows = self._transaction.read(
            select(table.c.hour, *sums).where(mine).group_by(table.c.hour).order_by(table.c.hour)
        )
        return [
            Hour(
                begins_at=instant(row.hour),
                delivered=int(row.delivered),
                failed=int(row.failed),
                milliseconds=int(row.milliseconds),
            )
            for row in rows
        ]


_COUNTS = ("delivered", "failed", "milliseconds")
_COUNT = Insert(
    endpoint_hour,
    ("endpoint_id", "hour", "worker", *_COUNTS),
    otherwise="ON CONFLICT (endpoint_id, hour, worker) DO UPDATE SET "
    + ", ".join(f"{one} = endpoint_hour.{one} + excluded.{one}" for one in _COUNTS),
)
