"""How much waits, and who is at work: counted when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, Table, func, select

from lacre.store.instants import micros
from lacre.store.tables import delivery, envelope, event, job, worker
from lacre.store.transaction import Transaction


class SqlCensus:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def workers(self) -> int:
        return self._count(select(func.count()).select_from(worker))

    def counts(self, *, now: datetime) -> Mapping[tuple[str, str], int]:
        """By metric and label value; deliveries and jobs that wait are also counted when due."""
        found = {("workers", ""): self.workers()}
        found |= self._by("envelopes", envelope.c.status)
        found |= self._by("deliveries", delivery.c.status)
        found |= self._by("jobs", job.c.status)
        found[("events", "")] = self._count(select(func.count()).select_from(event))
        found[("deliveries_due", "")] = self._due(delivery, now)
        found[("jobs_due", "")] = self._due(job, now)
        return found

    def _by(self, metric: str, column: Column[str]) -> dict[tuple[str, str], int]:
        rows: list[Any] = list(self._transaction.read(select(column, func.count()).group_by(column)))
        return {(metric, label): count for label, count in rows}

    def _due(self, table: Table, now: datetime) -> int:
        waiting = (table.c.status == "waiting") & (table.c.due_at <= micros(now))
        return self._count(select(func.count()).select_from(table).where(waiting))

    def _count(self, statement: Select[int]) -> int:
        return int(self._transaction.read(statement).scalar_one())
