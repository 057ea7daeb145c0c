"""One contract from its sending to its completion, told through a server that may be killed at any moment."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2

from lacre.kit.ids import new_uuid
from lacre.signing import events
from tests.support.aftermath import Aftermath, work_left
from tests.support.customer import Customer, Visitor
from tests.support.pdfs import contract_pdf
from tests.support.receiver import Receiver
from tests.support.server import NotStarted, Premises, Process
from tests.support.smtp import Postbox

PEOPLE = ("Bruno Dias", "Carla Luz")
TYPES = ("", "doc_viewed", "doc_read_confirmation", "signature_notification_sent")
CONTRACT = contract_pdf(1)
TOLD = Counter(
    {
        "doc_created": 1,
        "doc_viewed": 2,
        "doc_read_confirmation": 2,
        "doc_signed": 2,
    }
)
INVITATION, COMPLETION = "Lacre pede a sua assinatura", "Todos assinaram"
IN_FLIGHT = 4  # so few things happen at once in this story
PATIENCE_SECONDS = 30.0
CRASHING = "tests.support.crashing"


@dataclass
class Scene:
    """What all rounds share: a receiver, a mailbox, and an installation to copy that is ready for work."""

    folder: Path
    receiver: Receiver
    box: Postbox
    sample: int
    """How many moments to try, unless all."""
    new_database: Callable[[str], str] = lambda _template: ""
    """From the database to copy, if any; empty: SQLite in the data folder."""

    def __post_init__(self) -> None:
        self.model = self._premises("model", self.new_database(""))
        self.token = self.model.new_token()
        with self.model.server(working=False):
            Customer(self.model.url, self.token).subscribe(self.receiver, *TYPES)

    def round(self, name: str) -> Round:
        premises = self._premises(name, self.new_database(self.model.settings.database_url))
        shutil.copytree(self.model.data, premises.data)
        return Round(self, premises)

    def _premises(self, name: str, database_url: str) -> Premises:
        return Premises(self.folder / name, database_url=database_url, smtp_url=self.box.url, time_scale="60")


@dataclass
class Round:
    """One telling of the story."""

    scene: Scene
    premises: Premises
    restarts: int = 0
    token: str = ""
    """Of the document that was acknowledged."""
    _title: str = ""
    _traces: list[Path] = field(default_factory=list)
    _links: list[str] = field(default_factory=list)

    @property
    def customer(self) -> Customer:
        return Customer(self.premises.url, self.scene.token)

    def forget(self) -> None:
        shutil.rmtree(self.premises.folder)

    def tell(self, *points: str) -> bool:
        """To its end, each process dying at its point of these; whether all of them did."""
        for point in points:
            program = (CRASHING, point, str(self._new_trace()))
            # one that finds work may be killed before it listens
            with suppress(NotStarted), self.premises.server(program=program) as server:
                if self._go_on(server):
                    return False
            self.restarts += 1
        with self.premises.server() as server:
            assert self._go_on(server), "it died without being killed"
        return True

    @property
    def points(self) -> list[str]:
        """Those that were passed, in order."""
        lines = [line for trace in self._traces if trace.exists() for line in trace.read_text().splitlines()]
        return [line.partition(" ")[2] for line in lines]

    def _new_trace(self) -> Path:
        self._traces.append(self.premises.folder / f"trace-{len(self._traces)}")
        return self._traces[-1]

    def _go_on(self, server: Process) -> bool:
        """From wherever it stands to the end; `False` when the server died meanwhile."""
        for step in (self._send, *(self._signing(number) for number in range(len(PEOPLE))), self._end):
            try:
                step()
            except httpx2.TransportError:
                assert server.wait(10) == -9
                return False
            if not server.alive:
                return False
        return True

    # ── steps, each of which may have happened already ───────────────────────

    def _send(self) -> None:
        if self.token:
            return
        signers = [
            {
                "name": name,
                "email": f"{name[:5].lower()}@example.test",
                "send_automatic_email": name == PEOPLE[0],
            }
            for name in PEOPLE
        ]
        self._title = f"Contrato {new_uuid()[:8]}"
        made = self.customer.send(signers, CONTRACT, name=self._title)
        self._links = [one["sign_url"] for one in made["signers"]]
        self.token = made["token"]

    def _signing(self, number: int) -> Callable[[], None]:
        def sign() -> None:
            visitor = Visitor(self._links[number])
            page = visitor.open()
            if "Leia antes de assinar" in page:
                page = visitor.confirm_reading()
            if "Preencha e assine" in page:
                page = visitor.sign(PEOPLE[number])
            assert "Você assinou" in page, page

        return sign

    def _end(self) -> None:
        """Completed, and nothing left to do."""
        until = monotonic() + PATIENCE_SECONDS
        while self._document()["status"] != "signed" or work_left(self.premises):
            assert monotonic() < until, f"not done in time:\n{self.premises.logged()}"
            sleep(0.05)

    def _document(self) -> Any:  # noqa: ANN401 - JSON
        return self.customer.document(self.token)

    # ── what must hold afterwards ────────────────────────────────────────────

    def check(self) -> None:
        with Aftermath.of(self.premises) as left:
            left.check_whole()
            left.check_sealed(self.token, self.premises.folder, signatures=len(PEOPLE))
            left.check_told(self.token)
            self._check_signed_once(left)
            self._check_heard(left)
        self._check_mailed()

    def _check_signed_once(self, left: Aftermath) -> None:
        envelope = left.envelope(self.token)
        assert left.store.files.read(envelope.documents[0].original) == CONTRACT
        assert [envelope.signer(act.signer_id).name for act in envelope.acts] == list(PEOPLE)
        assert left.count(self.token, events.ENVELOPE_COMPLETED) == 1
        assert left.count(self.token, events.SIGNER_SIGNED) == len(PEOPLE)
        assert left.count(self.token, events.ACT_SEALED) == len(PEOPLE)

    def _check_heard(self, left: Aftermath) -> None:
        """Each at least once; more often only what was on its way when the server died."""
        heard = Counter(self._heard())
        assert not TOLD - heard
        extra = heard.total() - len(left.deliveries(self.token))
        assert 0 <= extra <= self.restarts * IN_FLIGHT, heard

    def _heard(self) -> list[str]:
        told = [one.json for one in self.scene.receiver.heard]
        return [one["event_type"] for one in told if one["token"] == self.token]

    def _check_mailed(self) -> None:
        """Each letter at least once; a second copy is recognisably the same."""
        mine = [mail for mail in self.scene.box.mails if self._title in mail["subject"]]
        letters = {(mail["to"], mail["subject"]): mail["message-id"] for mail in mine}
        assert {mail["message-id"] for mail in mine} == set(letters.values())
        subjects = Counter(subject.partition(":")[0] for _, subject in letters)
        # nobody is invited any more who signed before the server was back
        assert subjects - Counter({INVITATION: 1}) == {COMPLETION: len(PEOPLE)}
