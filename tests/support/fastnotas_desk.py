"""A client of Fast Notas' API before a real store and a tax office in memory; jobs are done by hand."""

from __future__ import annotations

import itertools
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.testclient import TestClient

from lacre.accounts.account import Account, ApiKey, NewKey
from lacre.dialects.fastnotas.auth import DIALECT
from lacre.dialects.fastnotas.routes import routes
from lacre.dialects.fastnotas.webhook import FastnotasWording, body
from lacre.engines.links import SignedLinks
from lacre.engines.tokens import SystemTokens
from lacre.engines.turnstile import CountingTurnstile
from lacre.fiscal.actions import CANCEL, ISSUE, PRINT
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, InvoiceId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.settings import Settings
from lacre.store.opening import Store
from lacre.webhooks.repositories import FROM_START, Feed
from lacre.worker import fiscal
from tests.support.tax_office import MemoryOffice, memory_fiscal
from tests.support.zapsign_desk import Moving

WORKER = "0a0b0c0d-0000-4000-8000-000000000001"
CNPJ, CPF = "11222333000181", "52998224725"
CERTIFICATE = b"-----a certificate-----"
HANDLERS = {ISSUE: fiscal.issue, CANCEL: fiscal.cancel, PRINT: fiscal.draw}
_accounts = itertools.count(1)
Said = dict[str, Any]


@dataclass
class Installation:
    """One store for every test of a run; accounts keep the tests apart."""

    services: Services
    clock: Moving

    @classmethod
    @contextmanager
    def open(cls, folder: Path, url: str = "") -> Iterator[Installation]:
        clock = Moving()
        store = Store.open(
            url or f"sqlite:///{folder / 'lacre.db'}",
            data_dir=folder,
            make_links=lambda keys: SignedLinks("https://lacre.test", keys),
            listens=FastnotasWording().listens,
            clock=clock,
            migrating=True,
        )
        parts: dict[str, Any] = dict.fromkeys(Services.__dataclass_fields__)
        parts |= {
            "settings": Settings(data_dir=folder),
            "public_url": "https://lacre.test",
            "clock": clock,
            "open_work": store.open_work,
            "presence": store.presence,
            "files": store.files,
            "invoice_files": store.invoice_files,
            "links": store.links,
            "tokens": SystemTokens(b"k" * 32),
            "wordings": {DIALECT: FastnotasWording()},
            "new_keys": _new_keys,
            "fiscal": memory_fiscal(),
            "turnstile": CountingTurnstile(),
        }
        yield cls(Services(**parts), clock)
        store.close()

    def desk(self, **particulars: Any) -> FiscalDesk:  # noqa: ANN401 - of an account
        """A new account, and its client."""
        account = Account(
            id=AccountId(new_uuid()),
            name=f"account {next(_accounts)}",
            created_at=self.clock(),
            **particulars,
        )
        key = new_uuid()
        with self.services.open_work() as work:
            work.accounts.add(account)
            work.accounts.add_key(_key(account.id, self.services.tokens.digest(key), self.clock()))
        return FiscalDesk(installation=self, account_id=account.id, key=key)

    def desk_of(self, key: str) -> FiscalDesk:
        """The client of an account that somebody else opened."""
        with self.services.open_work() as work:
            found = work.accounts.key_by_digest(self.services.tokens.digest(key), DIALECT)
        assert found is not None
        return FiscalDesk(installation=self, account_id=found.account_id, key=key)


