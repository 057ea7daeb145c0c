"""Who tries passwords is counted for all processes, through restarts, and forgotten once it is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from lacre.kit.throttle import MOST_FAILURES, WINDOW, succeeded, tries
from lacre.store.account_tables import login_failure
from lacre.store.opening import Store
from tests.support.kept import open_store
from tests.support.people import NOW

HERE = "203.0.113.7"


def may_try(store: Store, email: str = "ana@x.test", *, after: timedelta = timedelta(0)) -> bool:
    with store.open_work() as work:
        return tries(work, HERE, email, now=NOW + after)


def test_a_restart_forgets_nothing(database_url: str, tmp_path: Path) -> None:
    for _ in range(MOST_FAILURES):
        store = open_store(database_url, tmp_path / "data")
        assert may_try(store)
        store.close()

    store = open_store(database_url, tmp_path / "data")
    assert not may_try(store)
    assert may_try(store, after=WINDOW)
    store.close()


def test_of_many_tries_at_two_processes_at_once_none_slips_through(nodes: tuple[Store, Store]) -> None:
    with ThreadPoolExecutor(8) as crowd:
        tried = [*crowd.map(lambda n: may_try(nodes[n % 2]), range(40))]

    assert tried.count(True) == MOST_FAILURES


def test_people_of_one_office_wait_for_nobody_for_ever(nodes: tuple[Store, Store]) -> None:
    def signs_in(number: int) -> bool:
        email = f"{number % 3}@x.test"
        with nodes[number % 2].open_work() as work:
            may = tries(work, HERE, email, now=NOW)
        with nodes[number % 2].open_work() as work:
            succeeded(work, HERE, email, now=NOW)
        return may

    with ThreadPoolExecutor(6) as crowd:
        assert all(crowd.map(signs_in, range(60)))


def test_success_forgets_the_failures(store: Store) -> None:
    for _ in range(MOST_FAILURES):
        may_try(store)

    with store.open_work() as work:
        succeeded(work, HERE, "ana@x.test", now=NOW)

    assert may_try(store)


def test_what_counts_no_longer_is_removed(store: Store) -> None:
    for number in range(5):
        may_try(store, f"{number}@x.test")

    may_try(store, after=timedelta(hours=2))

    with store._database.transaction() as transaction:
        rows = transaction.read(select(func.count()).select_from(login_failure)).scalar_one()
    assert rows == 2
