"""A sent envelope and what seals it, with a sealer that writes text instead of PDFs.

bench = Bench()
bench.sign(BRUNO)
bench.seal()
assert bench.text() == "prepared 2|Bruno Lima"
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lacre.kit.ids import Digest, SignerId
from lacre.signing import actions, certifying, sealing
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Act, Certificate, Identification
from lacre.signing.layout import FieldKind, FormField, PageSize, Place, Structure
from lacre.signing.ports import (
    ActToSeal,
    Appearances,
    RecordPages,
    Sealed,
    SealFailed,
    SealLevel,
    SignerKey,
)
from lacre.signing.record import RecordContents, SealAuthority
from lacre.signing.signer import Role, Signer
from tests.support.fake_work import World
from tests.support.memory_files import MemoryFiles
from tests.support.people import ANA, CARLA, LATER, NOW, act_of, contract

CPF = "52998224725"


def certificate(**said: object) -> Certificate:
    """Of Bruno, valid and trusted, unless it is said otherwise."""
    usual = Certificate(
        subject="BRUNO LIMA",
        issuer="AC Teste",
        serial="7",
        digest=Digest("c" * 64),
        begins_at=NOW.replace(year=2026),
        ends_at=NOW.replace(year=2029),
        tax_id=CPF,
        trusted=True,
        revoked=False,
    )
    return replace(usual, **said)  # type: ignore[arg-type]


def certified_act(signer: SignerId) -> Act:
    act = act_of(signer)
    proofs = (*act.evidence.identified_by, Identification.CERTIFICATE)
    evidence = replace(act.evidence, identified_by=proofs, certificate=certificate())
    return replace(act, evidence=evidence)


class Bench:
    """A sent envelope, and the tools that seal it."""

    def __init__(self, *signers: Signer, came_signed: int = 0) -> None:
        self.world, self.files, self.sealer = World(), MemoryFiles(), TextSealer()
        envelope = contract(*signers)
        envelope.documents[0].came_signed = came_signed
        self.files.kept[envelope.documents[0].original] = b"original"
        with self.world.open_work() as work:
            actions.create(work, envelope, by=ANA, now=NOW)
            actions.send(work, envelope, by=ANA, now=NOW)

    def sign(self, signer: SignerId) -> None:
        with self.world.open_work() as work:
            act = act_of(signer)
            actions.sign(work, f"{signer}.0", act, particulars=actions.Particulars(), now=LATER)

    def certify(self, signer: SignerId, key: SignerKey) -> None:
        """They sign with a key of their own."""
        certifying.sign(
            self.world.open_work, self._tools(), f"{signer}.0", certified_act(signer), key,
            particulars=actions.Particulars(), now=LATER,
        )  # fmt: skip

    def seal(self, *, break_at_record: bool = False) -> SealFailed | None:
        breaks, self.world.breaks = self.world.breaks, []
        if break_at_record:
            self.sealer.meanwhile = lambda: self.world.breaks.extend(breaks)
        return sealing.seal(self.world.open_work, self._tools(), contract().id)

    def upgrade(self) -> None:
        assert sealing.upgrade(self.world.open_work, self._tools(), contract().id) is None

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

    def let_carla_observe(self) -> None:
        with self.world.open_work() as work:
            envelope = work.envelopes.for_job(contract().id)
            observing = replace(envelope.signer(CARLA), role=Role.OBSERVER)
            actions.change_signer(work, envelope, observing, by=ANA, now=LATER)

    def envelope(self) -> Envelope:
        with self.world.open_work() as work:
            return work.envelopes.for_job(contract().id)

    def record(self) -> str:
        return self.files.kept[self.envelope().record or Digest("")].decode()

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
        counter = "+" if act.seal_name.endswith("_seal") else ""
        file.write_text(f"{file.read_text()}|{counter}{act.signer_name}")
        return self._sealed(file)

    def sign(self, file: Path, act: ActToSeal, key: SignerKey) -> Sealed | SealFailed:
        if callable(self.meanwhile):
            do, self.meanwhile = self.meanwhile, None
            do()
        if self.fails:
            return self.fails
        file.write_text(f"{file.read_text()}|{act.signer_name} by {key.sign(b'').decode()}")
        return self._sealed(file)

    def upgrade(self, file: Path) -> Sealed | SealFailed:
        file.write_text(f"{file.read_text()}|stamped")
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
        finals = [one.final or "" for one in contents.documents]
        return f"record of {contents.title}: {contents.status} {' '.join(finals)}".encode()


class PlainLinks:
    def verify_url(self, envelope_id: str) -> str:
        return f"https://lacre.example.test/verify/{envelope_id}"
