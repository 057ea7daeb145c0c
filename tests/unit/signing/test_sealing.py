"""The seal, step by step, with a sealer that writes text instead of PDFs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from lacre.kit.ids import Digest, SignerId
from lacre.signing import actions, events, schedule, sealing
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.layout import FieldKind, FormField, PageSize, Place, Structure
from lacre.signing.ports import (
    ActToSeal,
    Appearances,
    RecordPages,
    Sealed,
    SealFailed,
    SealLevel,
)
from lacre.signing.record import RecordContents, SealAuthority
from tests.support.fake_work import World
from tests.support.memory_files import MemoryFiles
from tests.support.people import ANA, BRUNO, CARLA, LATER, NOW, act_of, contract


def test_nothing_is_sealed_before_somebody_signs() -> None:
    assert sealing.next_step(contract()) is None


def test_each_act_is_a_step_and_the_last_one_completes() -> None:
    bench = Bench()

    bench.sign(BRUNO)
    bench.seal()
    after_first = bench.envelope()
    bench.sign(CARLA)
    bench.seal()

    assert after_first.status is EnvelopeStatus.PENDING
    assert after_first.documents[0].sealed_acts == 1
    assert bench.envelope().status is EnvelopeStatus.COMPLETED
    assert bench.text() == "prepared 2|Bruno Lima|Carla Dias"
    assert bench.told()[-2:] == [events.ACT_SEALED, events.ENVELOPE_COMPLETED]
    assert bench.told().count(events.ACT_SEALED) == 2


def test_ten_acts_at_once_are_sealed_by_one_job() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sign(CARLA)

    bench.seal()

    assert bench.text() == "prepared 2|Bruno Lima|Carla Dias"
    assert bench.envelope().status is EnvelopeStatus.COMPLETED


def test_sealing_again_changes_nothing() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.seal()
    before = bench.told()

    bench.seal()

    assert bench.told() == before


def test_completion_commits_with_the_files_or_not_at_all() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sign(CARLA)
    bench.seal_until(1)
    bench.world.breaks.append(OSError("power"))

    with pytest.raises(OSError, match="power"):
        bench.seal(break_at_record=True)
    half = bench.envelope()
    bench.seal()

    assert (half.status, half.record, half.documents[0].sealed_acts) == (EnvelopeStatus.PENDING, None, 1)
    assert bench.told().count(events.ENVELOPE_COMPLETED) == 1


def test_a_failed_seal_is_a_value_and_leaves_the_envelope_as_it_was() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sealer.fails = SealFailed(reason="disk full", retry=True)

    failed = bench.seal()

    assert failed == SealFailed(reason="disk full", retry=True)
    assert bench.envelope().documents[0].sealed is None


def test_a_change_of_signers_builds_the_files_from_the_original_again() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.seal()
    with bench.world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        actions.remove_signer(work, envelope, CARLA, by=ANA, now=LATER)

    bench.seal()

    assert bench.text() == "prepared 1|Bruno Lima"
    assert bench.envelope().status is EnvelopeStatus.COMPLETED
    assert bench.told()[-2:] == [events.FILES_REBUILT, events.ENVELOPE_COMPLETED]


def test_a_change_while_the_seal_was_made_drops_that_step_and_makes_it_again() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sealer.meanwhile = bench.remove_carla

    bench.seal()

    assert bench.text() == "prepared 1|Bruno Lima"
    assert bench.told().count(events.ENVELOPE_COMPLETED) == 1


def test_a_complete_envelope_can_be_built_again_and_stays_complete() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sign(CARLA)
    bench.seal()
    with bench.world.open_work() as work:
        actions.reseal(work, work.envelopes.for_job(contract().id), by=ANA, now=LATER)

    bench.seal()

    assert bench.text() == "prepared 2|Bruno Lima|Carla Dias"
    assert bench.told()[-1] == events.FILES_REBUILT
    assert bench.told().count(events.ENVELOPE_COMPLETED) == 1


def test_a_missing_timestamp_completes_and_is_owed() -> None:
    bench = Bench()
    bench.sealer.wanted = SealLevel.B_T
    bench.sign(BRUNO)
    bench.sign(CARLA)

    bench.seal()

    assert bench.envelope().status is EnvelopeStatus.COMPLETED
    assert schedule.UPGRADE in {row.kind for row in bench.world.rows.jobs}


def test_a_file_that_came_with_signatures_gains_no_page() -> None:
    bench = Bench(came_signed=2)
    bench.sign(BRUNO)

    bench.seal()

    assert bench.text() == "prepared 2 without pages|Bruno Lima"


class Bench:
    """A sent envelope, and the tools that seal it."""

    def __init__(self, came_signed: int = 0) -> None:
        self.world, self.files, self.sealer = World(), MemoryFiles(), TextSealer()
        envelope = contract()
        envelope.documents[0].came_signed = came_signed
        self.files.kept[envelope.documents[0].original] = b"original"
        with self.world.open_work() as work:
            actions.create(work, envelope, by=ANA, now=NOW)
            actions.send(work, envelope, by=ANA, now=NOW)

    def sign(self, signer: SignerId) -> None:
        with self.world.open_work() as work:
            act = act_of(signer)
            actions.sign(work, f"{signer}.0", act, particulars=actions.Particulars(), now=LATER)

    def seal(self, *, break_at_record: bool = False) -> SealFailed | None:
        breaks, self.world.breaks = self.world.breaks, []
        if break_at_record:
            self.sealer.meanwhile = lambda: self.world.breaks.extend(breaks)
        return sealing.seal(self.world.open_work, self._tools(), contract().id)

    def seal_until(self, acts: int) -> None:
        """As a worker that dies after so many acts."""
        self.sealer.dies_after = acts
        with pytest.raises(KeyboardInterrupt):
            self.seal()
        self.sealer.dies_after = None

    def remove_carla(self) -> None:
        with self.world.open_work() as work:
            envelope = work.envelopes.for_job(contract().id)
            actions.remove_signer(work, envelope, CARLA, by=ANA, now=LATER)

    def envelope(self) -> Envelope:
        with self.world.open_work() as work:
            return work.envelopes.for_job(contract().id)

    def text(self) -> str:
        return self.files.kept[self.envelope().documents[0].sealed or Digest("")].decode()

    def told(self) -> list[str]:
        return [event.type for event in self.world.rows.events.values()]

    def _tools(self) -> sealing.SealTools:
        return sealing.SealTools(
            files=self.files,
            sealer=self.sealer,
            typesetter=PlainTypesetter(),
            links=PlainLinks(),  # type: ignore[arg-type]
            authority=SealAuthority(name="Lacre"),
            clock=lambda: LATER,
        )


@dataclass
class TextSealer:
    fails: SealFailed | None = None
    wanted: str = SealLevel.B_B
    dies_after: int | None = None
    acts: int = 0
    meanwhile: object = None

    def prepare(self, original: Path, out: Path, structure: Structure) -> Sealed | SealFailed:
        assert original.read_bytes() == b"original"
        pages = "" if structure.record else " without pages"
        out.write_text(f"prepared {len(structure.forms)}{pages}")
        return self._sealed(out)

    def seal(self, file: Path, act: ActToSeal) -> Sealed | SealFailed:
        if self.dies_after is not None and self.acts >= self.dies_after:
            raise KeyboardInterrupt
        if callable(self.meanwhile):
            do, self.meanwhile = self.meanwhile, None
            do()
        if self.fails:
            return self.fails
        self.acts += 1
        file.write_text(f"{file.read_text()}|{act.signer_name}")
        return self._sealed(file)

    def upgrade(self, file: Path) -> Sealed | SealFailed:
        return self._sealed(file)

    def _sealed(self, file: Path) -> Sealed:
        content = file.read_bytes()
        digest = Digest(hashlib.sha256(content).hexdigest())
        return Sealed(level=SealLevel.B_B, wanted=self.wanted, digest=digest, size=len(content))


class PlainTypesetter:
    def act(self, fills: object, *, language: str) -> Appearances:  # noqa: ARG002
        return Appearances(pdf=b"", pages={})

    def record_pages(self, contents: RecordContents) -> RecordPages:
        box = Place(page=0, left=10, bottom=10, width=50, height=10)
        names = [signer.seal_name for signer in contents.signers]
        return RecordPages(
            pdf=b"pages",
            size=PageSize(595, 842),
            fields=tuple(FormField(name=f"record.{name}", kind=FieldKind.TEXT, place=box) for name in names),
            seal_places=dict.fromkeys(names, box),
        )

    def record(self, contents: RecordContents) -> bytes:
        return f"record of {contents.title}: {contents.status}".encode()


class PlainLinks:
    def verify_url(self, envelope_id: str) -> str:
        return f"https://lacre.example.test/verify/{envelope_id}"
