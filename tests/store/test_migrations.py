"""The steps lead to exactly the tables that the code works with."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from lacre.store import tables
from lacre.store.migrations.steps import _connected
from lacre.store.sqlite import open_engine


def test_the_migrated_schema_is_the_one_in_the_tables(database_url: str) -> None:
    with _connected(database_url) as connection:
        # SQLite gives defaults back in another spelling; there the letters are compared below
        options = {"compare_server_default": connection.dialect.name == "postgresql"}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, tables.metadata) == []


def test_the_indexes_too_are_the_same_to_the_letter(database_url: str, tmp_path: Path) -> None:
    """Comparing metadata overlooks the conditions of partial indexes."""
    if not database_url.startswith("sqlite"):
        return
    engine = open_engine(tmp_path / "made.db")
    with engine.connect() as connection:
        tables.metadata.create_all(connection)
        wanted = _written(connection)
    engine.dispose()

    with _connected(database_url) as connection:
        assert _written(connection) == wanted


def test_the_queue_is_vacuumed_long_before_a_fifth_of_it_is_dead(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        return
    with _connected(database_url) as connection:
        asked = text("SELECT relname, reloptions FROM pg_class WHERE relname = ANY('{delivery,attempt,job}')")
        found = {row.relname: row.reloptions for row in connection.execute(asked)}

    assert "autovacuum_vacuum_scale_factor=0.01" in found["delivery"]
    assert "fillfactor=85" in found["delivery"]
    assert found["job"] == found["delivery"]
    assert "autovacuum_vacuum_scale_factor=0.02" in found["attempt"]


def _written(connection: Connection) -> set[str]:
    query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    return set(connection.execute(text(query)).scalars())
