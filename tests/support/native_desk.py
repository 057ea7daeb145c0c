"""A client of our own API before a real store and a real front door for PDFs; what comes later is acted."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from lacre.accounts.account import Account, ApiKey
from lacre.dialects.fastnotas.webhook import FastnotasWording
from lacre.dialects.native import content
from lacre.dialects.native.routes import routes
from lacre.dialects.native.webhook import NativeWording
from lacre.dialects.native.wire.endpoints import Options
from lacre.engines.docx.door import WordDocuments
from lacre.engines.intake.door import PdfIntake
from lacre.engines.links import SignedLinks
from lacre.engines.office.pool import OfficePool
from lacre.engines.sandbox import Sandbox
from lacre.engines.tokens import SystemTokens
from lacre.engines.waiting import WaitingRoom
from lacre.fiscal.note import Note
from lacre.kit.ids import AccountId, EnvelopeId, EventId, new_uuid, without_prefix
from lacre.services import Services
from lacre.settings import Settings
from lacre.signing import announcing
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.store.opening import Store
from lacre.webhooks.delivery import Attempt, DeliveryStatus, KeptEvent
from lacre.webhooks.repositories import Settled
from lacre.webhooks.sample import as_told
from lacre.webhooks.wording import Wording
from tests.support import catalogue
from tests.support.contracts import an_act, seal
from tests.support.docx import docx_of
from tests.support.invoicing import found_shop
from tests.support.pdfs import contract_pdf
from tests.support.services import services_with
from tests.support.tax_office import MemoryOffice, memory_fiscal
from tests.support.zapsign_desk import MB, Moving, Shelf

PDF = contract_pdf(pages=2)
AN_INVOICE: dict[str, object] = {
    "customer": {"name": "Carolina", "tax_id": "52998224725"},
    "lines": [{"description": "Consultoria", "amount": "345.50", "service_code": "170101"}],
}
AN_ITEM = {"name": "Consultoria", "description": "Consultoria", "amount": "1", "service_code": "170101"}
_BOOKS = {"company_id": "companies", "schema_id": "schemas", "customer_id": "customers"}
PDF_TEXT = base64.b64encode(PDF).decode()
DOCX_TEXT = base64.b64encode(docx_of("Eu, {{NOME}}, moro em {{cidade}}.")).decode()
_accounts = itertools.count(1)


@dataclass
class Installation:
    """One store and one front door for every test of a run; accounts keep the tests apart."""

    services: Services
    clock: Moving
    shelf: Shelf

    @classmethod
    @contextmanager
    def open(cls, folder: Path, url: str = "") -> Iterator[Installation]:
        clock, shelf = Moving(), Shelf()
        wordings: dict[str, Wording] = {one.name: one for one in (NativeWording(), FastnotasWording())}
        store = Store.open(
            url or f"sqlite:///{folder / 'lacre.db'}",
            data_dir=folder,
            make_links=lambda keys: SignedLinks("https://lacre.test", keys),
            listens=lambda endpoint, event: wordings[endpoint.dialect].listens(endpoint, event),
            clock=clock,
            migrating=True,
        )
        room = WaitingRoom()
        store.on_news(room.hear)
        with Sandbox(1) as sandbox, closing(OfficePool(1)) as offices:
            services = services_with(
                settings=Settings(data_dir=folder, max_upload_mb=2),
                public_url="https://lacre.test",
                clock=clock,
                open_work=store.open_work,
                waiting_room=room,
                files=store.files,
                invoice_files=store.invoice_files,
                inputs=store.inputs,
                links=store.links,
                tokens=SystemTokens(b"k" * 32),
                intake=PdfIntake(sandbox, 2 * MB, folder / "intake"),
                text_documents=WordDocuments(sandbox, offices, max_bytes=2 * MB),
                fetcher=shelf,
                wordings=wordings,
                fiscal=memory_fiscal(),
            )
            yield cls(services, clock, shelf)
        store.close()

    def desk(self) -> Desk:
        """A new account, and its client."""
        account = Account(id=AccountId(new_uuid()), name=f"native {next(_accounts)}", created_at=self.clock())
        key = f"lacre_{self.services.tokens.secret()}"
        with self.services.open_work() as work:
            work.accounts.add(account)
            work.accounts.add_key(_key(account, self.services.tokens.digest(key), self.clock()))
        return Desk(installation=self, account_id=account.id, key=key)


@dataclass
class Desk:
    installation: Installation
    account_id: AccountId
    key: str
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        app = Starlette(routes=[*routes(self.services)])
        headers = {"Authorization": f"Bearer {self.key}"}
        self.client = TestClient(app, headers=headers, follow_redirects=False)

    @property
    def services(self) -> Services:
        return self.installation.services

    def ask(self, method: str, path: str, said: object = None, **more: Any) -> Any:  # noqa: ANN401 - an answer
        if said is not None:
            more["json"] = said
        return self.client.request(method, f"/api/lacre/v1/{path}", **more)

    def call(self, method: str, path: str, said: object = None, **more: Any) -> Any:  # noqa: ANN401 - its JSON
        """Of a call that succeeds."""
        answer = self.ask(method, path, said, **more)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, said: object = None, **more: Any) -> tuple[int, str]:  # noqa: ANN401
        """Status and code."""
        answer = self.ask(method, path, said, **more)
        assert answer.status_code >= 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    def pointers(self, method: str, path: str, said: object = None, **more: Any) -> list[str]:  # noqa: ANN401
        """Which values a refusal is about."""
        return [one["pointer"] for one in self.ask(method, path, said, **more).json()["errors"]]

    def create(self, **said: object) -> Any:  # noqa: ANN401 - its JSON
        """An envelope of one document and two signers, and whatever else is said."""
        return self.call("POST", "envelopes", a_contract(**said))

    def invoice(self, **said: object) -> Any:  # noqa: ANN401 - its JSON
        """One that was ordered, by a company that can."""
        self.open_shop()
        return self.call("POST", "invoices", AN_INVOICE | said)

    def open_shop(self) -> None:
        """A company that can issue."""
        with self.services.open_work() as work:
            if work.books.companies.first(self.account_id) is None:
                found_shop(work, self.account_id)

    def noted(self, **said: object) -> Note:
        """What the tax office was asked to draft of an order."""
        self.invoice(**said)
        office = self.services.fiscal.office
        assert isinstance(office, MemoryOffice)
        return office.built[-1]

    def books(self) -> dict[str, str]:
        """Ids of what the account's invoices are made of, once there is one."""
        items = self.call("GET", "items")["data"] or [self.call("POST", "items", AN_ITEM)]
        first = {name: self.call("GET", path)["data"][0]["id"] for name, path in _BOOKS.items()}
        return {**first, "item_id": items[0]["id"]}

    def subscribe(self, **said: object) -> Any:  # noqa: ANN401 - its JSON
        return self.call("POST", "endpoints", {"url": "https://client.test/hook"} | said)

    def event_types(self, envelope_id: str) -> list[str]:
        """Oldest first."""
        listed = self.call("GET", f"envelopes/{envelope_id}/events")["data"]
        return [one["type"] for one in listed][::-1]

    def envelope(self, shown: str) -> Envelope:
        with self.services.open_work() as work:
            return work.envelopes.get(self.account_id, EnvelopeId(uuid_of("env", shown)))

    def event(self, shown: str) -> KeptEvent:
        with self.services.open_work() as work:
            return work.events.get(self.account_id, EventId(uuid_of("evt", shown)))

    def sign(self, shown: str, position: int) -> None:
        """The signer at this position signs, and the files are sealed."""
        self.change(
            shown, lambda one: one.sign(an_act(one.signers[position].id, at=self.installation.clock()))
        )
        self.change(shown, _sealed)

    def change(self, shown: str, verb: Callable[[Envelope], Any]) -> None:
        """Whatever a verb of the envelope does, saved and announced."""
        with self.services.open_work() as work:
            envelope = work.envelopes.get(self.account_id, EnvelopeId(uuid_of("env", shown)))
            now = self.services.clock()
            announcing.apply(work, envelope, verb(envelope), by=Actor(name="test"), now=now)

    def attempt(self, *, status: int = 200) -> None:
        """A worker makes one attempt of everything that is due, of every account."""
        now = self.services.clock()
        with self.services.open_work() as work:
            for held in work.deliveries.claim("worker", now=now, limit=500, per_endpoint=500):
                settled = _settled(self.services, held, status)
                work.deliveries.settle("worker", [settled])


