"""Invoices as our API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lacre.dialects.native.wire.invoices import (
    ShownBuyer,
    ShownCompany,
    ShownFile,
    ShownInvoice,
    ShownMessage,
    ShownNote,
    ShownOperation,
    ShownReplacement,
    ShownService,
    ShownSuccessor,
    Status,
)
from lacre.documents.links import Links, Variant
from lacre.fiscal import operation
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import ReplaceReason
from lacre.fiscal.operation import Asset, AssetStatus, Operation
from lacre.kit.ids import DocumentId, with_prefix

STATUSES: Mapping[operation.Status, Status] = {
    operation.Status.PENDING: "processing",
    operation.Status.PROCESSING: "processing",
    operation.Status.WAITING: "waiting",
    operation.Status.ERROR: "failed",
    operation.Status.SUCCESS: "issued",
    operation.Status.REJECTED: "rejected",
}


def invoice(one: Invoice, *, links: Links, now: datetime) -> ShownInvoice:
    return ShownInvoice(
        id=with_prefix("inv", one.id),
        status="canceled" if one.canceled_at else STATUSES[one.status],
        amount=one.amount,
        series=one.series,
        number=one.sequence,
        issue_on=one.issue_on.isoformat(),
        note=_note(one),
        company=_company(one),
        customer=_customer(one),
        lines=[
            ShownService(
                item_id=with_prefix("itm", line.item_id) if line.item_id else None,
                description=line.description,
                amount=line.amount,
            )
            for line in one.lines
        ],
        operations=[shown_operation(each) for each in one.operations],
        files=[file(each, links=links, now=now) for each in one.assets],
        canceled_at=one.canceled_at,
        replaces=_replaces(one),
        replaced_by=_replaced_by(one),
        corrects=with_prefix("inv", one.corrects) if one.corrects else None,
        corrected_by=with_prefix("inv", one.corrected_by) if one.corrected_by else None,
        created_at=one.created_at,
        updated_at=one.updated_at,
    )


def shown_operation(one: Operation) -> ShownOperation:
    last = one.last_transaction
    said = last.messages if last else ()
    return ShownOperation(
        id=with_prefix("op", one.id),
        kind=one.kind.value,
        status=one.status.value,
        attempts=len(one.transactions),
        messages=[ShownMessage(code=each.code, text=each.text, remedy=each.remedy) for each in said],
        created_at=one.created_at,
        updated_at=one.updated_at,
    )


def file(one: Asset, *, links: Links, now: datetime) -> ShownFile:
    there = one.status is AssetStatus.AVAILABLE
    return ShownFile(
        id=with_prefix("ast", one.id),
        kind=one.kind.value,
        status=one.status.value,
        sha256=one.digest,
        url=links.file_url(DocumentId(one.id), Variant.INVOICE_FILE, now=now) if there else None,
        created_at=one.created_at,
    )


def _note(one: Invoice) -> ShownNote | None:
    if one.issued is None:
        return None
    return ShownNote(key=one.issued.key, number=one.issued.number, issued_at=one.issued.at)


def _replaces(one: Invoice) -> ShownReplacement | None:
    old = one.replaces
    if old is None:
        return None
    return ShownReplacement(
        invoice_id=with_prefix("inv", old.invoice_id),
        key=old.key,
        reason=ReplaceReason(old.reason).value,
        text=old.text,
    )


def _replaced_by(one: Invoice) -> ShownSuccessor | None:
    new = one.replaced_by
    return ShownSuccessor(invoice_id=with_prefix("inv", new.invoice_id), key=new.key) if new else None


def _company(one: Invoice) -> ShownCompany:
    company = one.company
    return ShownCompany(
        id=with_prefix("cmp", company.id),
        name=company.name,
        tax_id=company.registry_code,
        environment=company.environment.value,
    )


def _customer(one: Invoice) -> ShownBuyer:
    customer = one.customer
    return ShownBuyer(
        id=with_prefix("cst", customer.id),
        name=customer.name,
        tax_id=customer.known_as,
        email=customer.email,
        external_id=customer.external_code,
    )
