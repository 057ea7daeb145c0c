"""What several processes count together, window by window."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from lacre.kit.pace import Allowance
from lacre.store.opening import Store
from lacre.store.passage_tables import passage

NOON = datetime(2026, 11, 29, 12, 0, 30, tzinfo=UTC)
A_MINUTE = Allowance(most=500, seconds=60)


def add(store: Store, who: str, times: int, *, now: datetime = NOON) -> int:
    with store.open_work() as work:
        return work.passages.add(who, A_MINUTE, times, now=now)


def test_counts_add_up_within_a_window_and_begin_anew_with_the_next(store: Store) -> None:
    later = NOON + timedelta(minutes=1)

    assert [add(store, "ana", 10), add(store, "ana", 5), add(store, "bruno", 1)] == [10, 15, 1]
    assert [add(store, "ana", 2, now=later), add(store, "ana", 2, now=later)] == [2, 4]


def test_what_is_long_over_is_forgotten(store: Store) -> None:
    for number in range(5):
        add(store, f"address {number}", 1)

    add(store, "ana", 1, now=NOON + timedelta(hours=2))

    with store._database.transaction() as transaction:
        rows = transaction.read(select(func.count()).select_from(passage)).scalar_one()
    assert rows == 1


def test_forgetting_waits_for_nobody_who_counts(nodes: tuple[Store, Store]) -> None:
    """Two that had been away for an hour would wait for each other, until the database ended one."""
    for who in ("ana", "bruno"):
        add(nodes[0], who, 1)

    with nodes[0]._database.transaction() as counting, ThreadPoolExecutor(1) as meanwhile:
        counting.locked(select(passage).where(passage.c.who == "ana"))
        counted = meanwhile.submit(add, nodes[1], "bruno", 1, now=NOON + timedelta(hours=2))

        assert counted.result(20) == 1
