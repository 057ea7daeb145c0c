"""The store: opened once, then one unit of work after another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self, TypeAlias

from lacre.documents.files import Files, RemovableFiles
from lacre.documents.links import Links
from lacre.kit.ids import AccountId
from lacre.kit.jobs import Presence
from lacre.kit.pace import Allowance
from lacre.processing.ports import Inputs
from lacre.store.bucket import BucketFiles, NoPlaceForFiles, open_bucket
from lacre.store.endpoints import Listens, Read
from lacre.store.files import FolderFiles
from lacre.store.herald import Herald, NoHerald
from lacre.store.inputs import BucketInputs, FolderInputs
from lacre.store.instants import micros
from lacre.store.keys import Keys, has_keys, load_keys, master_keys
from lacre.store.migrations.steps import check_version, migrate
from lacre.store.outages import outages_told
from lacre.store.places import era_base
from lacre.store.postgres import PostgresDatabase, read_url
from lacre.store.sqlite import SqliteDatabase
from lacre.store.transaction import Database
from lacre.store.turns import Turns
from lacre.store.work import SqlWork, Surroundings
from lacre.store.workers import LifeLine, LockedFiles, LockedSessions, Silences, WorkerPresence
from lacre.webhooks.health import longest_rest

Hearer: TypeAlias = Callable[[Collection[AccountId]], None]


class Store:
    def __init__(
        self,
        database: Database,
        files: Files,
        invoice_files: RemovableFiles,
        inputs: Inputs,
        around: Surroundings,
        herald: Herald | NoHerald,
    ) -> None:
        self._database = database
        self._around = around
        self._herald = herald
        self._wakes: list[Callable[[], None]] = []
        self._ears: list[Callable[[Sequence[str]], None]] = []
        self._hearers: list[Hearer] = []
        self.files, self.invoice_files = files, invoice_files
        self.inputs = inputs
        self.links = around.links
        self.keys = around.keys

    @classmethod
    def open(
        cls,
        url: str,
        *,
        data_dir: Path,
        secret_key: str = "",
        files_url: str = "",
        files_proxy: str = "",
        make_links: Callable[[Keys], Links],
        listens: Listens,
        clock: Callable[[], datetime],
        time_scale: float = 1.0,
        migrating: bool = False,
    ) -> Self:
        """`migrating` brings the database to this version first; otherwise another version is refused.

        Raises `OtherVersion` or `KeyUnusable`, whose messages are for the operator.
        """
        if migrating:
            migrate(url)
        check_version(url)
        files = open_files(files_url, data_dir, clock, proxy=files_proxy)
        invoice_files = open_files(files_url, data_dir, clock, proxy=files_proxy, part="invoices")
        inputs = open_inputs(files_url, data_dir, proxy=files_proxy)
        database, life_line = open_database(url, data_dir)
        with ExitStack() as undo:
            undo.callback(database.close)
            keys = _load_keys(database, secret_key, data_dir, now=micros(clock()))
            place_base = _begin_era(database)
            undo.pop_all()
        around = Surroundings(
            keys=keys,
            links=make_links(keys),
            listens=listens,
            clock=clock,
            day=timedelta(days=1) / time_scale,
            turns=Turns(longest_rest=longest_rest(time_scale)),
            life_line=life_line,
            silences=Silences(),
            read=Read(),
            place_base=place_base,
        )
        return cls(database, files, invoice_files, inputs, around, _herald(database))

    def share(self, who: str, allowed: Allowance, times: int, now: datetime) -> int:
        """Adds to what several server processes count together; an embedded database has only one."""
        with self.open_work() as work:
            return work.passages.add(who, allowed, times, now=now)

    @contextmanager
    def open_work(self) -> Iterator[SqlWork]:
        with outages_told(), self._database.transaction() as transaction:
            work = SqlWork(transaction, self._around)
            yield work
            work.finish()
        if work.announced:
            for hear in self._ears:
                hear(work.announced)
        if work.wants_a_worker:
            for wake in self._wakes:
                wake()
            self._herald.call()
        if work.told:
            for tell in self._hearers:
                tell(work.told)

    def on_work(self, wake: Callable[[], None]) -> None:
        """Called from now on after each commit that a worker should look at, of others as soon as we hear."""
        self._wakes.append(wake)
        self._herald.listen(wake)

    def on_events(self, hear: Callable[[Sequence[str]], None]) -> None:
        """Called from now on with the types of the events of each commit of this process."""
        self._ears.append(hear)

    def on_news(self, hear: Hearer) -> None:
        """Called from now on with the accounts of which this process has committed events."""
        self._hearers.append(hear)

    @contextmanager
    def presence(self, worker_id: str, name: str) -> Iterator[Presence]:
        """What this worker holds goes back when the context ends, or when its process dies."""
        with self._around.life_line.hold(worker_id) as keep:
            tell = partial(self._tell, worker_id, name)
            tell()
            try:
                yield WorkerPresence(worker_id, keep, tell)
            finally:
                with self.open_work() as work:
                    work.workers.leave(worker_id)

    def close(self) -> None:
        self._herald.close()
        self._database.close()

    def _tell(self, worker_id: str, name: str) -> None:
        with self.open_work() as work:
            work.workers.seen(worker_id, name, now=self._around.clock())


def open_database(url: str, data_dir: Path) -> tuple[Database, LifeLine]:
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(Path(parsed.database or "")), LockedFiles(data_dir / "workers")
    database = PostgresDatabase(url)
    return database, LockedSessions(database.engine)


def open_files(
    files_url: str, data_dir: Path, clock: Callable[[], datetime], *, proxy: str = "", part: str = ""
) -> RemovableFiles:
    """`file:///folder`, `s3://bucket/prefix`, or nothing: a folder in the data folder.

    With `part` a place of their own within that, for what nobody else names.
    """
    kind, _, rest = files_url.partition("://")
    if kind == "s3":
        bucket, copies = open_bucket(files_url, proxy=proxy), FolderFiles(data_dir / "copies" / part)
        return BucketFiles(bucket, copies, clock, prefix=f"{part}/" if part else "")
    if kind not in ("", "file"):
        raise NoPlaceForFiles("LACRE_FILES_URL: write file:///folder or s3://bucket/prefix")
    return FolderFiles((Path(rest) if rest else data_dir / "files") / part)


def open_inputs(files_url: str, data_dir: Path, *, proxy: str = "") -> Inputs:
    """Beside the files."""
    kind, _, rest = files_url.partition("://")
    if kind == "s3":
        return BucketInputs(open_bucket(files_url, proxy=proxy), data_dir / "inputs")
    return FolderInputs(Path(rest) / "inputs" if rest else data_dir / "inputs")


def _herald(database: Database) -> Herald | NoHerald:
    return Herald(database.engine) if isinstance(database, PostgresDatabase) else NoHerald()


def _load_keys(database: Database, secret_key: str, data_dir: Path, *, now: int) -> Keys:
    with database.transaction() as transaction:
        masters = master_keys(secret_key, data_dir, create=not has_keys(transaction))
        return load_keys(transaction, masters, now=now)


def _begin_era(database: Database) -> int:
    with database.transaction() as transaction:
        return era_base(transaction)