def a_contract(**said: object) -> dict[str, object]:
    signers = [{"name": "Bruno Dias", "email": "bruno@example.test"}, {"name": "Carla Luz"}]
    return {"title": "Locação", "documents": [{"base64": PDF_TEXT}], "signers": signers, **said}


def uuid_of(prefix: str, shown: str) -> str:
    found = without_prefix(prefix, shown)
    assert found is not None, shown
    return found


def _key(account: Account, digest: str, now: Any) -> ApiKey:  # noqa: ANN401 - an instant
    return ApiKey(
        id=new_uuid(),
        account_id=account.id,
        dialect="native",
        digest=digest,
        hint="",
        name="",
        created_at=now,
    )


def _sealed(envelope: Envelope) -> list[Any]:
    seal(envelope)
    return list(envelope.act_sealed(len(envelope.acts)))


def _settled(services: Services, held: Any, status: int) -> Settled:  # noqa: ANN401 - Held
    request = services.wordings[held.endpoint.dialect].request(
        as_told(held.kept), held.endpoint, links=services.links, attempt=1, now=services.clock()
    )
    if request.body and content.is_usual(Options.model_validate(held.endpoint.options)):
        catalogue.check([json.loads(request.body)])
    attempt = Attempt(
        delivery_id=held.delivery.id,
        number=held.delivery.attempts + 1,
        at=services.clock(),
        milliseconds=12,
        ok=status < 300,
        status_code=status,
        reason="",
        request_digest="0" * 64,
        request_body=request.body,
        response_body=b"\xff thanks",
        detail={"method": request.method, "url": request.url, "request_headers": [["a", "b"]]},
    )
    kept = DeliveryStatus.DELIVERED if status < 300 else DeliveryStatus.DISCARDED
    return Settled(
        delivery_id=held.delivery.id,
        endpoint_id=held.endpoint.id,
        attempt=attempt,
        status=kept,
        due_at=services.clock(),
    )
