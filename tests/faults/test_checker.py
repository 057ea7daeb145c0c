"""The checker's eye for what is signed and for what is logged: whole where all is well, and it sees bugs.

What it says of deliveries is tried in the simulation, whose bugs are planted there.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
import structlog

from lacre.documents.links import Links
from lacre.kit.ids import EnvelopeId
from lacre.services import Work
from lacre.signing import sealing
from lacre.signing.announcing import SYSTEM
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.request import Request
from tests.support.checker import History, Journal, Kept, violations
from tests.support.customer import Visitor
from tests.support.house import House, person
from tests.support.plain import Steady
from tests.support.simulation import Plan, live
from tests.support.simulation.site import TWO_DAYS

SIGNED = ("I8", "I10")

pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """With one contract, signed and sealed."""
    with House(tmp_path) as house:
        bruno = person("Bruno Dias")
        house.send([bruno])
        Visitor(house.link(bruno)).signs_all("Bruno")
        house.work_until(lambda: the_envelope(house).status is EnvelopeStatus.COMPLETED)
        yield house


def test_what_is_sealed_well_is_whole_and_what_is_not_is_seen(house: House) -> None:
    unharmed = broken(house)

    forgets_the_chain(house)
    unchained = broken(house)
    seals_again(house)
    sealed_again = broken(house)

    assert unharmed == set()
    assert unchained == {"I10"}
    assert sealed_again == {"I8", "I10"}


def test_a_secret_in_a_log_is_seen(tmp_path: Path, migrated_file: Path) -> None:
    log = io.StringIO()
    lived = live(1, tmp_path, migrated_file, Plan(wording=Chatty(promised=TWO_DAYS, log=log)))
    told = violations(replace(lived.history, log=log.getvalue()))

    assert lived.broken == {}
    assert {one.split()[0] for one in told} == {"I9"}


# ── bugs ─────────────────────────────────────────────────────────────────────


def forgets_the_chain(house: House) -> None:
    """Appends to what it remembers, and remembers wrongly."""
    envelope = the_envelope(house)
    with house.services.open_work() as work:
        entries = work.audit.entries(envelope.id)
        audit = cast("Any", work.audit)
        audit._last[envelope.id] = replace(entries[-1][0], actor="user:eve")
        work.audit.append(envelope.id, at=house.now(), actor=SYSTEM, what="test.looked", detail={})


def seals_again(house: House) -> None:
    """A handler that does not look at what was done."""
    forgetful = Forgetful(house)
    sealing.seal(forgetful.open_work, house.services.seal_tools, the_envelope(house).id)


@dataclass
class Forgetful:
    house: House
    left: int = 2
    """How often an envelope is read as if nobody had sealed it: before the seal, and when it is recorded."""

    def open_work(self) -> AbstractContextManager[Work]:
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[Work]:
        with self.house.services.open_work() as work:
            envelopes = cast("Any", work.envelopes)
            envelopes.for_job = self._forgetting(envelopes.for_job)
            yield work

    def _forgetting(self, read: Callable[[EnvelopeId], Envelope]) -> Callable[[EnvelopeId], Envelope]:
        def for_job(envelope_id: EnvelopeId) -> Envelope:
            envelope = read(envelope_id)
            if self.left:
                self.left -= 1
                envelope.status, envelope.record = EnvelopeStatus.PENDING, None
                for document in envelope.documents:
                    document.sealed, document.sealed_acts = None, 0
            return envelope

        return for_job


@dataclass
class Chatty(Steady):
    """Tells the log what it sends."""

    log: io.StringIO = field(default_factory=io.StringIO)

    def request(
        self, kept: KeptEvent, endpoint: Endpoint, *, links: Links, attempt: int, now: datetime
    ) -> Request:
        request = super().request(kept, endpoint, links=links, attempt=attempt, now=now)
        structlog.PrintLogger(self.log).info(f"sending {request.headers}")
        return request


# ── what is seen ─────────────────────────────────────────────────────────────


def the_envelope(house: House) -> Envelope:
    (envelope,) = Kept.read(house.settings.database).envelopes
    return envelope


def broken(house: House) -> set[str]:
    """Of the invariants of what is signed."""
    history = History(
        journal=Journal(),
        heard=[],
        kept=Kept.read(house.settings.database),
        promise=lambda _endpoint: TWO_DAYS,
        files=house.settings.data_dir / "files",
    )
    return {name for one in violations(history) if (name := one.split()[0]) in SIGNED}
