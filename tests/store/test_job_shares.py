"""No account has all of a worker's hands while others wait, however many jobs it asked for first."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from lacre.kit.ids import AccountId
from lacre.kit.jobs import HeldJob, Job, Share
from lacre.store import job_claims, tables
from lacre.store.opening import Store
from tests.store.test_jobs import add, finish
from tests.support.kept import NOW, SECOND

ANA, BRUNO, CARLA = AccountId("ana"), AccountId("bruno"), AccountId("carla")
HALF, HALF_AT_MOST, ONE = Share(most=2), Share(most=2, always=True), Share(most=1)
MANY = 3_000
_COPY = text(
    """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :many)
    INSERT INTO job (id, kind, key, account_id, fingerprint, payload, status, created_at, due_at)
    SELECT CAST(n AS varchar), kind, CAST(n AS varchar), account_id, CAST(n AS varchar), payload, status,
        created_at, due_at
    FROM job CROSS JOIN numbers
    """
)
_READ = text("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'job'")


def test_who_asked_for_many_leaves_half_to_those_who_wait(store: Store) -> None:
    ask(store, ANA, 9)
    ask(store, BRUNO, 1, second=1)
    ask(store, CARLA, 1, second=2)

    assert whose(claim(store)) == {ANA: 2, BRUNO: 1, CARLA: 1}


def test_who_has_one_in_hand_already_gets_the_rest_of_a_share(store: Store) -> None:
    ask(store, ANA, 2)
    ask(store, BRUNO, 1, second=1)
    ask(store, ANA, 5, kind="seal", second=2)
    ask(store, BRUNO, 5, second=3)

    assert whose(claim(store, kinds=("fetch", "seal"))) == {ANA: 2, BRUNO: 2}


def test_who_waits_alone_has_every_hand(store: Store) -> None:
    ask(store, ANA, 9)

    assert whose(claim(store)) == {ANA: 4}


def test_the_next_hand_goes_to_those_who_wait(store: Store) -> None:
    ask(store, ANA, 9)
    first = claim(store)
    ask(store, BRUNO, 3, second=1)
    finish(store, first[0])

    assert whose(claim(store, limit=1)) == {BRUNO: 1}


def test_half_may_be_kept_for_those_who_come(store: Store) -> None:
    ask(store, ANA, 9)
    first, more = claim(store, share=HALF_AT_MOST), claim(store, limit=2, share=HALF_AT_MOST)
    ask(store, BRUNO, 1, second=1)

    assert (whose(first), whose(more)) == ({ANA: 2}, {})
    assert whose(claim(store, limit=2, share=HALF_AT_MOST)) == {BRUNO: 1}


def test_each_worker_has_hands_of_its_own(store: Store) -> None:
    ask(store, ANA, 9)
    claim(store, share=HALF_AT_MOST)

    assert whose(claim(store, "another", share=HALF_AT_MOST)) == {ANA: 2}


def test_a_share_is_of_the_kinds_that_are_asked_for(store: Store) -> None:
    ask(store, ANA, 2, kind="seal")
    ask(store, ANA, 2)
    claim(store, kinds=("seal",), share=HALF_AT_MOST)

    assert whose(claim(store, share=HALF_AT_MOST)) == {ANA: 2}


def test_those_who_wait_are_found_whatever_their_kind(store: Store) -> None:
    ask(store, ANA, 9)
    ask(store, BRUNO, 1, kind="seal", second=1)

    assert whose(claim(store, kinds=("fetch", "seal"))) == {ANA: 3, BRUNO: 1}


def test_what_others_have_for_later_is_left_for_later(store: Store) -> None:
    ask(store, ANA, 9)
    ask(store, BRUNO, 1, second=60)

    assert whose(claim(store)) == {ANA: 4}


def test_what_is_nobodys_shares_as_one_account_would(store: Store) -> None:
    ask(store, None, 9)
    ask(store, ANA, 2, second=1)

    assert Counter(one.key.split()[0] for one in claim(store)) == {"None": 2, ANA: 2}


def test_one_hand_serves_one_account_after_the_other(store: Store) -> None:
    ask(store, ANA, 9)
    ask(store, BRUNO, 2, second=1)
    ask(store, CARLA, 1, second=2)

    assert served(store, 6) == [ANA, BRUNO, CARLA, ANA, BRUNO, ANA]


def test_no_two_accounts_have_all_hands_for_as_long_as_their_many_last(store: Store) -> None:
    ask(store, ANA, 9)
    ask(store, BRUNO, 9, second=1)
    held = list(claim(store))
    ask(store, CARLA, 1, second=2)

    finish(store, held[0])

    assert whose(claim(store, limit=1)) == {CARLA: 1}


def test_what_is_nobodys_comes_round_with_one_hand_too(store: Store) -> None:
    ask(store, None, 2)
    ask(store, ANA, 2, second=1)

    assert served(store, 4) == [ANA, "None", ANA, "None"]


def test_accounts_with_something_for_later_are_gone_past_a_few_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_claims, "MOST_ACCOUNTS", 2)
    ask(store, ANA, 9)
    for number in range(9):
        ask(store, AccountId(f"b{number}"), 1, second=60)
    ask(store, CARLA, 1, second=1)

    assert CARLA in served(store, 8)


@pytest.mark.parametrize("looked_at", [True, False])
def test_those_who_wait_are_found_without_reading_all_that_is_before_them(
    store: Store, database_url: str, looked_at: bool
) -> None:
    """Also before PostgreSQL has ever looked at how many there are."""
    if not database_url.startswith("sqlite"):
        forget_what_was_seen(database_url)
    ask(store, ANA, 1)
    with store.open_work() as work:
        work.queue._transaction.write(_COPY, {"many": MANY})
        if looked_at:
            work.queue._transaction.write(text("ANALYZE job"))
    ask(store, BRUNO, 1, second=1)

    with store.open_work() as work:
        held = work.queue.claim("worker", now=NOW + SECOND, limit=4, kinds=("fetch",), share=HALF)
        read = 0 if database_url.startswith("sqlite") else work.queue._transaction.read(_READ).scalar_one()

    assert whose(held) == {ANA: 3, BRUNO: 1}
    assert read < MANY / 10


def test_sqlite_finds_the_first_of_a_kind_by_its_index_also_without_statistics() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(str(CreateTable(tables.job).compile(dialect=sqlite.dialect())))
    for index in tables.job.indexes:
        connection.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    values = {"kinds": "[]", "now": 0, "most": 1, "account": ""}

    plan = connection.execute(f"EXPLAIN QUERY PLAN {job_claims._OF_KINDS[False].on_sqlite}", values)

    assert any("ix_job_kind (kind=? AND due_at<?)" in step for *_, step in plan)


def forget_what_was_seen(database_url: str) -> None:
    """As in a new database: another test's jobs were looked at meanwhile."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM pg_statistic WHERE starelid = 'job'::regclass")
        connection.execute("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE oid = 'job'::regclass")


def served(store: Store, count: int) -> list[str]:
    """Whose job the only hand does, one after the other."""
    names = []
    for _ in range(count):
        (held,) = claim(store, limit=1, share=ONE)
        names.append(held.key.split()[0])
        finish(store, held)
    return names


def ask(
    store: Store, account_id: AccountId | None, count: int, *, kind: str = "fetch", second: int = 0
) -> None:
    for number in range(count):
        key, due_at = f"{account_id} {number}", NOW + second * SECOND
        add(store, Job(kind=kind, key=key, due_at=due_at, account_id=account_id))


def claim(
    store: Store,
    worker_id: str = "worker",
    *,
    limit: int = 4,
    kinds: Sequence[str] = ("fetch",),
    share: Share = HALF,
) -> Sequence[HeldJob]:
    with store.open_work() as work:
        return work.queue.claim(worker_id, now=NOW + 9 * SECOND, limit=limit, kinds=kinds, share=share)


def whose(held: Sequence[HeldJob]) -> Counter[str]:
    return Counter(one.key.split()[0] if " " in one.key else ANA for one in held)
