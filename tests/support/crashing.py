"""The product, killed by -9 at one of its points: `python -m tests.support.crashing POINT TRACE serve …`.

A point is a moment between two things that outlast the process: before and after every commit, file, seal,
mail and request. POINT is a number (0: never) or the name of the first one meant; every point passed is
written to TRACE. Of several processes with the same TRACE only the first to get there dies. The parts are
wrapped from outside, where `bootstrap` has put them together.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

# imported by the product once it is needed: two seconds that children need not spend
import brazilfiscalreport.danfse  # noqa: F401
from sqlalchemy import CursorResult, Executable, Select

from lacre.bootstrap import Installation
from lacre.cli.installation import installation, read_settings
from lacre.cli.serve import run_server, run_worker
from lacre.documents.fetching import Fetched, Fetcher, NotFetched
from lacre.engines.http import HttpEngine
from lacre.engines.nfse import drafting  # noqa: F401
from lacre.fiscal.note import Environment
from lacre.fiscal.ports import (
    Cancelling,
    Certificate,
    Found,
    FoundCancelled,
    Issuing,
    Signed,
    TaxOffice,
)
from lacre.kit.ids import Digest
from lacre.services import Services
from lacre.signing.layout import Structure
from lacre.signing.ports import (
    ActToSeal,
    Mail,
    Mailer,
    MailFailed,
    Sealed,
    Sealer,
    SealFailed,
    Sent,
    SignerKey,
)
from lacre.store.files import FolderFiles
from lacre.store.opening import Store
from lacre.store.statements import NOTHING, Statement, Values
from lacre.store.transaction import Database, Rows, Transaction
from lacre.webhooks.request import Outcome, Request
from lacre.worker.deliver import Sending

Result = TypeVar("Result")
HEARTBEAT = frozenset({"worker"})
SHORTLY_SECONDS = 0.01


class Fuse:
    """Counts the points that are passed, and ends the process at one of them."""

    def __init__(self, point: str, trace: Path) -> None:
        self._number = int(point) if point.isdecimal() else None
        self._name = point
        self._passed = 0
        self._lock = threading.Lock()
        self._burnt = trace.with_name(f"{trace.name}.burnt")
        self._trace = trace.open("a", buffering=1)

    def point(self, name: str, *, after_seconds: float = 0.0) -> None:
        """`after_seconds`: in the middle of what comes next."""
        with self._lock:
            self._passed += 1
            self._trace.write(f"{self._passed} {name}\n")
            if self._passed == self._number or name == self._name:
                self._burn(after_seconds)

    def around(self, name: str, do: Callable[[], Result]) -> Result:
        self.point(f"{name}: before")
        done = do()
        self.point(f"{name}: after")
        return done

    def _burn(self, seconds: float) -> None:
        try:
            self._burnt.touch(exist_ok=False)
        except FileExistsError:
            return
        if seconds:
            threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        else:
            os.kill(os.getpid(), signal.SIGKILL)


# ── the store ────────────────────────────────────────────────────────────────


class FusedDatabase:
    """Only transactions that changed something have points; a worker's heartbeat is nothing to lose."""

    def __init__(self, database: Database, fuse: Fuse) -> None:
        self._database, self._fuse = database, fuse

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._database.transaction() as transaction:
            watched = WatchedTransaction(transaction)
            yield watched
            changed = watched.changed - HEARTBEAT
            name = f"commit of {' '.join(sorted(changed))}"
            if changed:
                self._fuse.point(f"{name}: before")
        if changed:
            self._fuse.point(f"{name}: after")

    def close(self) -> None:
        self._database.close()


