"""Databases for tests: an SQLite file, and a real PostgreSQL 15 or newer that the tests start.

    from tests.support.database import database_url, migrated_file, postgres_server   # in a conftest.py

`database_url` is parametrized: a test that takes it runs on both, each time on an empty, migrated database.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import psycopg
import pytest
from psycopg import sql

from lacre.store.migrations.steps import migrate, newest_version
from lacre.store.tables import metadata
from tests.support.ports import free_port

KINDS = ("sqlite", "postgresql")
Done: TypeAlias = "subprocess.CompletedProcess[str]"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class PostgresServer:
    port: int
    folder: Path
    options: str
    _shared: list[str] = field(default_factory=list)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, *, template: str = "template1") -> str:
        """A new database; its URL."""
        name = f"test_{next(_numbers)}"
        self.run(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        return self.url(name)

    def look_at(self, url: str) -> None:
        """Tells its planner what the tables hold."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")

    def drop(self, url: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    def emptied(self) -> str:
        """One database, as if it were new: many times quicker than making another."""
        if not self._shared:
            self._shared.append(self.create(template="lacre_template"))
        with psycopg.connect(self._shared[0], autocommit=True) as connection:
            # what an earlier test left running must not write into this one's database
            connection.execute(_END_OTHERS)
            connection.execute(_emptying())
        return self._shared[0]

    def crash(self) -> None:
        """Ends it without a goodbye, and starts it again: it recovers from its log."""
        data = self.folder / "data"
        restart = ("restart", "-m", "immediate", "-w", "-t", "60", "-l", self.folder / "log")
        _run(_programs() / "pg_ctl", "-D", data, *restart)

    def kill(self) -> None:
        """As the system does when memory runs out; then starts it again."""
        data = self.folder / "data"
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        until = monotonic() + 30
        # its children notice, and keep their memory until they are gone
        while self._start().returncode != 0:
            assert monotonic() < until, (self.folder / "log").read_text()

    def start(self) -> None:
        _check(self._start())

    def stop(self) -> None:
        _run(_programs() / "pg_ctl", "-D", self.folder / "data", "stop", "-m", "immediate", "-w")

    def _start(self) -> Done:
        wait = ("-w", "-t", "60", "-l", self.folder / "log", "-o", self.options)
        return _ran(_programs() / "pg_ctl", "-D", self.folder / "data", "start", *wait)

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    # a crash of the machine is not what these tests are about
    with running_postgres(durable=False) as server:
        yield server


@contextmanager
def running_postgres(*, durable: bool) -> Iterator[PostgresServer]:
    """A server of our own with `lacre_template` in it; one that is not durable does no fsync."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="lacre-pg-") as name:
        folder = Path(name)
        port = free_port()
        speed = "" if durable else _NOT_DURABLE
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c max_connections=200{speed}"
        server = PostgresServer(port, folder, options)
        if os.geteuid() == 0:
            shutil.chown(folder, *_stranger())
        make = ("-U", "postgres", "--no-sync", "-E", "UTF8", "--no-locale")
        _run(programs / "initdb", "-D", folder / "data", *make)
        server.start()
        try:
            server.run("CREATE DATABASE lacre_template")
            migrate(server.url("lacre_template"))
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "lacre.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database, once of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "lacre.db")
        return f"sqlite:///{tmp_path / 'lacre.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.emptied()


_NOT_DURABLE = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@cache
def _emptying() -> sql.Composed:
    """All in one go: the way there and back takes longer than to empty a table."""
    tables = [sql.Identifier(table.name) for table in reversed(metadata.sorted_tables)]
    emptied = [sql.SQL("DELETE FROM {};").format(table) for table in tables]
    version = sql.SQL("UPDATE alembic_version SET version_num = {}").format(newest_version())
    return sql.Composed([*emptied, version])


def _programs() -> Path:
    """`initdb` and `pg_ctl`, which distributions keep out of the path."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    pytest.fail("PostgreSQL 15 or newer is needed: install it (Debian: postgresql)")


def _run(program: Path, *arguments: str | Path) -> None:
    done = _ran(program, *arguments)
    if "stop" not in arguments:
        _check(done)


def _check(done: Done) -> None:
    if done.returncode != 0:
        pytest.fail(f"{done.args}: {done.stdout}{done.stderr}")


def _ran(program: Path, *arguments: str | Path) -> Done:
    # PostgreSQL refuses to run as root
    user, group = _stranger()
    become = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*become, str(program), *map(str, arguments)], capture_output=True, text=True, check=False, cwd="/"
    )


def _stranger() -> tuple[int, int]:
    """Nobody, by number: the name differs between distributions."""
    return 65534, 65534
