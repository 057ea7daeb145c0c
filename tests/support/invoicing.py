"""A company, its customer and what it sells, kept in a store; and the worker's steps, taken by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from lacre.fiscal import actions, canceling, fetching, issuing, printing
from lacre.fiscal.actions import Desk, Order
from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.item import Item
from lacre.fiscal.note import CancelReason, ReplaceReason
from lacre.fiscal.operation import AssetKind, AssetStatus
from lacre.fiscal.party import Address, Phone
from lacre.fiscal.procedure import Later, Tools
from lacre.fiscal.replacing import Replacing
from lacre.fiscal.schema import Schema
from lacre.kit.ids import AccountId, CompanyId, CustomerId, ItemId, SchemaId, new_uuid
from lacre.services import Work
from lacre.store.opening import Store
from lacre.store.work import SqlWork
from lacre.webhooks.repositories import FROM_START, Feed
from tests.support.kept import NOW, an_account
from tests.support.tax_office import MemoryMunicipalities, MemoryOffice, MemoryPrinter, a_certificate

CNPJ, CPF = "11222333000181", "52998224725"
WHY = "Serviço lançado com o valor errado"


def a_company(account_id: AccountId, **said: Any) -> Company:  # noqa: ANN401
    given: dict[str, Any] = {
        "id": CompanyId(new_uuid()),
        "account_id": account_id,
        "name": "Papelaria Souza",
        "legal_name": "Papelaria Souza Ltda",
        "email": "notas@souza.test",
        "registry_code": CNPJ,
        "address": Address(id=new_uuid(), zipcode="01310100", number="100", city_code="3550308"),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Company(**given | said)


def a_customer(account_id: AccountId, **said: Any) -> Customer:  # noqa: ANN401
    given: dict[str, Any] = {
        "id": CustomerId(new_uuid()),
        "account_id": account_id,
        "name": "Carolina",
        "registry_code": CPF,
        "email": "carolina@x.test",
        "external_code": "400",
        "phone": Phone(id=new_uuid(), phone_type="mobile", area_code="11", number="43214321"),
        "address": Address(id=new_uuid(), zipcode="04037003", number="775", city="São Paulo", state="SP"),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Customer(**given | said)


def a_schema(company: Company, **said: Any) -> Schema:  # noqa: ANN401
    given: dict[str, Any] = {
        "id": SchemaId(new_uuid()),
        "account_id": company.account_id,
        "company_id": company.id,
        "name": "Nota fiscal de serviço",
        "code": "NFS-e",
        "parameters": {"municipal_registration": "12211"},
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Schema(**given | said)


def an_item(schema: Schema, **said: Any) -> Item:  # noqa: ANN401
    given: dict[str, Any] = {
        "id": ItemId(new_uuid()),
        "account_id": schema.account_id,
        "schema_id": schema.id,
        "name": "Consultoria",
        "description": "Consultoria em papelaria",
        "amount": Decimal("345.50"),
        "settings": {"taxes": {"iss": "3.1"}, "parameters": {"service_code": "170101"}},
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Item(**given | said)


def a_line(item: Item) -> Line:
    return Line(
        id=new_uuid(),
        item_id=item.id,
        name=item.name,
        description=item.description,
        amount=item.amount,
        settings=item.settings,
    )


def found_shop(work: SqlWork | Work, account_id: AccountId) -> Schema:
    """A company of that account, and a document type that can be issued with."""
    company = a_company(account_id)
    schema = a_schema(company)
    work.books.companies.add(company)
    actions.open_schema(work, schema, company, first=None)
    actions.keep_certificate(work, schema, a_certificate(), now=NOW)
    return schema


@dataclass
class Shop:
    """One account that issues."""

    store: Store
    office: MemoryOffice = field(default_factory=MemoryOffice)
    municipalities: MemoryMunicipalities = field(default_factory=MemoryMunicipalities)
    account_id: AccountId = field(init=False)

    def __post_init__(self) -> None:
        with self.store.open_work() as work:
            self.account_id = an_account(work, new_uuid())
            self.company, self.customer = a_company(self.account_id), a_customer(self.account_id)
            self.schema = a_schema(self.company)
            self.item = an_item(self.schema)
            work.books.companies.add(self.company)
            work.books.customers.add(self.customer)
            actions.open_schema(work, self.schema, self.company, first=None)
            actions.keep_certificate(work, self.schema, a_certificate(), now=NOW)
            work.books.items.add(self.item)

    @property
    def desk(self) -> Desk:
        return Desk(office=self.office, files=self.store.invoice_files, new_id=new_uuid)

    def tools(self, clock: datetime = NOW) -> Tools:
        return Tools(
            office=self.office,
            municipalities=self.municipalities,
            printer=MemoryPrinter(),
            files=self.store.invoice_files,
            new_id=new_uuid,
            clock=lambda: clock,
        )

    def order(self, **changes: Any) -> Invoice:  # noqa: ANN401 - of the order
        wanted = Order(
            company=self.company,
            customer=self.customer,
            schema=self.schema,
            lines=[a_line(self.item)],
            issue_on=NOW.date(),
        )
        with self.store.open_work() as work:
            return actions.order(work, self.desk, replace(wanted, **changes), now=NOW)

    def replace(
        self,
        old: Invoice,
        *,
        reason: ReplaceReason = ReplaceReason.OTHER,
        text: str = WHY,
        company: Company | None = None,
    ) -> Invoice:
        """An order in the place of one, by the same company unless a test says otherwise."""
        wanted = Replacing(invoice=self.kept(old), reason=reason, text=text)
        return self.order(replaces=wanted, company=company or self.company)

    def issue(self, invoice: Invoice, *, tries: int = 1) -> Later | None:
        return issuing.issue(self.store.open_work, self.tools(), invoice.id, tries=tries)

    def ask_to_cancel(self, invoice: Invoice) -> None:
        with self.store.open_work() as work:
            kept = work.books.invoices.get(self.account_id, invoice.id)
            actions.cancel(work, self.desk, kept, reason=CancelReason.MISTAKE, text=WHY, now=NOW)

    def cancel(self, invoice: Invoice, *, tries: int = 1) -> Later | None:
        return canceling.cancel(self.store.open_work, self.tools(), invoice.id, tries=tries)

    def retry(self, invoice: Invoice) -> None:
        with self.store.open_work() as work:
            kept = work.books.invoices.get(self.account_id, invoice.id)
            actions.try_again(work, self.desk, kept, now=NOW)

    def draw(self, invoice: Invoice) -> None:
        kept = self.kept(invoice)
        canceled = kept.canceled_at is not None
        for one in kept.assets:
            if one.kind is AssetKind.PRINT and one.status is AssetStatus.PENDING:
                printing.draw(self.store.open_work, self.tools(), invoice.id, one.id, canceled=canceled)

    def fetch(self, invoice: Invoice, *, tries: int = 1) -> Later | None:
        """The event by which it was replaced."""
        operation = self.kept(invoice).operations[-1]
        return fetching.fetch_replacement(
            self.store.open_work, self.tools(), invoice.id, operation.id, tries=tries
        )

    def kept(self, invoice: Invoice) -> Invoice:
        with self.store.open_work() as work:
            return work.books.invoices.get(self.account_id, invoice.id)

    def told(self) -> list[str]:
        """Types of the events, the oldest first, without `fiscal.`."""
        return list(self._told())

    def _told(self) -> Iterator[str]:
        with self.store.open_work() as work:
            found = work.feed.read(self.account_id, Feed(after=FROM_START), limit=500)
        for one in found.events:
            yield one.event.type.removeprefix("fiscal.")
