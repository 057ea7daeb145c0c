"""Invoices from their order over HTTP to the last webhook: API, database, Sefin, files, paper, deliveries.

A real `lacre serve` with its worker, on each database; four clients order through our own API, a Sefin of our
own issues in another process, and a receiver in this one hears of each note and of its three files.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeAlias

from bench.machine import cpu_seconds
from bench.sites import both_databases
from lacre.accounts.actions import give_key
from lacre.bootstrap import Installation, open_installation
from lacre.engines.nfse import Place
from lacre.engines.sefin import SandboxAuthority
from lacre.kit.ids import EndpointId, new_uuid
from lacre.webhooks import actions
from lacre.webhooks.endpoint import Endpoint
from tests.support.invoice_shop import OWNER, make
from tests.support.receiver import Heard, Receiver
from tests.support.sefin import COMPANY, CUSTOMER, PASSWORD
from tests.support.server import Premises

Office: TypeAlias = tuple[Place, SandboxAuthority, int]
"""Where it is, whom it trusts, and its process."""
RunningSefin: TypeAlias = Callable[[], AbstractContextManager[Office]]
NOTES, CLIENTS = 40, 4
"""Of a round."""
FILES = 3
"""The signed request, the answer, the paper."""
PATIENCE_SECONDS = 300.0
NAMES = {"sqlite": "whole path, SQLite", "postgresql": "whole path, PostgreSQL"}
_ORDER = {
    "customer": {"name": "Ana Souza", "tax_id": CUSTOMER},
    "lines": [{"description": "Suporte técnico", "amount": "1250.40", "service_code": "010701"}],
}


@dataclass(frozen=True)
class Shop:
    """What is measured: a server that issues, and the others that have a part in it."""

    premises: Premises
    receiver: Receiver
    key: str
    server: int
    database: int
    """Of PostgreSQL's first process; 0: there is none."""
    sefin: int

    def used(self) -> tuple[float, float]:
        """Seconds of CPU so far: ours with the database's, and the Sefin's."""
        ours = cpu_seconds(self.server) + (cpu_seconds(self.database) if self.database else 0.0)
        return ours, cpu_seconds(self.sefin)


def measure(running_sefin: RunningSefin, rounds: int) -> dict[str, dict[str, float]]:
    """A row for each database, whose numbers begin anew: so does a Sefin."""
    rows: dict[str, dict[str, float]] = {}
    with both_databases() as kinds:
        for kind, (new, database) in kinds.items():
            with tempfile.TemporaryDirectory() as name, Receiver() as receiver, running_sefin() as office:
                url = new(name) if database else ""
                with _shop(Path(name), url, database, office, receiver) as shop:
                    _round(shop, CLIENTS)  # the first ones pay for imports
                    rows[NAMES[kind]] = _medians([_round(shop, NOTES) for _ in range(rounds)])
    return rows


@contextmanager
def _shop(folder: Path, url: str, database: int, office: Office, receiver: Receiver) -> Iterator[Shop]:
    place, authority, sefin = office
    trusted = folder / "sefin.pem"
    trusted.write_bytes(authority.pem)
    premises = Premises(
        folder / "lacre", database_url=url, nfse_sandbox_url=place.adn, nfse_sandbox_ca=str(trusted)
    )
    with closing(open_installation(premises.settings)) as lacre:
        make(lacre, authority.company("BENCH LTDA", COMPANY, password=PASSWORD))
        key = _let_in(lacre, receiver.url)
    with premises.server() as server:
        yield Shop(premises, receiver, key, server.pid, database, sefin)


def _let_in(lacre: Installation, url: str) -> str:
    """A key of our own API, and an endpoint that hears of everything."""
    services, key = lacre.services, new_uuid()
    now = services.clock()
    with services.open_work() as work:
        account = work.accounts.get(OWNER)
        digest = services.tokens.digest(key)
        give_key(work, account, dialect="native", key_id=new_uuid(), key=key, digest=digest, now=now)
        actions.subscribe(
            work,
            Endpoint(
                id=EndpointId(new_uuid()), account_id=OWNER, number=0, dialect="native", url=url, types=(),
                created_at=now,
            ),
        )  # fmt: skip
    return key


def _round(shop: Shop, notes: int) -> dict[str, float]:
    heard_before = len(shop.receiver.heard)
    used, began = shop.used(), time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        orders = list(clients.map(lambda _: _order(shop), range(notes)))
    told = _told(shop, [one for one, _, _ in orders], heard_before)
    took = time.monotonic() - began
    ours, theirs = (1000 * (now - before) / notes for now, before in zip(shop.used(), used, strict=True))
    return {
        "per_s": notes / took,
        "answered_ms": 1000 * statistics.median(answered - sent for _, sent, answered in orders),
        "told_ms": 1000 * statistics.median(told[one].issued_at - sent for one, sent, _ in orders),
        "filed_ms": 1000 * statistics.median(told[one].filed_at[-1] - sent for one, sent, _ in orders),
        "cpu_ms": ours,
        "sefin_cpu_ms": theirs,
        "ours_percent": 100 * ours / (ours + theirs),
    }


def _order(shop: Shop) -> tuple[str, float, float]:
    """The invoice's id, when it was ordered, and when that was answered."""
    began = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", shop.premises.port, timeout=60)) as connection:
        headers = {"Authorization": f"Bearer {shop.key}", "Content-Type": "application/json"}
        connection.request("POST", "/api/lacre/v1/invoices", json.dumps(_ORDER), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
    assert answer.status == 201, said
    return said["id"], began, time.monotonic()


@dataclass
class Told:
    """When the receiver heard so."""

    issued_at: float
    filed_at: list[float]


def _told(shop: Shop, invoices: Sequence[str], skipped: int) -> Mapping[str, Told]:
    """Once all was said of each."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        told = {one: Told(0.0, []) for one in invoices}
        for heard in shop.receiver.heard[skipped:]:
            _note(told, heard)
        if all(one.issued_at and len(one.filed_at) == FILES for one in told.values()):
            return told
        time.sleep(0.1)
    raise AssertionError(shop.premises.logged()[-2000:])


def _note(told: Mapping[str, Told], heard: Heard) -> None:
    invoice = heard.json["data"].get("invoice") or {}
    one = told.get(invoice.get("id", ""))
    if one is None:
        return
    if heard.json["type"] == "invoice.issued":
        one.issued_at = heard.at
    elif heard.json["type"] == "asset.available":
        one.filed_at.append(heard.at)


def _medians(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}
