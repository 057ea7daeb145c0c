"""One installation for the whole run, a new account for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lacre.dialects.arqsign.webhook import ArqsignWording
from tests.support.arqsign_desk import ArqDesk, arq_desk
from tests.support.zapsign_desk import Installation


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation.open(tmp_path_factory.mktemp("arqsign"), spoken=ArqsignWording()) as opened:
        yield opened


@pytest.fixture
def installation(whole_run: Installation) -> Installation:
    """However far another test pushed the clock on."""
    whole_run.clock.begin_again()
    return whole_run


@pytest.fixture
def desk(installation: Installation) -> ArqDesk:
    return arq_desk(installation)


@pytest.fixture
def stranger(installation: Installation) -> ArqDesk:
    """Another account's client, who must see nothing."""
    return arq_desk(installation)
