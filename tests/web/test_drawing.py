"""Pages that take long keep only their own envelope and account waiting, and nobody who reads or signs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Semaphore

import httpx2
import pytest

from lacre.bootstrap import Installation
from lacre.kit.ids import AccountId, Digest
from lacre.signing.layout import PageSize
from lacre.signing.signer import Signer
from lacre.web.signer.drawing import OF_ACCOUNT, OF_ENVELOPE
from tests.support.house import House, person

PATIENCE = 30.0


class SlowPages:
    """Drawn once somebody says so."""

    def __init__(self) -> None:
        self.begun, self.drawn = Semaphore(0), Event()

    def picture(self, _file: Path, _digest: Digest, *, page: int, width: int, owner: AccountId) -> bytes:  # noqa: ARG002
        self.begun.release()
        assert self.drawn.wait(2 * PATIENCE)
        return b"drawn"

    def sizes(self, _file: Path) -> tuple[PageSize, ...]:
        return ()


@pytest.fixture
def pages() -> SlowPages:
    return SlowPages()


@pytest.fixture
def house(tmp_path: Path, pages: SlowPages) -> Iterator[House]:
    def furnish(opened: Installation) -> Installation:
        return replace(opened, services=replace(opened.services, pages=pages))

    with House(tmp_path, furnish=furnish) as opened:
        yield opened


def test_slow_pages_of_many_envelopes_keep_nobody_from_reading_and_signing(
    house: House, pages: SlowPages
) -> None:
    sent = [[person(f"Bruno {n}"), person(f"Carla {n}")] for n in range(6)]
    for signers in sent:
        house.send(signers)
    with _asking_for_pages(house, pages, [one for signers in sent for one in signers]):
        for _ in range(OF_ACCOUNT):
            assert pages.begun.acquire(timeout=PATIENCE)

        room = httpx2.get(house.link(sent[0][1]), timeout=PATIENCE)

        assert room.status_code == 200
        assert not pages.begun.acquire(blocking=False)


def test_slow_pages_of_one_envelope_leave_room_to_the_others_of_its_account(
    house: House, pages: SlowPages
) -> None:
    house.send(slow := [person("Bruno"), person("Carla")])
    house.send([davi := person("Davi")])
    with _asking_for_pages(house, pages, slow):
        for _ in range(OF_ENVELOPE):
            assert pages.begun.acquire(timeout=PATIENCE)
        assert not pages.begun.acquire(blocking=False)

        with _asking_for_pages(house, pages, [davi]):
            assert pages.begun.acquire(timeout=PATIENCE)


@contextmanager
def _asking_for_pages(house: House, pages: SlowPages, signers: list[Signer]) -> Iterator[None]:
    urls = [f"{house.link(one)}/documents/1/pages/{page}" for one in signers for page in (1, 2, 3, 4)]
    with ThreadPoolExecutor(len(urls)) as crowd:
        answers = [crowd.submit(httpx2.get, url, timeout=2 * PATIENCE) for url in urls]
        try:
            yield
        finally:
            pages.drawn.set()
        assert {one.result().status_code for one in answers} == {200}
