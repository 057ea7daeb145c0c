"""A whole installation on a free loopback port: real store, real files, real seal, and a worker if asked.

with House(tmp_path, working=True) as house:
    contract = house.send([bruno := person("Bruno Dias")])
    …open house.link(bruno) in a browser…
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from pydantic import SecretStr

from lacre.accounts.account import Account
from lacre.bootstrap import Installation, open_installation
from lacre.kit.ids import AccountId, DocumentId, EnvelopeId, FieldId, SignerId, new_uuid
from lacre.services import Services
from lacre.settings import Settings
from lacre.signing import actions
from lacre.signing.announcing import Actor
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.layout import Field, FieldKind, Place
from lacre.signing.options import EnvelopeOptions
from lacre.signing.ports import Accepted
from lacre.signing.signer import Signer, SignerOptions
from tests.support.pdfs import contract_pdf
from tests.support.ports import free_port

SENDER = Actor(name="user:ana")


class House:
    """`working`: a worker seals and mails meanwhile."""

    def __init__(
        self, folder: Path, *, working: bool = False, database_url: str = "", smtp: str = "",
        furnish: Callable[[Installation], Installation] = lambda opened: opened,
        **settings: Any,  # noqa: ANN401 - any setting
    ) -> None:  # fmt: skip
        self.url = f"http://127.0.0.1:{free_port()}"
        self.settings = Settings(
            data_dir=folder / "house",
            database_url=database_url,
            smtp_url=SecretStr(smtp),
            _env_file=None,  # type: ignore[call-arg]
            **settings,
        )
        self._working, self._furnish = working, furnish
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._account = AccountId(new_uuid())

    def __enter__(self) -> Self:
        opened = open_installation(self.settings, public_url=self.url)
        self.installation: Installation = self._furnish(opened)
        self._begin(self._serve)
        if self._working:
            self._begin(lambda: self.installation.worker().run(self._stop))
        _await_port(self.url)
        with self.services.open_work() as work:
            work.accounts.add(Account(id=self._account, name="Papelaria Souza", created_at=self.now()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._loop.call_soon_threadsafe(self._server.stop)
        for thread in self._threads:
            thread.join()
        self.installation.close()

    @property
    def account_id(self) -> AccountId:
        """Whose documents these are, unless another account is named."""
        return self._account

    @property
    def services(self) -> Services:
        return self.installation.services

    def now(self) -> datetime:
        return self.services.clock()

    def send(
        self,
        signers: Sequence[Signer],
        *,
        fields: Sequence[Field] = (),
        documents: Sequence[Document] = (),
        options: EnvelopeOptions | None = None,
        title: str = "Contrato de prestação de serviços",
        language: str = "pt-br",
        account: AccountId | None = None,
    ) -> Envelope:
        """A contract on its way to its signers; from another account than the house's, if one is named."""
        sender = account or self._account
        with self.services.open_work() as work:
            envelope = Envelope(
                id=EnvelopeId(new_uuid()),
                account_id=sender,
                number=work.envelopes.next_number(sender),
                title=title,
                language=language,
                created_at=self.now(),
                updated_at=self.now(),
                documents=list(documents) or [self.document()],
                signers=list(signers),
                fields=list(fields),
                options=options or EnvelopeOptions(),
            )
            actions.create(work, envelope, by=SENDER, now=self.now())
            actions.send(work, envelope, by=SENDER, now=self.now())
        return envelope

    def document(self, content: bytes = b"", name: str = "Contrato de prestação de serviços") -> Document:
        """A PDF let in by the front door."""
        with self.services.files.scratch() as folder:
            upload = folder / "upload.pdf"
            upload.write_bytes(content or contract_pdf())
            accepted = self.services.intake.admit(upload)
            assert isinstance(accepted, Accepted), accepted
            digest = self.services.files.keep(accepted.file)
        return Document(
            id=DocumentId(new_uuid()), name=name, original=digest, size=accepted.size, pages=accepted.pages
        )

    def link(self, signer: Signer) -> str:
        token = self.services.links.signer_token(signer.id, signer.link_generation)
        return self.services.links.signing_url(token)

    def envelope(self, envelope: Envelope) -> Envelope:
        """As it stands now."""
        with self.services.open_work() as work:
            return work.envelopes.for_check(envelope.id)

    def work_until(self, done: Callable[[], bool], seconds: float = 90) -> None:
        """A worker works for as long as it takes."""
        stop, end = threading.Event(), time.monotonic() + seconds
        worker = threading.Thread(target=lambda: self.installation.worker().run(stop))
        worker.start()
        try:
            while not done():
                assert time.monotonic() < end, "the work was not done in time"
                time.sleep(0.05)
        finally:
            stop.set()
            worker.join()

    def _begin(self, run: Callable[[], object]) -> None:
        thread = threading.Thread(target=run)
        thread.start()
        self._threads.append(thread)

    def _serve(self) -> None:
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = Server(
            self.installation.app,
            address="127.0.0.1",
            port=int(self.url.rpartition(":")[2]),
            interface=Interfaces.ASGI,
            log_level=LogLevels.error,
            websockets=False,
        )
        await self._server.serve()


def person(name: str, email: str = "", **options: object) -> Signer:
    address = email or f"{name.partition(' ')[0].lower()}@example.test"
    return Signer(id=SignerId(new_uuid()), name=name, email=address, options=SignerOptions(**options))  # type: ignore[arg-type]


def field(
    document: Document, signer: Signer, kind: FieldKind, *, page: int, left: float, bottom: float,
    width: float = 22, height: float = 6, label: str = "", required: bool = True,
) -> Field:  # fmt: skip
    place = Place(page=page, left=left, bottom=bottom, width=width, height=height)
    return Field(
        id=FieldId(new_uuid()), document_id=document.id, signer_id=signer.id, kind=kind, place=place,
        label=label, required=required,
    )  # fmt: skip


def _await_port(url: str, seconds: float = 60) -> None:
    port, end = int(url.rpartition(":")[2]), time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on {url}")
