"""One installation for the whole run, a new account for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fastnotas_desk import FiscalDesk, Installation, Shop


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation.open(tmp_path_factory.mktemp("fastnotas")) as opened:
        yield opened


@pytest.fixture
def installation(whole_run: Installation) -> Installation:
    """However far another test pushed the clock on."""
    whole_run.clock.begin_again()
    return whole_run


@pytest.fixture
def desk(installation: Installation) -> FiscalDesk:
    return installation.desk()


@pytest.fixture
def shop(desk: FiscalDesk) -> Shop:
    return desk.shop()


@pytest.fixture
def stranger(installation: Installation) -> FiscalDesk:
    """Another account's client, who must see nothing."""
    return installation.desk()