@dataclass
class FiscalDesk:
    installation: Installation
    account_id: AccountId
    key: str
    office: MemoryOffice = field(default_factory=MemoryOffice)
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        app = Starlette(routes=[*routes(self.services)])
        self.client = TestClient(app, headers={"Authorization": basic(self.key)}, follow_redirects=False)

    @property
    def services(self) -> Services:
        """With this account's own tax office."""
        return replace(self.installation.services, fiscal=memory_fiscal(self.office))

    # ── calls ────────────────────────────────────────────────────────────────

    def ask(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - a response
        self.installation.clock.push(seconds=1)
        return self.client.request(method, f"/v1/{path}", **more)

    def call(self, method: str, path: str, said: object = None, **more: Any) -> Any:  # noqa: ANN401 - JSON
        """The answer's JSON, of a call that succeeds."""
        answer = (
            self.ask(method, path, json=said, **more) if said is not None else self.ask(method, path, **more)
        )
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refused(self, method: str, path: str, said: object = None, **more: Any) -> tuple[int, Any]:  # noqa: ANN401
        answer = (
            self.ask(method, path, json=said, **more) if said is not None else self.ask(method, path, **more)
        )
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()

    # ── what they begin from ─────────────────────────────────────────────────

    def company(self, **said: object) -> Said:
        given = {
            "name": "Papelaria Souza",
            "legal_name": "Papelaria Souza Ltda",
            "email": "notas@souza.test",
            "registry_code": CNPJ,
            "address": {"zipcode": "01310-100", "number": "100", "city_code": "3550308"},
        }
        return cast("Said", self.call("POST", "companies", given | said))

    def customer(self, **said: object) -> Said:
        given = {
            "name": "Carolina",
            "registry_code": CPF,
            "email": "exemplo@x.test",
            "external_code": "400",
            "address": {"zipcode": "04037003", "number": "775"},
            "phone": {"phone_type": "mobile", "area_code": "11", "number": "43214321"},
        }
        return cast("Said", self.call("POST", "customers", given | said))

    def schema(self, **said: object) -> Said:
        given = {
            "name": "Nota fiscal de serviço",
            "code": "NFS-e",
            "type": "Invoice::Nfse",
            "credentials": {"certificate": b64encode(CERTIFICATE).decode(), "password": "segredo"},
            "parameters": {"municipal_registration": "12211"},
        }
        return cast("Said", self.call("POST", "document_schemas", given | said))

    def item(self, schema: Said, **said: object) -> Said:
        given = {
            "name": "Consultoria",
            "description": "Consultoria em papelaria",
            "amount": "345.5",
            "document_schema_id": schema["id"],
            "settings": {"taxes": {"iss": "3.1"}, "parameters": {"service_code": "17.01.01"}},
        }
        return cast("Said", self.call("POST", "items", given | said))

    def shop(self) -> Shop:
        company, customer, schema = self.company(), self.customer(), self.schema()
        return Shop(desk=self, company=company, customer=customer, schema=schema, item=self.item(schema))

    # ── what comes later ─────────────────────────────────────────────────────

    def work(self) -> None:
        """Everything that is due."""
        with self.services.presence(WORKER, "hands"):
            while self._one_job():
                pass

    def told(self) -> list[str]:
        """Types of events, the oldest first, in their words."""
        return [one["event"]["type"] for one in self.webhooks()]

    def webhooks(self) -> Sequence[Said]:
        """What a receiver would have been told, the oldest first."""
        with self.services.open_work() as work:
            found = work.feed.read(self.account_id, Feed(after=FROM_START), limit=500)
        return [self._said(one.event) for one in found.events]

    def _said(self, event: Event) -> Said:
        return body(event, links=self.services.links, now=self.installation.clock())

    def _services_for(self, job: HeldJob) -> Services:
        """What other tests left undone is no business of this account's tax office."""
        with self.services.open_work() as work:
            mine = work.books.invoices.for_job(InvoiceId(job.key)).account_id == self.account_id
        return self.services if mine else replace(self.services, fiscal=memory_fiscal())

    def _one_job(self) -> bool:
        now = self.services.clock()
        with self.services.open_work() as work:
            held = work.queue.claim(WORKER, now=now, limit=1, kinds=tuple(HANDLERS))
        for job in held:
            failed = HANDLERS[job.kind](self._services_for(job), job, now)
            with self.services.open_work() as work:
                if failed is None:
                    work.queue.finish(WORKER, job.id, now=now)
                else:
                    later = self.services.clock()
                    work.queue.retry(WORKER, job.id, due_at=later, problem=failed.problem)
        return bool(held)


@dataclass
class Shop:
    """An account that has all that a document needs."""

    desk: FiscalDesk
    company: Said
    customer: Said
    schema: Said
    item: Said

    def order(self, **said: object) -> Said:
        """The document, as the answer to its order shows it."""
        (made,) = self.desk.call("POST", "documents", self.document(**said))
        return cast("Said", made)

    def document(self, **said: object) -> Said:
        given = {
            "document_schema_id": self.schema["id"],
            "customer_id": self.customer["id"],
            "issue_on": "2026-11-23",
            "document_items": [{"item_id": self.item["id"], "amount": "49.9"}],
        }
        return given | said

    def read(self, document: Said) -> Said:
        (found,) = self.desk.call("GET", f"documents/{document['id']}")
        return cast("Said", found)

    def issued(self) -> Said:
        made = self.order()
        self.desk.work()
        return self.read(made)


def _new_keys(_: str) -> list[NewKey]:
    return [NewKey(label="api_key", dialect=DIALECT, secret=new_uuid())]


def _key(account_id: AccountId, digest: str, at: datetime) -> ApiKey:
    return ApiKey(
        id=new_uuid(),
        account_id=account_id,
        dialect=DIALECT,
        digest=digest,
        hint="1234",
        name="",
        created_at=at,
    )


def basic(key: str) -> str:
    """The key is the user, and there is no password."""
    return f"Basic {b64encode(f'{key}:'.encode()).decode()}"


def _json(said: object) -> dict[str, object]:
    return {} if said is None else {"json": said}
