"""What waits is counted by what it waits for, and cheaply however much it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lacre.kit.ids import new_uuid
from lacre.settings import Settings
from lacre.store import tables
from lacre.store.census import ROWS, SqlCensus
from lacre.store.instants import micros
from lacre.store.opening import Store
from lacre.store.work import SqlWork
from lacre.webhooks.endpoint import EndpointStatus
from tests.support.ageing import put
from tests.support.kept import MINUTE, NOW, an_account, an_endpoint, an_event


def test_nothing_waits_at_first(store: Store) -> None:
    counts = counted(store)

    assert set(counts.values()) == {0, ROWS}
    assert counts["deliveries_counted_to", ""] == ROWS


def test_deliveries_are_counted_by_what_they_wait_for(store: Store) -> None:
    with store.open_work() as work:
        busy, paused = Owing(work), Owing(work, EndpointStatus.PAUSED)
        busy.owe(work, 3, due=-MINUTE)
        busy.owe(work, 2, due=-2 * MINUTE, retry=1)
        busy.owe(work, 4, due=MINUTE, retry=1)
        busy.owe(work, 1, due=-MINUTE, status="held")
        busy.owe(work, 9, due=-MINUTE, status="delivered")
        paused.owe(work, 5, due=-3 * MINUTE)

    counts = counted(store)

    classes = ("new", "retry", "resting", "paused", "held")
    assert [counts["deliveries", one] for one in classes] == [3, 2, 4, 5, 1]
    assert counts["deliveries_due", ""] == 5
    assert [counts["oldest_due_seconds", one] for one in ("new", "retry", "paused")] == [60, 120, 180]


def test_what_waits_for_a_deleted_endpoint_is_not_counted(store: Store) -> None:
    with store.open_work() as work:
        deleted = Owing(work)
        deleted.owe(work, 3, due=-MINUTE)
        deleted.endpoint.deleted_at = NOW
        work.endpoints.save(deleted.endpoint)

    assert counted(store)["deliveries_due", ""] == 0


def test_jobs_are_counted_by_where_they_stand(store: Store) -> None:
    with store.open_work() as work:
        rows = [("waiting", -MINUTE), ("waiting", MINUTE), ("held", -MINUTE), ("given_up", -MINUTE)]
        put(work, tables.job, [a_job(status, due) for status, due in rows])

    counts = counted(store)

    assert [counts["jobs", one] for one in ("waiting", "held", "given_up")] == [2, 1, 1]
    assert (counts["jobs_due", ""], counts["oldest_job_seconds", ""]) == (1, 60)


def test_a_large_backlog_is_not_counted_to_its_end(store: Store) -> None:
    with store.open_work() as work:
        for count in (500, 30):
            Owing(work).owe(work, count, due=-MINUTE, retry=1)
        counts = SqlCensus(work.retention(Settings())._transaction, rows=200).counts(now=NOW)

    assert counts["deliveries_counted_to", ""] == 100
    assert counts["deliveries", "retry"] == 130


class Owing:
    """An endpoint that something waits for."""

    def __init__(self, work: SqlWork, status: EndpointStatus = EndpointStatus.ACTIVE) -> None:
        self.account_id = an_account(work, new_uuid())
        self.endpoint = an_endpoint(self.account_id, types=("nothing",))
        self.endpoint.status = status
        work.endpoints.add(self.endpoint)
        self.event_id = work.announce(an_event(self.account_id))

    def owe(
        self, work: SqlWork, count: int, *, due: timedelta, retry: int = 0, status: str = "waiting"
    ) -> None:
        put(work, tables.delivery, [self._row(due, retry, status) for _ in range(count)])

    def _row(self, due: timedelta, retry: int, status: str) -> dict[str, Any]:
        return {
            "id": new_uuid(),
            "account_id": self.account_id,
            "event_id": self.event_id,
            "endpoint_id": self.endpoint.id,
            "status": status,
            "retry": retry,
            "created_at": micros(NOW),
            "due_at": micros(NOW + due),
        }


def a_job(status: str, due: timedelta) -> dict[str, Any]:
    return {
        "id": new_uuid(),
        "kind": "quick",
        "key": new_uuid(),
        "fingerprint": "0" * 64,
        "payload": {},
        "status": status,
        "created_at": micros(NOW),
        "due_at": micros(NOW + due),
    }


def counted(store: Store) -> dict[tuple[str, str], float]:
    with store.open_work() as work:
        return dict(work.census.counts(now=NOW))
