"""Rows of any age, written as they lie in the tables: what retention finds after months of use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, insert, select

from lacre.kit.ids import AccountId, new_uuid
from lacre.kit.retention import Step
from lacre.settings import Settings
from lacre.store import tables
from lacre.store.instants import micros
from lacre.store.opening import Store
from lacre.store.retention import SqlRetention
from lacre.store.work import SqlWork
from tests.support.kept import NOW, an_account, an_endpoint

DAY = timedelta(days=1)


def put(work: SqlWork, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    work.retention(Settings())._transaction.write(insert(table), rows)


def count(store: Store, table: Table) -> int:
    with store.open_work() as work:
        counted = select(func.count()).select_from(table)
        return int(work.retention(Settings())._transaction.read(counted).scalar_one())


class Past:
    """An account with an endpoint; what happened to it, as many days ago as is said."""

    def __init__(self, store: Store, name: str = "Ana Ltda", *, now: datetime = NOW) -> None:
        self._store, self._now = store, now
        with store.open_work() as work:
            self.account_id: AccountId = an_account(work, name)
            self.endpoint = an_endpoint(self.account_id)
            work.endpoints.add(self.endpoint)

    def told(self, days_ago: float, *, events: int = 1, attempts: int = 2, status: str = "delivered") -> None:
        """Events, each with a delivery and its attempts."""
        at = micros(self._now - timedelta(days=days_ago))
        happened = [self._event(at, place, "") for place in range(events)]
        owed = [self._delivery(one, at, status) for one in happened]
        made = [self._attempt(one, at, number + 1) for one in owed for number in range(attempts)]
        with self._store.open_work() as work:
            put(work, tables.event, happened)
            put(work, tables.delivery, owed)
            if made:
                put(work, tables.attempt, made)

    def happened(self, days_ago: float, *, events: int = 1, subject: str = "") -> None:
        """Events that nobody listened to."""
        at = micros(self._now - timedelta(days=days_ago))
        with self._store.open_work() as work:
            put(work, tables.event, [self._event(at, place, subject) for place in range(events)])

    def _event(self, at: int, place: int, subject: str) -> dict[str, Any]:
        return {
            "id": new_uuid(),
            "account_id": self.account_id,
            "type": "signing.test",
            "subject_id": subject or new_uuid(),
            "at": at,
            "position": place % 1000,
            "place": place,
            "facts": {"title": "Contrato"},
        }

    def _delivery(self, event: dict[str, Any], at: int, status: str) -> dict[str, Any]:
        return {
            "id": new_uuid(),
            "account_id": self.account_id,
            "event_id": event["id"],
            "endpoint_id": self.endpoint.id,
            "status": status,
            "position": event["position"],
            "created_at": at,
            "due_at": at,
            "settled_at": at if status in ("delivered", "discarded") else None,
        }

    def _attempt(self, delivery: dict[str, Any], at: int, number: int) -> dict[str, Any]:
        return {
            "delivery_id": delivery["id"],
            "number": number,
            "at": at,
            "milliseconds": 12,
            "ok": delivery["status"] == "delivered",
            "status_code": 200,
            "reason": "",
            "detail": {"method": "POST", "url": "https://r.test/"},
            "request_digest": "0" * 64,
            "sealed_bodies": b"x" * 400,
        }


def sweep(store: Store, *, now: datetime = NOW, limit: int = 100, **settings: Any) -> list[Step]:  # noqa: ANN401
    """Steps until nothing is due, at one instant."""
    steps: list[Step] = []
    while (step := one_step(store, now=now, limit=limit, **settings)) is not None:
        steps.append(step)
    return steps


def one_step(store: Store, *, now: datetime = NOW, limit: int = 100, **settings: Any) -> Step | None:  # noqa: ANN401
    with store.open_work() as work:
        retention: SqlRetention = work.retention(Settings(**settings))
        return retention.step(now=now, limit=limit)
