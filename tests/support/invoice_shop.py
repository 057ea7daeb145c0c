"""A company in the sandbox that has issued notes, wants one cancelled and one replaced, and issues more."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from lacre.accounts.account import Account
from lacre.bootstrap import Installation, open_installation
from lacre.engines.sefin import LocalSefin
from lacre.fiscal import actions
from lacre.fiscal.actions import Order
from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.note import CancelReason, Environment, ReplaceReason
from lacre.fiscal.party import Address
from lacre.fiscal.replacing import Replacing
from lacre.fiscal.schema import Schema
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, CompanyId, CustomerId, SchemaId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.services import Services, Work
from lacre.webhooks.repositories import FROM_START, Feed
from lacre.worker import fiscal
from tests.support.sefin import COMPANY, CURITIBA, CUSTOMER, PASSWORD
from tests.support.server import Premises

OWNER = AccountId("0a0b0c0d-0000-4000-8000-00000000f15c")
HANDLERS = {actions.ISSUE: fiscal.issue, actions.CANCEL: fiscal.cancel, actions.PRINT: fiscal.draw}
PATIENCE_SECONDS = 240.0
SERVICES = (
    "Consultoria",
    "Consultoria cuja resposta se perde [sefin silent_after]",
    "Consultoria que ninguém recebeu [sefin silent_before]",
    "Consultoria rejeitada [sefin E0310]",
)


def in_folder(_url: str) -> str:
    """SQLite, which is copied with its folder."""
    return ""


@dataclass(frozen=True)
class Shop:
    """In a folder and a database that may be copied while nobody works in them."""

    folder: Path
    new_database: Callable[[str], str] = in_folder
    """From the one to copy, if any."""
    database_url: str = ""

    @property
    def office(self) -> Path:
        return self.folder / "sefin"

    def copied(self, to: Path) -> Shop:
        shutil.copytree(self.folder, to)
        return Shop(to, self.new_database, self.new_database(self.database_url))

    def forget(self) -> None:
        shutil.rmtree(self.folder)

    def premises(self, sefin: LocalSefin) -> Premises:
        authority = self.folder / "ca.pem"
        authority.write_bytes(sefin.authority.pem)
        return Premises(
            self.folder / "lacre",
            database_url=self.database_url,
            nfse_sandbox_url=sefin.url,
            nfse_sandbox_ca=str(authority),
            time_scale="600",
        )

    @classmethod
    def opened(cls, folder: Path, new_database: Callable[[str], str] = in_folder) -> Shop:
        shop = cls(folder, new_database, new_database(""))
        sefin = LocalSefin.started(shop.office)
        p12 = sefin.authority.company("PAPELARIA SOUZA LTDA", COMPANY, password=PASSWORD)
        premises = shop.premises(sefin)
        with closing(open_installation(premises.settings)) as lacre:
            make(lacre, p12)
            first, second = order(lacre, "A primeira, que será cancelada", "A segunda, que será substituída")
            work_through(lacre)
            cancel(lacre, first)
            replace(lacre, second)
            order(lacre, *SERVICES)
        sefin.stop()
        return shop


def make(lacre: Installation, p12: bytes) -> None:
    services = lacre.services
    now = services.clock()
    company, schema = _company(now), _schema(now)
    read = services.fiscal.certificates.read(p12, PASSWORD, now=now, company=COMPANY)
    with services.open_work() as work:
        work.accounts.add(Account(id=OWNER, name="Papelaria Souza", created_at=now))
        work.books.companies.add(company)
        work.books.customers.add(_customer(now))
        actions.open_schema(work, schema, company, first=None)
        actions.keep_certificate(work, schema, read, now=now)


def replace(lacre: Installation, old: Invoice) -> None:
    with lacre.services.open_work() as work:
        kept = work.books.invoices.get(OWNER, old.id)
        _order(lacre, work, "No lugar da segunda", Replacing(invoice=kept, reason=ReplaceReason.REJECTED))


def order(lacre: Installation, *described: str) -> list[Invoice]:
    with lacre.services.open_work() as work:
        return [_order(lacre, work, text) for text in described]


def _order(lacre: Installation, work: Work, described: str, replaces: Replacing | None = None) -> Invoice:
    services = lacre.services
    now = services.clock()
    wanted = Order(
        company=work.books.companies.get(OWNER, _COMPANY),
        customer=work.books.customers.get(OWNER, _CUSTOMER),
        schema=work.books.schemas.get(OWNER, _SCHEMA),
        lines=[_line(described)],
        issue_on=(now - timedelta(hours=3)).date(),
        replaces=replaces,
    )
    return actions.order(work, services.fiscal_desk, wanted, now=now)


def work_through(lacre: Installation) -> None:
    """Every job that is due, by hand."""
    services, worker = lacre.services, new_uuid()
    with services.presence(worker, "hands"):
        while jobs := _claimed(services, worker):
            for job in jobs:
                assert HANDLERS[job.kind](services, job, services.clock()) is None
                with services.open_work() as work:
                    work.queue.finish(worker, job.id, now=services.clock())


def _claimed(services: Services, worker: str) -> Sequence[HeldJob]:
    with services.open_work() as work:
        return work.queue.claim(worker, now=services.clock(), limit=1, kinds=tuple(HANDLERS))


def cancel(lacre: Installation, invoice: Invoice) -> None:
    services = lacre.services
    with services.open_work() as work:
        fresh = work.books.invoices.get(OWNER, invoice.id)
        actions.cancel(
            work,
            services.fiscal_desk,
            fresh,
            reason=CancelReason.NOT_RENDERED,
            text="O cliente desistiu do serviço",
            now=services.clock(),
        )


def invoices(lacre: Installation) -> Sequence[Invoice]:
    with lacre.services.open_work() as work:
        return work.books.invoices.find(OWNER, None, offset=0, limit=100).items


def told(lacre: Installation) -> list[Event]:
    with lacre.services.open_work() as work:
        return [one.event for one in work.feed.read(OWNER, Feed(after=FROM_START), limit=500).events]


def ended(invoice: Invoice) -> bool:
    """Judged, and every file of it is there."""
    return all(one.ended for one in invoice.operations) and all(one.digest for one in invoice.assets)


_COMPANY, _CUSTOMER, _SCHEMA = CompanyId(new_uuid()), CustomerId(new_uuid()), SchemaId(new_uuid())


def _company(now: datetime) -> Company:
    return Company(
        id=_COMPANY,
        account_id=OWNER,
        name="Papelaria Souza",
        legal_name="PAPELARIA SOUZA LTDA",
        email="notas@souza.test",
        registry_code=COMPANY,
        address=Address(zipcode="80020000", number="1", city_code=CURITIBA),
        environment=Environment.SANDBOX,
        created_at=now,
        updated_at=now,
    )


def _customer(now: datetime) -> Customer:
    return Customer(
        id=_CUSTOMER,
        account_id=OWNER,
        name="Carolina",
        registry_code=CUSTOMER,
        email="carolina@example.com",
        created_at=now,
        updated_at=now,
    )


def _schema(now: datetime) -> Schema:
    return Schema(
        id=_SCHEMA,
        account_id=OWNER,
        company_id=_COMPANY,
        name="Nota fiscal de serviço",
        code="NFS-e",
        created_at=now,
        updated_at=now,
    )


def _line(text: str) -> Line:
    return Line(
        id=new_uuid(),
        item_id=None,
        name="Consultoria",
        description=text,
        amount=Decimal("49.90"),
        settings={"parameters": {"service_code": "17.01.01"}},
    )
