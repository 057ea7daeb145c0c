"""SQLite keeps what was acknowledged, and writers share its fsyncs without sharing their failures."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DatabaseError

from lacre.store.sqlite import SqliteDatabase, Writers, open_engine


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_every_connection_is_safe_from_a_power_cut(tmp_path: Path, pragma: str, value: object) -> None:
    engine = open_engine(tmp_path / "lacre.db")
    with engine.connect() as first, engine.connect() as second:
        assert first.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        assert second.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_writers_that_come_together_share_a_commit(tmp_path: Path) -> None:
    engine, writers = opened(tmp_path)
    commits: list[str] = []

    @event.listens_for(engine, "after_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement == "COMMIT":
            commits.append(statement)

    def write(number: int) -> None:
        connection = writers.enter()
        connection.execute(text("INSERT INTO kept VALUES (:n)"), {"n": number})
        writers.leave(keep=True)

    holding = writers.enter()
    with ThreadPoolExecutor(16) as pool:
        writing = [pool.submit(write, number) for number in range(16)]
        wait_until_waiting(writers, 16)
        holding.execute(text("INSERT INTO kept VALUES (99)"))
        writers.leave(keep=True)
        for done in writing:
            done.result()

    assert read(tmp_path) == {*range(16), 99}
    assert len(commits) < 8
    writers.close()
    engine.dispose()


def test_one_that_fails_in_a_group_does_not_take_the_others_along(tmp_path: Path) -> None:
    engine, writers = opened(tmp_path)

    def write(number: int) -> None:
        connection = writers.enter()
        connection.execute(text("INSERT INTO kept VALUES (:n)"), {"n": number})
        writers.leave(keep=number % 2 == 0)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, number) for number in range(40)]:
            done.result()

    assert read(tmp_path) == set(range(0, 40, 2))
    writers.close()
    engine.dispose()


def test_nobody_is_told_of_success_before_the_commit(tmp_path: Path) -> None:
    engine, writers = opened(tmp_path)
    seen: list[set[int]] = []

    def write(number: int) -> None:
        writers.enter().execute(text("INSERT INTO kept VALUES (:n)"), {"n": number})
        writers.leave(keep=True)
        seen.append(read(tmp_path) & {number})

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, number) for number in range(40)]:
            done.result()

    assert all(seen)
    writers.close()
    engine.dispose()


def test_when_the_commit_fails_all_of_its_group_hear_of_it(tmp_path: Path) -> None:
    engine, writers = opened(tmp_path)
    heard: list[str] = []

    def write(number: int) -> None:
        try:
            connection = writers.enter()
            connection.execute(text("INSERT INTO kept VALUES (:n)"), {"n": number})
            if number == 0:  # a broken reference that shows only at the commit
                connection.execute(text("INSERT INTO referring VALUES (77)"))
            writers.leave(keep=True)
        except Exception as problem:  # noqa: BLE001 - whatever it is, it must come
            heard.append(type(problem).__name__)

    holding = writers.enter()
    holding.execute(text("INSERT INTO kept VALUES (99)"))
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, number) for number in range(4)]
        wait_until_waiting(writers, 4)
        with pytest.raises(RuntimeError):
            writers.leave(keep=True)
        for done in writing:
            done.result()

    lost = {99, *range(4)} - read(tmp_path)
    assert 0 in lost
    assert len(heard) == len(lost) - 1
    write(5)
    assert 5 in read(tmp_path)
    writers.close()
    engine.dispose()


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    engine, writers = opened(tmp_path)
    connection = writers.enter()
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")

    many = [{"n": number} for number in range(10_000)]
    with pytest.raises(DatabaseError, match="full"):
        connection.execute(text("INSERT INTO kept VALUES (:n)"), many)
    with contextlib.suppress(DatabaseError):
        writers.leave(keep=False)

    assert read(tmp_path) == set()
    writers.enter().execute(text("INSERT INTO kept VALUES (1)"))  # there is room again
    writers.leave(keep=True)
    assert read(tmp_path) == {1}
    writers.close()
    engine.dispose()


def test_a_unit_of_work_inside_another_is_told_so(tmp_path: Path) -> None:
    engine, _ = opened(tmp_path)
    writers = Writers(engine, turn_seconds=0.05)
    writers.enter()

    with pytest.raises(RuntimeError, match="inside another"):
        writers.enter()

    writers.leave(keep=True)
    writers.close()
    engine.dispose()


def test_another_process_may_write_too(tmp_path: Path) -> None:
    engine, writers = opened(tmp_path)
    other = SqliteDatabase(tmp_path / "lacre.db")

    def write_there(number: int) -> None:
        with other.transaction() as transaction:
            transaction.write(text("INSERT INTO kept VALUES (:n)"), {"n": 100 + number})

    def write_here(number: int) -> None:
        writers.enter().execute(text("INSERT INTO kept VALUES (:n)"), {"n": number})
        writers.leave(keep=True)

    with ThreadPoolExecutor(4) as pool:
        both = [pool.submit(write, number) for number in range(20) for write in (write_here, write_there)]
        for done in both:
            done.result()

    assert len(read(tmp_path)) == 40
    other.close()
    writers.close()
    engine.dispose()


def test_whoever_writes_waits_for_another_process_to_end(tmp_path: Path) -> None:
    engine, writers = opened(tmp_path)
    other = sqlite3.connect(tmp_path / "lacre.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        entering = pool.submit(writers.enter)
        wait_until_busy(writers)
        waited = not entering.done()
        other.execute("ROLLBACK")
        entering.result()

    writers.leave(keep=True)
    assert waited
    other.close()
    writers.close()
    engine.dispose()


def opened(tmp_path: Path) -> tuple[Engine, Writers]:
    engine = open_engine(tmp_path / "lacre.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (n INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE referring (n INTEGER REFERENCES kept DEFERRABLE INITIALLY DEFERRED)"
        )
    return engine, Writers(engine)


def wait_until_waiting(writers: Writers, count: int) -> None:
    pause = threading.Event()
    while writers._waiting < count:
        pause.wait(0.001)


def wait_until_busy(writers: Writers) -> None:
    pause = threading.Event()
    while writers._connection is None:
        pause.wait(0.001)
    pause.wait(0.02)


def read(tmp_path: Path) -> set[int]:
    connection = sqlite3.connect(tmp_path / "lacre.db")
    found = {number for (number,) in connection.execute("SELECT n FROM kept")}
    connection.close()
    return found
