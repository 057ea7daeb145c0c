"""Brings a database to this version: all steps in one transaction, one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from lacre.store import postgres, sqlite


class OtherVersion(Exception):
    """The database's schema is not this version's."""


def migrate(url: str) -> None:
    """Raises `OtherVersion` when the database is of a newer version."""
    with _alone(url) as connection:
        if not _is_newer(connection):
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return
    raise OtherVersion(_NEWER)


def check_version(url: str) -> None:
    """Raises `OtherVersion` unless the database is of exactly this version."""
    with _connected(url) as connection:
        if _current(connection) == newest_version():
            return
        problem = _NEWER if _is_newer(connection) else _OLDER
    raise OtherVersion(problem)


def newest_version() -> str:
    """What a database is called that all steps were run on."""
    head = _script().get_current_head()
    assert head is not None  # noqa: S101 - there are steps
    return head


_NEWER = (
    "This database is of a newer version of Lacre: run that version, or restore the backup made before it."
)
_OLDER = (
    "This database is of an older version of Lacre, or empty: run `lacre migrate`, after making a backup."
)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_newer(connection: Connection) -> bool:
    current = _current(connection)
    return current is not None and current not in {step.revision for step in _script().walk_revisions()}


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    # % means something to the parser of ini files
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    parsed = postgres.read_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sqlite.open_engine(Path(parsed.database or ""))
    else:
        engine = postgres.open_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    """A transaction that keeps out every other migration."""
    with _connected(url) as connection:
        if connection.dialect.name == "sqlite":
            # tables that are built anew would take the rows that refer to them along
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            yield connection
            connection.exec_driver_sql("COMMIT")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('lacre migration', 3))"))
            yield connection
            connection.commit()
