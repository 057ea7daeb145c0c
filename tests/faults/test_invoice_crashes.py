"""kill -9 between every step of issuing, replacing and cancelling, and amid the exchanges, on both databases.

At the end the tax office's ledger is compared with our books: no number twice, no note twice, none forgotten.
A sample of the moments by default; every one of them with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import logging
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

from lacre.bootstrap import Installation, open_installation
from lacre.engines.nfse.form import REPLACED
from lacre.engines.sefin import LocalSefin
from lacre.engines.sefin.ledger import IssuedNote
from lacre.fiscal import events
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.operation import AssetKind, Status
from lacre.fiscal.printing import note_file
from tests.support.database import KINDS, PostgresServer
from tests.support.invoice_shop import PATIENCE_SECONDS, SERVICES, Shop, ended, in_folder, invoices, told
from tests.support.server import NotStarted, Premises
from tests.support.working import eventually

LONG = bool(os.environ.get("LACRE_LONG_FAULTS"))
SAMPLE = 1
USUAL = 100
"""Of moments; the first of some hundred and twenty, which are before everything is issued."""
PARTS = 6 if LONG else 1
"""Of the sweep, each a test of its own: some minutes, not half an hour."""
MOMENTS = ("issue: in the middle", "issue: after", "cancel: in the middle", "cancel: after")
NOTES = 3 + len(SERVICES)
"""One was cancelled, one replaced by another."""
REJECTED, CANCELLED = 1, 2

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=KINDS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    new_database: Callable[[str], str] = in_folder
    if request.param == "postgresql":
        new_database = _copier(request.getfixturevalue("postgres_server"))
    return Shop.opened(tmp_path_factory.mktemp(request.param) / "template", new_database)


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_moment_every_note_is_issued_once_and_none_is_forgotten(
    shop: Shop, tmp_path: Path, part: int
) -> None:
    killed = 0
    for moment in moments(part):
        one = Round(shop.copied(tmp_path / f"killed-{moment}"))
        one.work(str(moment))
        one.check()
        if LONG and not one.killed:
            break  # there are no more moments than that
        killed += one.killed
        one.forget()

    logging.getLogger(__name__).info("killed at %s moments", killed)
    assert killed >= 1


@pytest.mark.parametrize("moment", MOMENTS if LONG else MOMENTS[:1])
@pytest.mark.parametrize("shop", KINDS if LONG else KINDS[:1], indirect=True)
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
                # one that finds work may be killed before it says that it runs
                with suppress(NotStarted), premises.worker(program=program) as worker:
                    eventually(lambda: not worker.alive or done(), seconds=PATIENCE_SECONDS)
                if done():
                    return
            raise AssertionError(premises.logged())

    @property
    def killed(self) -> bool:
        return self._trace.with_name(f"{self._trace.name}.burnt").exists()

    def check(self) -> None:
        with self._opened() as (premises, sefin), closing(open_installation(premises.settings)) as lacre:
            ours, theirs = invoices(lacre), sefin.ledger.notes()
            check_ledger(ours, theirs, lacre)
            check_told(ours, lacre)
            accepted = Counter(one.about for one in sefin.ledger.calls() if one.said == "201")
            assert max(accepted.values()) == 1

    @property
    def points(self) -> list[str]:
        return [line.partition(" ")[2] for line in self._trace.read_text().splitlines()]

    def named(self, name: str) -> int:
        return sum(point.startswith(name) for point in self.points)

    def forget(self) -> None:
        self._shop.forget()

    @contextmanager
    def _opened(self) -> Iterator[tuple[Premises, LocalSefin]]:
        sefin = LocalSefin.started(self._shop.office)
        try:
            yield self._shop.premises(sefin), sefin
        finally:
            sefin.stop()


def check_ledger(ours: Sequence[Invoice], theirs: Sequence[IssuedNote], lacre: Installation) -> None:
    """Their notes are ours, one for one: number, state, and every byte."""
    assert len(ours) == NOTES
    assert len(theirs) == NOTES - REJECTED
    issued = {one.issued.key: one for one in ours if one.issued}
    assert issued.keys() == {one.key for one in theirs}
    for note in theirs:
        mine = issued[note.key]
        assert mine.sequence == int(note.dps_id[-15:])
        assert bool(mine.canceled_at) == bool(note.cancelled)
        assert bool(mine.replaced_by) == (note.cancelled == REPLACED)
        assert lacre.services.invoice_files.read(note_file(mine) or "") == note.xml  # type: ignore[arg-type]
    assert (
        len({one.number for one in theirs}) == len({one.sequence for one in issued.values()}) == len(theirs)
    )
    assert sum(one.status is Status.REJECTED for one in ours) == REJECTED
    assert sum(bool(one.cancelled) for one in theirs) == CANCELLED


def check_told(ours: Sequence[Invoice], lacre: Installation) -> None:
    """Each end is told once, and every file that is named is there."""
    said = Counter((one.type, one.subject_id) for one in told(lacre))
    issued = [one for one in ours if one.issued]
    assert all(said[events.INVOICE_ISSUED, one.id] == 1 for one in issued)
    for kind, count_ in ((events.INVOICE_REJECTED, REJECTED), (events.INVOICE_CANCELED, CANCELLED)):
        assert sum(times for (told_, _), times in said.items() if told_ == kind) == count_
    files = [asset.digest for one in ours for asset in one.assets]
    assert all(lacre.services.invoice_files.read(digest) for digest in files if digest)
    assert all(one.available(AssetKind.PRINT) for one in issued)


def moments(part: int) -> Iterable[int]:
    """By number: all there may be, in as many parts; or some, others in each run."""
    if LONG:
        return count(1 + part, PARTS)
    return random.sample(range(1, USUAL), SAMPLE)


def _copier(server: PostgresServer) -> Callable[[str], str]:
    def copy(url: str) -> str:
        return server.create(template=url.rpartition("/")[2] if url else "lacre_template")

    return copy
