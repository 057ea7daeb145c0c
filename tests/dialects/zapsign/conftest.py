"""One installation for the whole run, a new account for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.zapsign_desk import Desk, Installation


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation.open(tmp_path_factory.mktemp("zapsign")) as opened:
        yield opened


@pytest.fixture
def installation(whole_run: Installation) -> Installation:
    """However far another test pushed the clock on."""
    whole_run.clock.begin_again()
    return whole_run


@pytest.fixture
def desk(installation: Installation) -> Desk:
    return installation.desk()


@pytest.fixture
def stranger(installation: Installation) -> Desk:
    """Another account's client, who must see nothing."""
    return installation.desk()
