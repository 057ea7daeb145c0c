"""What a worker holds goes back when it is gone: told, killed, or silent."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from lacre.kit.jobs import Job
from lacre.store.opening import Store
from lacre.store.workers import SILENCE_SECONDS
from tests.support.database import PostgresServer
from tests.support.kept import NOW, SettableClock, an_account, an_endpoint, an_event, open_store


@pytest.fixture
def owing(store: Store) -> Store:
    """A store with one delivery and one job due."""
    with store.open_work() as work:
        account_id = an_account(work)
        work.endpoints.add(an_endpoint(account_id))
        work.announce(an_event(account_id))
        work.jobs.add(Job(kind="seal", key="a", due_at=NOW))
    return store


def test_a_living_worker_keeps_what_it_holds(owing: Store) -> None:
    with owing.presence("one", "first"):
        assert claim_all(owing, "one") == (1, 1)

        assert look(owing) == []
        assert claim_all(owing, "two") == (0, 0)


def test_a_worker_that_leaves_gives_back_what_it_holds(owing: Store) -> None:
    with owing.presence("one", "first"):
        claim_all(owing, "one")

    assert claim_all(owing, "two") == (1, 1)


def test_a_killed_worker_loses_its_hold_at_once(owing: Store, database_url: str, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.support.holding", database_url, tmp_path / "data", "doomed"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with child, owing.presence("heir", "second"):
        assert child.stdout is not None
        assert child.stdout.readline() == "1 1\n"
        assert look(owing) == []
        child.kill()
        killed_at = time.monotonic()

        while not look(owing):
            assert time.monotonic() < killed_at + SILENCE_SECONDS - 10
            time.sleep(0.05)

        assert claim_all(owing, "heir") == (1, 1)


def test_a_silent_worker_loses_its_hold_in_the_end(owing: Store) -> None:
    with owing.presence("one", "hangs"):
        claim_all(owing, "one")
        with owing.open_work() as work:
            assert work.workers.gone(at=7) == []
            assert work.workers.gone(at=7 + SILENCE_SECONDS) == []
            assert work.workers.gone(at=8 + SILENCE_SECONDS) == ["one"]

        assert claim_all(owing, "two") == (1, 1)


def test_a_heartbeat_breaks_the_silence(database_url: str, tmp_path: Path) -> None:
    clock = SettableClock()
    store = open_store(database_url, tmp_path / "data", clock=clock)

    with store.presence("one", "lives") as presence:
        look(store, at=0)
        clock.at = NOW + timedelta(seconds=5)
        presence.beat()
        assert look(store, at=2 * SILENCE_SECONDS) == []
        with store.open_work() as work:
            (present,) = work.workers.present()
    assert (present.name, present.started_at, present.seen_at) == ("lives", NOW, clock.at)

    store.close()


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)])
def test_whose_clock_is_off_is_not_called_dead(database_url: str, tmp_path: Path, off: timedelta) -> None:
    ours = open_store(database_url, tmp_path / "data", clock=SettableClock())
    theirs = open_store(database_url, tmp_path / "data", clock=SettableClock(NOW + off))

    with ours.presence("one", "right"), theirs.presence("two", "off"):
        assert (look(ours), look(theirs)) == ([], [])

    ours.close()
    theirs.close()


def test_a_clock_that_is_put_right_makes_nobody_dead(database_url: str, tmp_path: Path) -> None:
    clock = SettableClock()
    store = open_store(database_url, tmp_path / "data", clock=clock)

    with store.presence("one", "lives"):
        look(store, at=0)
        clock.at = NOW + timedelta(hours=1)
        assert look(store, at=1) == []

    store.close()


def test_a_worker_that_was_called_dead_and_still_takes_work_does_not_keep_it(owing: Store) -> None:
    claim_all(owing, "never registered")

    look(owing)

    assert claim_all(owing, "two") == (1, 1)


def test_a_lost_session_is_replaced_at_the_next_heartbeat(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    url = postgres_server.create(template="lacre_template")
    store = open_store(url, tmp_path / "data")

    with store.presence("one", "restarted server") as presence:
        cut_all_connections(url)
        presence.beat()
        assert look(store) == []
        presence.beat()

    store.close()


def cut_all_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def look(store: Store, *, at: float = 0) -> list[str]:
    with store.open_work() as work:
        return list(work.workers.gone(at=at))


def claim_all(store: Store, worker_id: str) -> tuple[int, int]:
    with store.open_work() as work:
        jobs = work.queue.claim(worker_id, now=NOW, limit=9)
        deliveries = work.deliveries.claim(worker_id, now=NOW, limit=9, per_endpoint=9)
    return len(jobs), len(deliveries)
