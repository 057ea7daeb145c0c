"""One house for all of these tests, with two tenants who know nothing of each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from tests.support.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="session")
def app(house: House) -> ASGIApp:
    return house.installation.app


@pytest.fixture
def browser(house: House, app: ASGIApp) -> TestClient:
    """Without scripts, and without the wires between: what breaks inside breaks the test."""
    return TestClient(app, base_url=house.url, follow_redirects=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