class WatchedTransaction:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.changed: set[str] = set()

    @property
    def postgresql(self) -> bool:
        return self._transaction.postgresql

    def read(self, statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        return self._transaction.read(statement, values)

    def locked(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        return self._transaction.locked(statement, values)

    def take_turn(self) -> None:
        self._transaction.take_turn()

    def write(self, statement: Executable, rows: Rows | None = None) -> CursorResult[Any]:
        done = self._transaction.write(statement, rows)
        # rows that come back are counted only once they were read; nobody asks for none
        if done.returns_rows or done.rowcount != 0:
            self.changed.add(_table_of(statement))
        return done

    def look_up(self, statement: Statement, values: Values = NOTHING) -> Sequence[Any]:
        return self._transaction.look_up(statement, values)

    def take(self, statement: Statement, values: Values) -> Sequence[Any]:
        taken = self._transaction.take(statement, values)
        self._noted(statement.sql, len(taken))
        return taken

    def run(self, statement: str, values: tuple[Any, ...]) -> int:
        return self._noted(statement, self._transaction.run(statement, values))

    def run_each(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
        return self._noted(statement, self._transaction.run_each(statement, rows))

    def _noted(self, statement: str, changed: int) -> int:
        if changed:
            self.changed.add(_table_of(statement))
        return changed


def _table_of(statement: Executable | str) -> str:
    table = getattr(statement, "table", None)
    if table is not None:
        return str(table.name)
    named = re.search(r"(?:UPDATE|INTO|FROM)\s+(\w+)", str(statement))
    return named[1] if named else "?"


# ── files ────────────────────────────────────────────────────────────────────


class FusedFiles(FolderFiles):
    def __init__(self, folder: Path, fuse: Fuse) -> None:
        super().__init__(folder)
        self._fuse = fuse

    def keep(self, source: Path) -> Digest:
        self._fuse.point("file: before")
        return super().keep(source)

    def keep_bytes(self, content: bytes) -> Digest:
        self._fuse.point("file: before")
        return super().keep_bytes(content)

    @contextmanager
    def _draft(self) -> Iterator[tuple[Path, BinaryIO]]:
        with super()._draft() as (path, file):
            yield path, cast("BinaryIO", _HalfWritten(file, self._fuse))

    def _publish(self, draft: Path, digest: Digest) -> Digest:
        self._fuse.point("file: written, not in its place")
        published = super()._publish(draft, digest)
        self._fuse.point("file: in its place")
        return published


class _HalfWritten:
    def __init__(self, file: BinaryIO, fuse: Fuse) -> None:
        self._file, self._fuse = file, fuse
        self.flush, self.fileno = file.flush, file.fileno

    def write(self, content: bytes) -> None:
        half = len(content) // 2
        self._file.write(content[:half])
        self._file.flush()
        self._fuse.point("file: half written")
        self._file.write(content[half:])


# ── machines ─────────────────────────────────────────────────────────────────


class FusedSealer:
    def __init__(self, sealer: Sealer, fuse: Fuse) -> None:
        self._sealer, self._fuse = sealer, fuse

    def prepare(self, original: Path, out: Path, structure: Structure) -> Sealed | SealFailed:
        return self._around("prepare", lambda: self._sealer.prepare(original, out, structure))

    def seal(self, file: Path, act: ActToSeal) -> Sealed | SealFailed:
        return self._around("seal", lambda: self._sealer.seal(file, act))

    def sign(self, file: Path, act: ActToSeal, key: SignerKey) -> Sealed | SealFailed:
        return self._around("sign", lambda: self._sealer.sign(file, act, key))

    def upgrade(self, file: Path) -> Sealed | SealFailed:
        return self._around("upgrade", lambda: self._sealer.upgrade(file))

    def _around(self, name: str, do: Callable[[], Result]) -> Result:
        self._fuse.point(f"{name}: in the middle", after_seconds=SHORTLY_SECONDS)
        return self._fuse.around(name, do)


class FusedMailer:
    def __init__(self, mailer: Mailer, fuse: Fuse) -> None:
        self._mailer, self._fuse = mailer, fuse

    def send(self, mail: Mail) -> Sent | MailFailed:
        return self._fuse.around("mail", lambda: self._mailer.send(mail))


class FusedFetcher:
    def __init__(self, fetcher: Fetcher, fuse: Fuse) -> None:
        self._fetcher, self._fuse = fetcher, fuse

    def fetch(self, url: str, into: Path, *, max_bytes: int) -> Fetched | NotFetched:
        return self._fuse.around("fetch", lambda: self._fetcher.fetch(url, into, max_bytes=max_bytes))


class FusedOffice:
    """A tax office, and the moments about it: also while it is being spoken to."""

    def __init__(self, office: TaxOffice, fuse: Fuse) -> None:
        self._office, self._fuse = office, fuse
        self.build, self.sign, self.sign_cancellation = office.build, office.sign, office.sign_cancellation

    def issue(self, signed: Signed, certificate: Certificate) -> Issuing:
        return self._spoken("issue", lambda: self._office.issue(signed, certificate))

    def look_up(self, signed: Signed, certificate: Certificate) -> Found:
        return self._spoken("look up", lambda: self._office.look_up(signed, certificate))

    def cancel(self, signed: Signed, certificate: Certificate) -> Cancelling:
        return self._spoken("cancel", lambda: self._office.cancel(signed, certificate))

    def look_up_cancellation(self, signed: Signed, certificate: Certificate) -> FoundCancelled:
        return self._spoken("look up cancel", lambda: self._office.look_up_cancellation(signed, certificate))

    def replacement_of(self, key: str, environment: Environment, certificate: Certificate) -> FoundCancelled:
        return self._spoken("fetch", lambda: self._office.replacement_of(key, environment, certificate))

    def _spoken(self, name: str, do: Callable[[], Result]) -> Result:
        self._fuse.point(f"{name}: in the middle", after_seconds=SHORTLY_SECONDS)
        return self._fuse.around(name, do)


class FusedDispatcher:
    def __init__(self, http: HttpEngine[Sending], fuse: Fuse) -> None:
        self._http, self._fuse = http, fuse

    @property
    def in_flight(self) -> int:
        return self._http.in_flight

    def start(self, request: Request, tag: Sending) -> None:
        self._fuse.around("webhook", lambda: self._http.start(request, tag))

    def poll(self, wait_seconds: float) -> Iterable[tuple[Sending, Outcome]]:
        answered = list(self._http.poll(wait_seconds))
        for _ in answered:
            self._fuse.point("webhook: answered")
        return answered

    def wake(self) -> None:
        self._http.wake()


# ── put together ─────────────────────────────────────────────────────────────


def fused(opened: Installation, fuse: Fuse) -> Installation:
    """The same installation, with points in it. Its parts are nobody's business but for this."""
    store: Store = opened._store
    store._database = FusedDatabase(store._database, fuse)
    dispatcher = cast("HttpEngine[Sending]", FusedDispatcher(opened._http, fuse))
    return replace(opened, services=_fused_services(opened.services, fuse), _http=dispatcher)


def _fused_services(services: Services, fuse: Fuse) -> Services:
    return replace(
        services,
        files=FusedFiles(services.settings.data_dir / "files", fuse),
        sealer=FusedSealer(services.sealer, fuse),
        mailer=FusedMailer(services.mailer, fuse) if services.mailer else None,
        fetcher=FusedFetcher(services.fetcher, fuse),
        fiscal=replace(services.fiscal, office=FusedOffice(services.fiscal.office, fuse)),
    )


def main(point: str, trace: str, command: str, *options: str) -> None:
    fuse = Fuse(point, Path(trace))
    with installation(read_settings().public_url) as opened:
        if command == "worker":
            run_worker(fused(opened, fuse))
        else:
            port = int(options[options.index("--port") + 1])
            run_server(fused(opened, fuse), "127.0.0.1", port, working="--no-worker" not in options)


if __name__ == "__main__":
    main(*sys.argv[1:])
