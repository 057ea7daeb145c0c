"""Looks at a database and its keys that change nothing: for whoever asks what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text

from lacre.kit.retention import Sweep
from lacre.settings import Settings
from lacre.store.census import SqlCensus
from lacre.store.endpoint_secrets import read_secrets
from lacre.store.keys import has_keys, master_keys, open_keys
from lacre.store.migrations.steps import check_version
from lacre.store.opening import open_database
from lacre.store.postgres import read_url
from lacre.store.retention import SqlRetention
from lacre.store.tables import endpoint
from lacre.store.transaction import Transaction

_EMPTY = "SELECT 1.0 * freelist_count / page_count FROM pragma_freelist_count(), pragma_page_count()"
_TIME = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)"
_VERSIONS = {
    True: "SELECT 'PostgreSQL ' || current_setting('server_version')",
    False: "SELECT 'SQLite ' || sqlite_version()",
}


def embedded_file(url: str) -> Path | None:
    """Where an SQLite database lies; `None` for a server's."""
    parsed = read_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def inspect_database(url: str, data_dir: Path) -> str:
    """What runs it; raises `OtherVersion` unless its tables are this version's."""
    check_version(url)
    database, _ = open_database(url, data_dir)
    with closing(database), database.transaction() as transaction:
        return _server(transaction)


def inspect_clock(url: str, data_dir: Path) -> datetime:
    """What time it is where the database runs: not for one that lies in a file."""
    database, _ = open_database(url, data_dir)
    with closing(database), database.transaction() as transaction:
        return datetime.fromtimestamp(transaction.read(text(_TIME)).scalar_one(), UTC)


def inspect_keys(url: str, data_dir: Path, secret_key: str) -> bool:
    """Whether there are secrets yet; raises `KeyUnusable` when they cannot be read."""
    database, _ = open_database(url, data_dir)
    with closing(database), database.transaction() as transaction:
        if not has_keys(transaction):
            return False
        open_keys(transaction, master_keys(secret_key, data_dir, create=False))
        return True


def inspect_work(url: str, data_dir: Path, now: datetime) -> Mapping[tuple[str, str], float]:
    """How much waits, and who is at work, as the census counts it."""
    database, _ = open_database(url, data_dir)
    with closing(database), database.transaction() as transaction:
        return SqlCensus(transaction).counts(now=now)


def inspect_client_certificates(settings: Settings) -> Sequence[tuple[str, str]]:
    """URL and PEM of those that endpoints show to their receivers."""
    database, _ = open_database(settings.database, settings.data_dir)
    with closing(database), database.transaction() as transaction:
        if not has_keys(transaction):
            return ()
        secret = settings.secret_key.get_secret_value()
        keys = open_keys(transaction, master_keys(secret, settings.data_dir, create=False))
        rows = transaction.read(select(endpoint).where(endpoint.c.deleted_at.is_(None)))
        kept = [(row.url, keys.open(row.sealed_secrets, *_place(row.id))) for row in rows]
    return [(url, pem) for url, opened in kept if (pem := read_secrets(opened).client_pem)]


def inspect_retention(settings: Settings) -> tuple[Sequence[Sweep], float]:
    """How far each rule has come, and which part of an SQLite file is empty pages."""
    database, _ = open_database(settings.database, settings.data_dir)
    with closing(database), database.transaction() as transaction:
        sweeps = SqlRetention(transaction, settings).sweeps()
        empty = 0.0 if transaction.postgresql else float(transaction.read(text(_EMPTY)).scalar_one())
        return sweeps, empty


def _server(transaction: Transaction) -> str:
    return str(transaction.read(text(_VERSIONS[transaction.postgresql])).scalar_one())


def _place(endpoint_id: str) -> tuple[str, str, str]:
    return "endpoint", endpoint_id, "sealed_secrets"
