"""One house for all of these tests: each sends its own documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def client(house: House) -> Iterator[httpx2.Client]:
    """A browser that runs no script."""
    headers = {"user-agent": "Firefox/140", "accept-language": "pt-BR"}
    with httpx2.Client(base_url=house.url, headers=headers, timeout=120, trust_env=False) as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
