"""A house with a worker, and Chromium, for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Desk, chromium, desk_in
from tests.support.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house"), working=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """No longer than a module: while it is open its event loop runs, and other tests want their own."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    """A wide screen; nothing may be wrong on it at the end."""
    yield from _quiet(browser, "desktop")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Desk]:
    yield from _quiet(browser, "phone")


def _quiet(browser: Browser, size: str) -> Iterator[Desk]:
    with desk_in(browser, size) as opened:
        yield opened
        assert opened.complaints == []
        assert opened.strangers == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
