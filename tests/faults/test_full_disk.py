"""A full disk: a clear answer, nothing half done, and on it goes once there is room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lacre.signing import events
from tests.faults.sites import Shop, shop, until
from tests.support.aftermath import Aftermath
from tests.support.cramping import cramped
from tests.support.customer import Visitor
from tests.support.pdfs import weighty_pdf
from tests.support.receiver import Receiver
from tests.support.server import Premises

__all__ = ["shop"]

HEAVY = weighty_pdf(3_000_000)
ROOM = 2_000_000

pytestmark = pytest.mark.slow


def test_a_document_that_finds_no_room_is_refused_whole(shop: Shop) -> None:
    with shop.premises.server() as server:
        shop.customer.send([{"name": "Bruno"}])
        with cramped(server.pid, ROOM), pytest.raises(AssertionError, match="unavailable"):
            shop.customer.send([{"name": "Bruno"}], HEAVY)
        shop.customer.send([{"name": "Bruno"}], HEAVY)

    assert "File too large" in shop.premises.logged()
    with Aftermath.of(shop.premises) as left:
        left.check_whole()
        assert len(left.envelopes()) == 2


def test_a_good_document_is_not_called_broken_when_it_is_the_disk_that_is_full(
    receiver: Receiver, tmp_path: Path
) -> None:
    with small_disk(tmp_path, "9m"):
        shop = Shop(Premises(tmp_path / "shop"), receiver)
        with shop.premises.server():
            shop.customer.send([{"name": "Bruno"}], weighty_pdf(1_500_000))
            with pytest.raises(AssertionError, match="unavailable"):
                fill(shop)

        assert "No space left on device" in shop.premises.logged()


def test_a_seal_that_finds_no_room_is_made_later(shop: Shop) -> None:
    with shop.premises.server() as server:
        made = shop.customer.send([{"name": "Bruno"}], HEAVY)
        with cramped(server.pid, ROOM):
            Visitor(made["signers"][0]["sign_url"]).signs_all("Bruno")
            until(lambda: "job_failed" in shop.premises.logged())
        until(lambda: shop.completed(made["token"]))

    with Aftermath.of(shop.premises) as left:
        left.check_whole()
        left.check_sealed(made["token"], shop.premises.folder, signatures=1)
        assert left.count(made["token"], events.ENVELOPE_COMPLETED) == 1


def test_a_database_that_finds_no_room_keeps_nothing_by_halves(shop: Shop) -> None:
    with shop.premises.server() as server:
        made = shop.customer.send([{"name": "Bruno"}])
        with cramped(server.pid, 30_000), pytest.raises(AssertionError, match="unavailable"):
            shop.customer.send([{"name": "Bruno"}])
        Visitor(made["signers"][0]["sign_url"]).signs_all("Bruno")
        until(lambda: shop.completed(made["token"]))

    with Aftermath.of(shop.premises) as left:
        left.check_whole()
        assert [one.id for one in left.envelopes()] == [made["token"]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """One of its own, which only root can make."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small disk can be mounted by root on Linux only")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(shop: Shop) -> None:
    for size in range(1_400_000, 1_400_009):
        shop.customer.send([{"name": "Bruno"}], weighty_pdf(size))
