"""A site on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lacre.cli.logs import set_up_logs
from tests.support.database import database_url, migrated_file, postgres_server
from tests.support.receiver import Receiver
from tests.support.working import Site

__all__ = ["database_url", "migrated_file", "postgres_server", "receiver", "site"]


@pytest.fixture(autouse=True)
def _logs() -> None:
    """As in production: the traces of the default, for people, take a quarter of a second each."""
    set_up_logs("json")


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    opened = Site(database_url, tmp_path / "data", time_scale=20)
    yield opened
    opened.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening
