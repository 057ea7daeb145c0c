"""The store on each database, and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lacre.store.opening import Store
from tests.support.database import database_url, migrated_file, postgres_server
from tests.support.kept import open_store

__all__ = ["database_url", "migrated_file", "postgres_server", "store"]


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database_url, tmp_path / "data")
    yield opened
    opened.close()
