"""A site on each database, and workers to be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lacre.worker.lease import LEASE_SECONDS
from tests.support.nursery import Begin, Child, nursery
from tests.worker.conftest import _logs, database_url, migrated_file, postgres_server, receiver, site

__all__ = ["_logs", "database_url", "migrated_file", "postgres_server", "receiver", "site"]


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of all these workers."""
    return tmp_path_factory.mktemp("nursery") / "workers.log"


@pytest.fixture(scope="session")
def mother(log: Path) -> Iterator[Begin]:
    with nursery(log) as begin:
        yield begin


@pytest.fixture
def begin(mother: Begin) -> Iterator[Begin]:
    """No worker outlives its test."""
    begun: list[Child] = []

    def begin(url: str, data_dir: Path, *, lease_seconds: float = LEASE_SECONDS) -> Child:
        begun.append(mother(url, data_dir, lease_seconds=lease_seconds))
        return begun[-1]

    yield begin
    for child in begun:
        child.kill()
