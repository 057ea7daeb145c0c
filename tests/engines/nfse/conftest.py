"""One Sefin for all of a process's tests; each has numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.sefin import SefinDesk


@pytest.fixture(scope="session")
def shared_desk() -> Iterator[SefinDesk]:
    desk = SefinDesk()
    yield desk
    desk.close()


@pytest.fixture
def desk(shared_desk: SefinDesk) -> Iterator[SefinDesk]:
    """Nothing is planned to go wrong, and nothing that was stays."""
    yield shared_desk
    shared_desk.sefin.faults.forget()
