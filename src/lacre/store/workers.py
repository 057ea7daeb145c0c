"""Who is at work: what a worker holds goes back when its process dies, not only when a clock runs out.

A living worker holds a lock that ends with its process: on SQLite of a file in the data folder, on
PostgreSQL of a session of its own. Whoever can take that lock knows that the worker is dead. The heartbeat
is the net below: a worker that hangs keeps its lock, but falls silent.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, delete, exc, literal_column, select, text, update

from lacre.kit.jobs import PresentWorker
from lacre.store.columns import plain
from lacre.store.instants import instant, micros
from lacre.store.outages import outages_told
from lacre.store.tables import delivery, job, worker
from lacre.store.transaction import Transaction, put

SILENCE_SECONDS = 60.0  # well above the pauses of a busy machine


class LifeLine(Protocol):
    """A lock that lives as long as a worker's process."""

    def hold(self, worker_id: str) -> AbstractContextManager[Callable[[], None]]:
        """Gives a function that makes sure that the lock is still ours."""
        ...

    def broken(self, worker_id: str, transaction: Transaction) -> bool: ...


class Silences:
    """Since when each worker has said nothing new, as this process heard it.

    By our own clock, and one that nobody sets: theirs may be minutes off, and any may be put right at once,
    which is no reason to take from the living what they hold, and do it twice.
    """

    def __init__(self) -> None:
        self._heard: dict[str, tuple[int, float]] = {}

    def too_long(self, said: Mapping[str, int], *, at: float) -> set[str]:
        self._heard = {one: self._since(one, beat, at) for one, beat in said.items()}
        return {one for one, (_, since) in self._heard.items() if at - since > SILENCE_SECONDS}

    def _since(self, worker_id: str, beat: int, at: float) -> tuple[int, float]:
        heard = self._heard.get(worker_id)
        return heard if heard is not None and heard[0] == beat else (beat, at)


class SqlWorkers:
    def __init__(self, transaction: Transaction, life_line: LifeLine, silences: Silences) -> None:
        self._transaction = transaction
        self._life_line = life_line
        self._silences = silences

    def seen(self, worker_id: str, name: str, *, now: datetime) -> None:
        row = {"id": worker_id, "name": plain(name), "seen_at": micros(now), "started_at": micros(now)}
        known = update(worker).where(worker.c.id == worker_id).values(seen_at=micros(now))
        if self._transaction.write(known).rowcount == 0:
            put(self._transaction, worker, [row], ["id"])

    def present(self) -> Sequence[PresentWorker]:
        rows = self._transaction.read(select(worker).order_by(worker.c.started_at))
        return [
            PresentWorker(
                id=row.id, name=row.name, started_at=instant(row.started_at), seen_at=instant(row.seen_at)
            )
            for row in rows
        ]

    def leave(self, worker_id: str) -> None:
        self._transaction.write(delete(worker).where(worker.c.id == worker_id))
        self._free_holds_of_strangers()

    def gone(self, *, at: float) -> Sequence[str]:
        rows = self._transaction.read(select(worker.c.id, worker.c.seen_at)).all()
        said = {row.id: row.seen_at for row in rows}
        silent = self._silences.too_long(said, at=at)
        dead = [one for one in said if one in silent or self._life_line.broken(one, self._transaction)]
        if dead:
            self._transaction.write(delete(worker).where(worker.c.id.in_(dead)))
        if dead or self._transaction.read(_STRANGER).first() is not None:
            self._free_holds_of_strangers()
        return dead

    def _free_holds_of_strangers(self) -> None:
        """Also of a worker that was called dead, and took work since: it may not keep it."""
        for table in (delivery, job):
            held = table.c.status == literal_column("'held'")
            free = update(table).where(held, table.c.holder.not_in(select(worker.c.id)))
            self._transaction.write(free.values(status="waiting", holder=None))


_KNOWN = select(worker.c.id)
_STRANGER = (
    select(delivery.c.id)
    .where(delivery.c.status == literal_column("'held'"), delivery.c.holder.not_in(_KNOWN))
    .union_all(select(job.c.id).where(job.c.status == literal_column("'held'"), job.c.holder.not_in(_KNOWN)))
    .limit(1)
)


class LockedFiles:
    """SQLite: a locked file for each worker in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, worker_id: str) -> Iterator[Callable[[], None]]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{worker_id}.lock"
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                yield _nothing
            finally:
                path.unlink(missing_ok=True)

    def broken(self, worker_id: str, transaction: Transaction) -> bool:
        del transaction
        path = self._folder / f"{worker_id}.lock"
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            path.unlink(missing_ok=True)
            return True
        finally:
            os.close(handle)


def _nothing() -> None:
    """A file's lock cannot be lost while the process lives."""


class LockedSessions:
    """PostgreSQL: an advisory lock, held by a session that belongs to the worker alone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def hold(self, worker_id: str) -> Iterator[Callable[[], None]]:
        session = _Session(self._engine, worker_id)
        try:
            session.keep()
            yield session.keep
        finally:
            session.end()

    def broken(self, worker_id: str, transaction: Transaction) -> bool:
        # taken only until this transaction ends
        taken = transaction.read(_TRY_NOW, {"name": f"worker {worker_id}"}).scalar_one()
        return bool(taken)


class _Session:
    def __init__(self, engine: Engine, worker_id: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._name = {"name": f"worker {worker_id}"}
        self._connection: Connection | None = None

    def keep(self) -> None:
        """The server may have been started anew, and the lock lost with the connection."""
        if self._connection is not None and self._works(self._connection):
            return
        self.end()
        with outages_told():
            self._connection = self._engine.connect()
            self._connection.detach()
            self._connection.execute(_TRY, self._name)

    def end(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(exc.DBAPIError):
                connection.close()

    @staticmethod
    def _works(connection: Connection) -> bool:
        try:
            connection.execute(text("SELECT 1"))
        except exc.DBAPIError:
            return False
        return True


_TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 2))")
_TRY_NOW = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 2))")


class WorkerPresence:
    """What a worker's loop holds on to."""

    def __init__(self, worker_id: str, keep: Callable[[], None], tell: Callable[[], None]) -> None:
        self._worker_id = worker_id
        self._keep = keep
        self._tell = tell

    @property
    def worker_id(self) -> str:
        return self._worker_id

    def beat(self) -> None:
        self.keep()
        self._tell()

    def keep(self) -> None:
        self._keep()
