"""PostgreSQL plans what every event asks once for a connection, however much waits: to plan takes longer than
the rest of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from lacre.store.opening import Store
from lacre.store.work import SqlWork
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.lane import Ordering
from tests.store.test_deliveries import claim, endpoint, owe, settle
from tests.store.test_isolation import delivered
from tests.store.test_lanes import subscribed
from tests.support.database import PostgresServer
from tests.support.kept import NOW, an_account, open_store

TRIES = 5
"""Plans for just the values that are given, before PostgreSQL thinks of one for all."""
_COPY = text(
    """
    INSERT INTO delivery (id, account_id, event_id, endpoint_id, status, attempts, retry, created_at, due_at,
        position, last_reason, forgiven)
    SELECT gen_random_uuid()::text, account_id, event_id, endpoint_id, 'waiting', 1, 1, created_at,
        due_at + CAST(number AS bigint) * 1000000, 0, '', 0
    FROM delivery CROSS JOIN generate_series(1, 30000) AS numbers(number)
    """
)
IN_LANE = 3_000
_READ = text("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'delivery'")
_PLANS = text("SELECT statement, custom_plans FROM pg_prepared_statements")


@pytest.fixture
def crowded(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[Store]:
    """Thousands wait for another time."""
    url = postgres_server.create(template="lacre_template")
    store = open_store(url, tmp_path)
    with closing(store):
        owe(store, listener(store, "Ana Ltda"), 1)
        with store.open_work() as work:
            work.deliveries._transaction.write(_COPY)
        postgres_server.look_at(url)
        yield store


def test_an_event_and_its_delivery_are_planned_once(crowded: Store) -> None:
    to = listener(crowded, "Bruno ME")
    for _ in range(4 * TRIES):
        owe(crowded, to, 1)
        for held in claim(crowded, now=NOW):
            settle(crowded, delivered(held))

    with crowded.open_work() as work:
        plans = work.deliveries._transaction.read(_PLANS).all()

    assert len(plans) >= 10
    assert [row.statement for row in plans if row.custom_plans > TRIES] == []


def test_who_leaves_a_lane_reads_none_of_those_who_wait_in_it(nodes: tuple[Store, Store]) -> None:
    """Also before PostgreSQL knows how many there are, as after an import."""
    store = nodes[0]
    with store.open_work() as work:
        account_id = an_account(work, "Ana Ltda")
    to = subscribed(store, account_id, Ordering.ENDPOINT)
    owe(store, to, IN_LANE)

    read = [_read_to_settle(store) for _ in range(4 * TRIES)]

    assert max(read) < IN_LANE / 20


def _read_to_settle(store: Store) -> int:
    """Rows of deliveries, until the next in the lane may go."""
    (held,) = claim(store)
    with store.open_work() as work:
        before = _rows_read(work)
        work.deliveries.settle("worker", [delivered(held)])
        return _rows_read(work) - before


def _rows_read(work: SqlWork) -> int:
    """By the transaction."""
    return int(work.deliveries._transaction.read(_READ).scalar_one())


def listener(store: Store, owner: str) -> Endpoint:
    with store.open_work() as work:
        account_id = an_account(work, owner)
    return endpoint(store, account_id)
