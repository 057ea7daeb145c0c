"""An invoice that never was, brought by a real one's verbs to where an event happens: what a test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from lacre.fiscal import events
from lacre.fiscal.announcing import facts_of
from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.invoice import Happened, Invoice, Issued, Line
from lacre.fiscal.operation import Asset, AssetKind, Message, Operation, OperationKind
from lacre.fiscal.party import Address, Phone
from lacre.fiscal.schema import CertificateFacts, Schema
from lacre.fiscal.snapshot import freeze
from lacre.kit.ids import (
    AccountId,
    AssetId,
    CompanyId,
    CustomerId,
    Digest,
    InvoiceId,
    ItemId,
    OperationId,
    SchemaId,
    TransactionId,
)
from lacre.kit.json import JsonObject

Story: TypeAlias = Callable[[Invoice, datetime], Sequence[Happened]]


def sample_facts(event_type: str, account_id: AccountId, *, now: datetime) -> JsonObject | None:
    """What an event of this type would hold; `None` of what is none of fiscal's."""
    story = STORIES.get(event_type)
    if story is None:
        return None
    invoice = sample_invoice(account_id, now)
    happened = [*_begun(invoice, now), *story(invoice, now)]
    wanted = next(one for one in reversed(happened) if one.type == event_type)
    return facts_of(freeze(invoice), wanted)


def sample_invoice(account_id: AccountId, now: datetime) -> Invoice:
    company = Company(
        id=CompanyId(_id(1)),
        account_id=account_id,
        name="Empresa Exemplo",
        legal_name="Empresa Exemplo Ltda",
        email="exemplo@example.com",
        registry_code="11222333000181",
        address=Address(id=_id(2), zipcode="01310100", number="100", city_code="3550308"),
        created_at=now,
        updated_at=now,
    )
    schema = _schema(company, now)
    return Invoice(
        id=InvoiceId(_id(3)),
        account_id=account_id,
        company=company,
        customer=_customer(account_id, now),
        schema=schema,
        lines=[_line()],
        amount=Decimal("345.50"),
        serie=schema.serie,
        series=schema.series,
        sequence=1,
        issue_on=now.date(),
        created_at=now,
        updated_at=now,
    )


def _schema(company: Company, now: datetime) -> Schema:
    return Schema(
        id=SchemaId(_id(4)),
        account_id=company.account_id,
        company_id=company.id,
        name="Nota fiscal de serviço",
        code="NFS-e",
        certificate=CertificateFacts(
            tax_id=company.registry_code,
            name=company.legal_name,
            fingerprint="0" * 64,
            starts_at=now,
            expires_at=now + timedelta(days=365),
        ),
        parameters={"municipal_registration": "12211"},
        created_at=now,
        updated_at=now,
    )


def _customer(account_id: AccountId, now: datetime) -> Customer:
    return Customer(
        id=CustomerId(_id(5)),
        account_id=account_id,
        name="Carolina Exemplo",
        registry_code="52998224725",
        email="carolina@example.com",
        phone=Phone(id=_id(6), phone_type="mobile", area_code="11", number="43214321"),
        created_at=now,
        updated_at=now,
    )


def _line() -> Line:
    settings = {"taxes": {"iss": "3.1"}, "parameters": {"service_code": "170101"}}
    return Line(
        id=_id(7),
        item_id=ItemId(_id(8)),
        name="Serviço de exemplo",
        description="Serviço de exemplo",
        amount=Decimal("345.50"),
        settings=settings,
    )


def _begun(invoice: Invoice, now: datetime) -> Sequence[Happened]:
    return invoice.begin(_operation(OperationKind.ISSUE, 9, now), TransactionId(_id(10)), now=now)


def _operation(kind: OperationKind, number: int, now: datetime) -> Operation:
    return Operation(id=OperationId(_id(number)), kind=kind, created_at=now, updated_at=now)


def _waits(invoice: Invoice, now: datetime) -> Sequence[Happened]:
    message = Message(code="no_answer", text="The tax office did not answer.")
    return invoice.wait(invoice.operations[0], message, unsure=True, now=now)


def _fails(invoice: Invoice, now: datetime) -> Sequence[Happened]:
    message = Message(code="certificate_refused", text="The tax office did not take the certificate.")
    return invoice.fail(invoice.operations[0], message, now=now)


def _is_rejected(invoice: Invoice, now: datetime) -> Sequence[Happened]:
    message = Message(code="E0001", text="Rejeição de exemplo")
    return invoice.reject(invoice.operations[0], (message,), now=now)


def _is_issued(invoice: Invoice, now: datetime) -> Sequence[Happened]:
    note = Issued(key="0" * 50, number="1", at=now)
    happened = invoice.accept(invoice.operations[0], note, (), now=now)
    asset = Asset(
        id=AssetId(_id(11)),
        kind=AssetKind.PRINT,
        operation_id=invoice.operations[0].id,
        created_at=now,
        updated_at=now,
    )
    invoice.promise(asset)
    return [*happened, *invoice.provide(asset.id, Digest("0" * 64), now=now)]


def _is_canceled(invoice: Invoice, now: datetime) -> Sequence[Happened]:
    happened = [*_is_issued(invoice, now)]
    operation = _operation(OperationKind.CANCEL, 12, now)
    happened += invoice.begin(operation, TransactionId(_id(13)), now=now)
    return [*happened, *invoice.cancel(operation, at=now, now=now)]


def _nothing_more(_: Invoice, __: datetime) -> Sequence[Happened]:
    return ()


STORIES: Mapping[str, Story] = {
    events.INVOICE_PROCESSING: _nothing_more,
    events.INVOICE_WAITING: _waits,
    events.INVOICE_ISSUED: _is_issued,
    events.INVOICE_CANCELED: _is_canceled,
    events.INVOICE_FAILED: _fails,
    events.INVOICE_REJECTED: _is_rejected,
    events.OPERATION_PROCESSING: _nothing_more,
    events.OPERATION_WAITING: _waits,
    events.OPERATION_SUCCEEDED: _is_issued,
    events.OPERATION_FAILED: _fails,
    events.OPERATION_REJECTED: _is_rejected,
    events.ASSET_AVAILABLE: _is_issued,
}


def _id(number: int) -> str:
    """Fixed, and nobody's."""
    return f"5a3b1e00-0000-4000-8000-0000000001{number:02}"
