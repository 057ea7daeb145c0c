"""One house for all of these tests, with two tenants who know nothing of each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from tests.security.slow import BODY_SECONDS
from tests.support.customer import ask
from tests.support.database import postgres_server
from tests.support.house import House
from tests.support.server import Premises, Process

__all__ = ["postgres_server"]
FRIEND = "127.0.0.2"
"""The one address that the operator allows, as private as all the others."""


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="session")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    folder = tmp_path_factory.mktemp("premises")
    return Premises(folder, body_seconds=str(BODY_SECONDS), max_upload_mb="50", egress_allow=f"{FRIEND}/32")


@pytest.fixture(scope="session")
def server(premises: Premises) -> Iterator[Process]:
    """As an operator runs it, in a process of its own."""
    with premises.server() as running:
        assert ask("GET", f"{premises.url}/verify").status_code == 200
        yield running


@pytest.fixture(scope="session")
def token(premises: Premises, server: Process) -> str:  # noqa: ARG001 - it made the database
    return premises.new_token()


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
