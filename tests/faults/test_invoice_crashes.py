"""kill -9 between every step of issuing and of cancelling, and in the middle of both exchanges.

At the end the tax office's ledger is compared with our books: no number twice, no note twice, none forgotten.
A sample of the moments by default; every one of them with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from lacre.bootstrap import open_installation
from lacre.engines.sefin import LocalSefin
from lacre.fiscal import events
from lacre.fiscal.operation import AssetKind, Status
from tests.support.invoice_shop import PATIENCE_SECONDS, SERVICES, Shop, ended, invoices, told
from tests.support.server import Premises
from tests.support.working import eventually

LONG = bool(os.environ.get("LACRE_LONG_FAULTS"))
SAMPLE, USUAL = 2, 100
"""Of moments; the first of some two hundred, which are before everything is issued."""
MOMENTS = ("issue: in the middle", "issue: after", "cancel: in the middle", "cancel: after")
NOTES = 1 + len(SERVICES)
REJECTED = 1

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop.opened(tmp_path_factory.mktemp("shop") / "template")


def test_killed_at_any_moment_every_note_is_issued_once_and_none_is_forgotten(
    shop: Shop, tmp_path: Path
) -> None:
    for moment in moments():
        killed = Round(shop.copied(tmp_path / f"killed-{moment}"))
        killed.work(str(moment))
        killed.check()
        if LONG and len(killed.points) < moment:
            break  # there are no more moments than that


@pytest.mark.parametrize("moment", MOMENTS if LONG else MOMENTS[:1])
def test_killed_between_sending_and_recording_it_asks_before_it_sends(
    shop: Shop, tmp_path: Path, moment: str
) -> None:
    killed = Round(shop.copied(tmp_path / "killed"))
    killed.work(moment)

    killed.check()
    assert killed.named("look up") >= 1


class Round:
    """One life of the shop: killed at a moment, begun again, and worked to its end."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self._trace = shop, shop.folder / "points"

    def work(self, moment: str) -> None:
        with self._opened() as (premises, _), closing(open_installation(premises.settings)) as lacre:

            def done() -> bool:
                return all(ended(one) for one in invoices(lacre))

            for point in (moment, "0"):
                program = ("tests.support.crashing", point, str(self._trace))
                with premises.worker(program=program) as worker:
                    eventually(lambda: not worker.alive or done(), seconds=PATIENCE_SECONDS)
                if done():
                    return
            raise AssertionError(premises.logged())

    def check(self) -> None:
        with self._opened() as (premises, sefin), closing(open_installation(premises.settings)) as lacre:
            ours, theirs = invoices(lacre), sefin.ledger.notes()
            said = Counter((one.type, one.subject_id) for one in told(lacre))
            issued = [one for one in ours if one.issued]
            files = [asset.digest for one in ours for asset in one.assets]

            assert len(ours) == NOTES
            assert {one.key for one in theirs} == {one.issued.key for one in issued if one.issued}
            assert len({one.dps_id for one in theirs}) == len(theirs) == NOTES - REJECTED
            assert len({one.number for one in theirs}) == len(theirs)
            assert sum(one.status is Status.REJECTED for one in ours) == REJECTED
            assert (
                sum(bool(one.cancelled) for one in theirs) == sum(bool(one.canceled_at) for one in ours) == 1
            )
            assert len({one.sequence for one in issued}) == len(issued)
            assert all(said[events.INVOICE_ISSUED, one.id] == 1 for one in issued)
            assert sum(count for (kind, _), count in said.items() if kind == events.INVOICE_REJECTED) == 1
            assert all(lacre.services.invoice_files.read(digest) for digest in files if digest)
            assert all(one.available(AssetKind.PRINT) for one in issued)

    @property
    def points(self) -> list[str]:
        return [line.partition(" ")[2] for line in self._trace.read_text().splitlines()]

    def named(self, name: str) -> int:
        return sum(point.startswith(name) for point in self.points)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Premises, LocalSefin]]:
        sefin = LocalSefin.started(self._shop.office)
        try:
            yield self._shop.premises(sefin), sefin
        finally:
            sefin.stop()


def moments() -> Iterable[int]:
    """By number: all there may be, or some from beginning to end, others in each run."""
    if LONG:
        return count(1)
    step = USUAL / SAMPLE
    return [int(step * number + random.uniform(1, step)) for number in range(SAMPLE)]  # noqa: S311 - a sample
