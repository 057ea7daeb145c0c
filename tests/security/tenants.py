"""Two customers of one installation, their things, and every address that the installation answers."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from lacre.accounts.account import Account, User
from lacre.accounts.actions import give_key
from lacre.accounts.group import Group
from lacre.dialects.native.routes import PATH as NATIVE
from lacre.dialects.zapsign.door import Open
from lacre.dialects.zapsign.routes import PATHS
from lacre.kit.ids import AccountId, GroupId, UserId, new_uuid
from lacre.web.app import build
from lacre.web.console.session import Sessions
from lacre.webhooks.filters import DeliveryFilter
from tests.support.docx import docx_of
from tests.support.house import House
from tests.support.invoicing import found_shop
from tests.support.native_api import described
from tests.support.native_desk import AN_INVOICE, AN_ITEM
from tests.support.pdfs import contract_pdf
from tests.support.services import services_with

PDF_TEXT = base64.b64encode(contract_pdf(1)).decode()
DOCX_TEXT = base64.b64encode(docx_of("Eu, {{nome}}, assino.")).decode()
QUIET = ("session", "idempotency", "worker")
"""Tables in which asking leaves a trace."""


@dataclass
class Tenant:
    """An account with a key for each dialect, a person signed in to the console, and one of everything."""

    house: House
    app: ASGIApp
    things: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        house = self.house
        self.account = Account(id=AccountId(new_uuid()), name=new_uuid(), created_at=house.now())
        self.email = f"{new_uuid()}@x.test"
        user = User(
            id=UserId(new_uuid()), account_id=self.account.id, email=self.email, name="",
            password=None, created_at=house.now(),
        )  # fmt: skip
        sessions = Sessions(house.services)
        with house.services.open_work() as work:
            work.accounts.add(self.account)
            work.accounts.add_user(user)
            self.secret = sessions.start(work, user, house.now())
        self.form_token = sessions.form_token(self.secret)
        self.keys = {dialect: self._key(dialect) for dialect in ("native", "zapsign")}
        self.client = TestClient(self.app, base_url=house.url, follow_redirects=False)

    def ask(self, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401 - an answer
        """With the credentials that this address takes."""
        if path.startswith("/app"):
            form = {"form_token": self.form_token, **(said if isinstance(said, dict) else {})}
            headers = {"cookie": f"lacre={self.secret}"}
            return self.client.request(method, path, headers=headers, data=form if method == "POST" else None)
        key = self.keys["native" if path.startswith(NATIVE) else "zapsign"]
        json = {} if said is None and method == "POST" else said
        return self.client.request(method, path, json=json, headers={"authorization": f"Bearer {key}"})

    def settle(self) -> None:
        """Makes one of everything."""
        endpoint = self._made(f"{NATIVE}/endpoints", {"url": "https://client.test/hook"})
        envelope = self._made(
            f"{NATIVE}/envelopes",
            {"title": "Segredo", "documents": [{"base64": PDF_TEXT}], "signers": [{"name": "Bruno"}]},
        )
        webhook = self._made("/api/v1/user/company/webhook/", {"url": "https://client.test/zap"})
        document = self._made(
            "/api/v1/docs/", {"name": "Segredo", "base64_pdf": PDF_TEXT, "signers": [{"name": "Eva"}]}
        )
        template = self._made("/api/v1/templates/create/", {"name": "Segredo", "base64_docx": DOCX_TEXT})
        replay = self._made(f"{NATIVE}/replays", {"since": "2020-01-01T00:00:00Z"})
        extraction = self._made(f"{NATIVE}/extractions", {"type": 1, "name": "Segredo", "base64": PDF_TEXT})
        kind = self._made(f"{NATIVE}/document-types", {"name": "Segredo", "fields": []})
        delivery = self._delivery()
        company, group = self._company(), self._group()
        invoice = self._made(f"{NATIVE}/invoices", AN_INVOICE)
        item = self._made(f"{NATIVE}/items", AN_ITEM | {"name": "Segredo"})
        self.things = {
            "envelope_id": envelope["id"],
            "document_id": envelope["documents"][0]["id"],
            "signer_id": envelope["signers"][0]["id"],
            "endpoint_id": endpoint["id"],
            "event_id": f"evt_{delivery.event_id.replace('-', '')}",
            "delivery_id": f"dlv_{delivery.id.replace('-', '')}",
            "replay_id": replay["id"],
            "replay": plain(replay["id"]),
            "doc": document["token"],
            "signer": document["signers"][0]["token"],
            "template": template["token"],
            "template_id": f"tpl_{template['token'].replace('-', '')}",
            "webhook": webhook["id"],
            "extraction_id": extraction["id"],
            "extraction": plain(extraction["id"]),
            "invoice_id": invoice["id"],
            "company_id": invoice["company"]["id"],
            "customer_id": invoice["customer"]["id"],
            "schema_id": item["schema_id"],
            "item_id": item["id"],
            "invoice": plain(invoice["id"]),
            "company": company,
            "group": group,
            "number": str(kind["number"]),
            "field": "valor",
            "envelope": plain(envelope["id"]),
            "endpoint": plain(endpoint["id"]),
            "delivery": delivery.id,
            "event": delivery.event_id,
            "key": self.key_id,
            "email": self.email,
            "check": "CHK1",
        }

    def _key(self, dialect: str) -> str:
        services, secret = self.house.services, new_uuid() + new_uuid()
        with services.open_work() as work:
            self.key_id = give_key(
                work, self.account, dialect=dialect, key_id=new_uuid(), key=secret,
                digest=services.tokens.digest(secret), now=self.house.now(),
            ).id  # fmt: skip
        return secret

    def _made(self, path: str, said: object) -> dict[str, Any]:
        answer = self.ask("POST", path, said)
        assert answer.status_code < 300, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def _company(self) -> str:
        with self.house.services.open_work() as work:
            return found_shop(work, self.account.id).company_id

    def _group(self) -> str:
        group = Group(
            id=GroupId(new_uuid()), account_id=self.account.id, name="Segredo", members=(),
            created_at=self.house.now(),
        )  # fmt: skip
        with self.house.services.open_work() as work:
            work.groups.keep(group)
        return group.id

    def _delivery(self) -> Any:  # noqa: ANN401 - a delivery
        with self.house.services.open_work() as work:
            found = work.deliveries.search(self.account.id, DeliveryFilter(), limit=1)
        return found[0].delivery


def zapsign_addresses(*, guarded: bool = False) -> list[tuple[str, str]]:
    """`guarded`: without those that need no key."""
    return [
        (verb, path)
        for path, verbs in PATHS.items()
        for verb, one in verbs.items()
        if not guarded or not isinstance(one, Open)
    ]


def native_addresses() -> list[tuple[str, str]]:
    paths = described()["paths"]
    return [(verb.upper(), f"{NATIVE}{path}") for path, verbs in paths.items() for verb in verbs]


def page_addresses() -> list[tuple[str, str]]:
    """Of the pages for people, and what stands beside them; the dialects come on top."""
    found: list[BaseRoute] = Starlette(
        routes=build(services_with(public_url="https://lacre.test"), {}).routes
    ).routes
    return [
        (verb, route.path)
        for route in found
        if isinstance(route, Route)
        for verb in sorted((route.methods or set()) - {"HEAD"})
    ]


def everything_kept(house: House) -> str:
    """Changes with any row, of whichever account."""
    taken = hashlib.sha256()
    with sqlite3.connect(f"file:{house.settings.data_dir / 'lacre.db'}?mode=ro", uri=True) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for (name,) in tables.fetchall():
            if name not in QUIET:
                rows = database.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - its own names
                taken.update(repr((name, sorted(map(repr, rows)))).encode())
    database.close()
    return taken.hexdigest()


def plain(shown: str) -> str:
    bare = shown.partition("_")[2]
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))
