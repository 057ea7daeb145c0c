"""The store on each database, and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lacre.store.opening import Store
from tests.support.database import PostgresServer, database_url, migrated_file, postgres_server
from tests.support.kept import open_store

__all__ = ["database_url", "migrated_file", "postgres_server", "store"]


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database_url, tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def nodes(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[tuple[Store, Store]]:
    """Two processes' views of one installation."""
    url = postgres_server.create(template="lacre_template")
    first, second = (open_store(url, tmp_path, secret_key="shared") for _ in range(2))
    yield first, second
    first.close()
    second.close()
