"""What a simulated installation stands on: a clock, a file that forgets fsync, workers that can die."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import event

from lacre.engines.links import SignedLinks
from lacre.store.endpoints import Listens
from lacre.store.opening import Store
from lacre.store.sqlite import SqliteDatabase
from lacre.store.transaction import Database, Transaction
from tests.support.webhooks import NOON


@dataclass
class Clock:
    """`now` is the world's; the installation's may be wrong by `skew`."""

    now: datetime = NOON
    skew: timedelta = timedelta(0)

    def told(self) -> datetime:
        return self.now + self.skew


class Interrupted(Exception):
    """The database was away."""


@dataclass
class FailingDatabase:
    """The next transactions fail as told: before the commit, or after it, when only its answer is lost."""

    database: Database
    failing: deque[Literal["before", "after", "never"]] = field(default_factory=deque)
    failed: int = 0

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        how = self.failing.popleft() if self.failing else "never"
        with self.database.transaction() as transaction:
            yield transaction
            self._fail(how == "before")
        self._fail(how == "after")

    def close(self) -> None:
        self.database.close()

    def _fail(self, really: bool) -> None:
        if really:
            self.failed += 1
            raise Interrupted


@dataclass
class Living:
    """A life line: who is alive is known, as it is where processes hold locks."""

    ids: set[str] = field(default_factory=set)

    @contextmanager
    def hold(self, worker_id: str) -> Iterator[Callable[[], None]]:
        self.ids.add(worker_id)
        yield lambda: None
        self.ids.discard(worker_id)

    def broken(self, worker_id: str, transaction: Transaction) -> bool:
        del transaction
        return worker_id not in self.ids


def a_store(url: str, folder: Path, clock: Clock, listens: Listens, living: Living) -> Store:
    """The real one, on a database that may fail, where the living are known by name."""
    store = Store.open(
        url,
        data_dir=folder,
        make_links=lambda keys: SignedLinks("https://lacre.test", keys),
        listens=listens,
        clock=clock.told,
    )
    store._around = replace(store._around, life_line=living)
    store._database = FailingDatabase(_hurried(store._database))
    return store


def _hurried(database: Database) -> Database:
    """Nobody pulls the plug of a simulation."""
    assert isinstance(database, SqliteDatabase)
    database.close()
    event.listen(database._engine, "connect", _without_fsync)
    return database


def _without_fsync(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    connection.execute("PRAGMA synchronous = OFF").close()
