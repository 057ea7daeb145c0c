"""How much waits, since when, and who is at work: counted when somebody asks, and never to the last row.

Of a backlog of millions it matters that it is there and how old it is, not whether it is 1,000,000 or
1,000,001: counts end at a limit, so that asking costs the same however much waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, func, select, text

from lacre.store.instants import micros
from lacre.store.tables import worker
from lacre.store.transaction import Transaction

ROWS = 100_000
"""Counted in all, at most; shared by the endpoints that something waits for."""
FEWEST = 20
_SECOND = 1_000_000
_ALL = 2**40
"""More than there are."""


class SqlCensus:
    def __init__(self, transaction: Transaction, rows: int = ROWS) -> None:
        self._transaction, self._rows = transaction, rows

    def workers(self) -> int:
        return int(self._transaction.read(select(func.count()).select_from(worker)).scalar_one())

    def counts(self, *, now: datetime) -> Mapping[tuple[str, str], float]:
        """By metric and label value, in rows and seconds."""
        return {("workers", ""): self.workers(), **self._deliveries(micros(now)), **self._jobs(micros(now))}

    def _deliveries(self, now: int) -> dict[tuple[str, str], float]:
        enough = self._rows // FEWEST
        endpoints = self._one(_ENDPOINTS, {"most": enough, "owed": enough}).endpoints
        most = max(FEWEST, self._rows // max(endpoints, 1))
        found = self._one(_DELIVERIES, {"now": now, "most": most, "rows": self._rows, "owed": _ALL})
        return {
            ("deliveries", "new"): found.new or 0,
            ("deliveries", "retry"): found.retry or 0,
            ("deliveries", "resting"): found.resting or 0,
            ("deliveries", "paused"): found.paused or 0,
            ("deliveries", "queued"): found.queued,
            ("deliveries", "held"): found.held,
            ("deliveries_due", ""): (found.new or 0) + (found.retry or 0),
            ("deliveries_counted_to", ""): most,
            ("oldest_due_seconds", "new"): _age(found.oldest_new, now),
            ("oldest_due_seconds", "retry"): _age(found.oldest_retry, now),
            ("oldest_due_seconds", "paused"): _age(found.oldest_paused, now),
        }

    def _jobs(self, now: int) -> dict[tuple[str, str], float]:
        found = self._one(_JOBS, {"now": now, "rows": self._rows})
        return {
            ("jobs", "waiting"): found.waiting,
            ("jobs", "held"): found.held,
            ("jobs", "given_up"): found.given_up,
            ("jobs_due", ""): found.due,
            ("oldest_job_seconds", ""): _age(found.oldest, now),
        }

    def _one(self, statement: Executable, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a row
        return self._transaction.read(statement, values).one()


def _age(due_at: int | None, now: int) -> float:
    return 0.0 if due_at is None else max(0, now - due_at) / _SECOND


# from one endpoint to the next by their index: those that nothing waits for are not even looked at
_OWED = """
    {name}(id) AS (
        SELECT min(endpoint_id) FROM delivery WHERE status = 'waiting' AND retry = {retry}
        UNION ALL
        SELECT (SELECT min(endpoint_id) FROM delivery
            WHERE status = 'waiting' AND retry = {retry} AND endpoint_id > {name}.id)
        FROM {name} WHERE {name}.id IS NOT NULL
    )
"""
_WITH_WAITING = f"""
    WITH RECURSIVE {_OWED.format(name="new_owed", retry=0)}, {_OWED.format(name="again_owed", retry=1)},
    owed(id) AS (
        SELECT id FROM (SELECT id FROM new_owed LIMIT :owed) AS new
        UNION SELECT id FROM (SELECT id FROM again_owed LIMIT :owed) AS again
    )
"""  # noqa: S608 - of our own words
_ENDPOINTS = text(
    f"""{_WITH_WAITING}
    SELECT count(id) AS endpoints FROM (SELECT id FROM owed LIMIT :most) AS few
    """  # noqa: S608 - of our own words
)

_DELIVERIES = text(
    f"""{_WITH_WAITING}
    SELECT sum(CASE WHEN active THEN new END) AS new,
        sum(CASE WHEN active THEN retry END) AS retry,
        sum(CASE WHEN active THEN later END) AS resting,
        sum(CASE WHEN NOT active THEN new + retry + later END) AS paused,
        min(CASE WHEN active THEN oldest_new END) AS oldest_new,
        min(CASE WHEN active THEN oldest_retry END) AS oldest_retry,
        min(CASE WHEN NOT active THEN coalesce(oldest_new, oldest_retry) END) AS oldest_paused,
        (SELECT count(*) FROM (SELECT 1 FROM delivery WHERE status = 'queued' LIMIT :rows) AS few) AS queued,
        (SELECT count(*) FROM (SELECT 1 FROM delivery WHERE status = 'held' LIMIT :rows) AS few) AS held
    FROM (
        SELECT one.status = 'active' AS active,
            (SELECT count(*) FROM (SELECT 1 FROM delivery WHERE endpoint_id = one.id AND status = 'waiting'
                AND retry = 0 AND due_at <= :now LIMIT :most) AS few) AS new,
            (SELECT count(*) FROM (SELECT 1 FROM delivery WHERE endpoint_id = one.id AND status = 'waiting'
                AND retry = 1 AND due_at <= :now LIMIT :most) AS few) AS retry,
            (SELECT count(*) FROM (SELECT 1 FROM delivery WHERE endpoint_id = one.id AND status = 'waiting'
                AND retry IN (0, 1) AND due_at > :now LIMIT :most) AS few) AS later,
            (SELECT due_at FROM delivery WHERE endpoint_id = one.id AND status = 'waiting'
                AND retry = 0 AND due_at <= :now ORDER BY due_at LIMIT 1) AS oldest_new,
            (SELECT due_at FROM delivery WHERE endpoint_id = one.id AND status = 'waiting'
                AND retry = 1 AND due_at <= :now ORDER BY due_at LIMIT 1) AS oldest_retry
        FROM owed JOIN endpoint AS one ON one.id = owed.id
        WHERE one.deleted_at IS NULL
    ) AS counted
    """  # noqa: S608 - of our own words
)

_JOBS = text(
    """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM job WHERE status = 'waiting' LIMIT :rows) AS few) AS waiting,
        (SELECT count(*) FROM (SELECT 1 FROM job WHERE status = 'held' LIMIT :rows) AS few) AS held,
        (SELECT count(*) FROM (SELECT 1 FROM job WHERE status = 'given_up' LIMIT :rows) AS few) AS given_up,
        (SELECT count(*) FROM (SELECT 1 FROM job WHERE status = 'waiting' AND due_at <= :now
            LIMIT :rows) AS few)
            AS due,
        (SELECT min(due_at) FROM job WHERE status = 'waiting') AS oldest
    """
)
