"""How a change of an invoice becomes known: its row and its events in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lacre.fiscal.invoice import Happened, Invoice
from lacre.fiscal.repositories import FiscalWork
from lacre.fiscal.snapshot import freeze
from lacre.kit.events import Event
from lacre.kit.json import JsonObject


def apply(work: FiscalWork, invoice: Invoice, happened: Sequence[Happened], *, now: datetime) -> None:
    """Saves the changed invoice and announces what happened."""
    invoice.updated_at = now
    work.books.invoices.save(invoice)
    announce(work, invoice, happened, now=now)


def announce(work: FiscalWork, invoice: Invoice, happened: Sequence[Happened], *, now: datetime) -> None:
    snapshot = freeze(invoice) if happened else {}
    for one in happened:
        work.announce(
            Event(
                type=one.type,
                account_id=invoice.account_id,
                subject_id=invoice.id,
                at=now,
                facts=facts_of(snapshot, one),
            )
        )


def facts_of(snapshot: JsonObject, happened: Happened) -> JsonObject:
    named = {"operation_id": happened.operation_id, "asset_id": happened.asset_id}
    return {"invoice": snapshot, **{name: value for name, value in named.items() if value is not None}}
