"""A client of IDEXA's API before a real store; documents are read by a fake reader when a test says so."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from lacre.accounts.account import Account, ApiKey
from lacre.dialects.idexa.routes import routes
from lacre.dialects.idexa.webhook import IdexaWording
from lacre.engines.links import SignedLinks
from lacre.engines.tokens import SystemTokens
from lacre.kit.ids import AccountId, JobId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.processing.actions import READ
from lacre.services import Services
from lacre.settings import Settings
from lacre.store.opening import Store
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.request import Request
from lacre.worker import reading
from tests.support.fake_reader import DirectExtractor, FakeReader
from tests.support.services import services_with
from tests.support.zapsign_desk import Moving

PDF = b"%PDF-1.7 nota"
_accounts = itertools.count(1)


@dataclass
class Installation:
    """One store for every test of a run; accounts keep the tests apart."""

    services: Services
    clock: Moving
    reader: FakeReader

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Installation]:
        clock, wording, reader = Moving(), IdexaWording(), FakeReader(pages=2)
        store = Store.open(
            f"sqlite:///{folder / 'lacre.db'}",
            data_dir=folder,
            make_links=lambda keys: SignedLinks("https://lacre.test", keys),
            listens=wording.listens,
            clock=clock,
            migrating=True,
        )
        services = services_with(
            settings=Settings(data_dir=folder, max_upload_mb=2),
            public_url="https://lacre.test",
            clock=clock,
            open_work=store.open_work,
            files=store.files,
            inputs=store.inputs,
            links=store.links,
            tokens=SystemTokens(b"k" * 32),
            reader=reader,
            extractor=DirectExtractor(),
            wordings={wording.name: wording},
        )
        yield cls(services, clock, reader)
        store.close()

    def desk(self) -> Desk:
        """A new account, and its client."""
        account = Account(id=AccountId(new_uuid()), name=f"idexa {next(_accounts)}", created_at=self.clock())
        key = f"lacre_{self.services.tokens.secret()}"
        kept = ApiKey(
            id=new_uuid(), account_id=account.id, dialect="idexa", name="",
            digest=self.services.tokens.digest(key), hint=key[-4:], created_at=self.clock(),
        )  # fmt: skip
        with self.services.open_work() as work:
            work.accounts.add(account)
            work.accounts.add_key(kept)
        return Desk(installation=self, account_id=account.id, key=key, key_id=kept.id)


@dataclass
class Desk:
    installation: Installation
    account_id: AccountId
    key: str
    key_id: str
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        app = Starlette(routes=[*routes(self.services)])
        self.client = TestClient(app, headers={"IDEXA-API-KEY": self.key}, follow_redirects=False)

    @property
    def services(self) -> Services:
        return self.installation.services

    def call(self, method: str, path: str, said: object = None, **more: Any) -> Any:  # noqa: ANN401
        """The answer's JSON, of a call that succeeds."""
        answer = self.client.request(method, path, json=said, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, said: object = None, **more: Any) -> tuple[int, Any]:  # noqa: ANN401
        answer = self.client.request(method, path, json=said, **more)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["message"]

    def upload(self, *, path: str = "/documents/upload", count: int = 1, **fields: str) -> Any:  # noqa: ANN401
        files = [("files", (f"nota-{number}.pdf", PDF)) for number in range(count)]
        answer = self.client.post(path, data={"type": "1", **fields}, files=files)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def process(self, document_id: str) -> None:
        """As the worker does."""
        job = HeldJob(id=JobId(new_uuid()), kind=READ, key=document_id, payload={"generation": 1}, attempts=1)
        reading.read(self.services, job, self.services.clock())

    def callback(self, document_id: str) -> Request:
        """What the only webhook is told of a document last."""
        with self.services.open_work() as work:
            kept = work.events.of_subject(self.account_id, document_id)[-1]
            (endpoint,) = work.endpoints.of_account(self.account_id)
        return worded(kept, endpoint, self.services)


def worded(kept: KeptEvent, endpoint: Endpoint, services: Services) -> Request:
    wording = services.wordings["idexa"]
    assert wording.listens(endpoint, kept.event)
    return wording.request(kept, endpoint, links=services.links, attempt=1, now=services.clock())
