"""The paper of a note: drawn from what the tax office signed, and kept."""

from __future__ import annotations

from lacre.fiscal.announcing import apply
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.operation import AssetKind, OperationKind
from lacre.fiscal.ports import Draft
from lacre.fiscal.procedure import OpenWork, Tools
from lacre.kit.ids import AssetId, Digest, InvoiceId
from lacre.kit.refusal import NotFound


def draw(
    open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, asset_id: AssetId, *, canceled: bool
) -> None:
    """Again without harm."""
    with open_work() as work:
        invoice = work.books.invoices.for_job(invoice_id)
    note = note_file(invoice)
    if note is None or invoice.asset(asset_id).digest is not None:
        return
    digest = tools.files.keep_bytes(_printed(tools, invoice, note, canceled=canceled))
    now = tools.clock()
    with open_work() as work:
        invoice = work.books.invoices.for_job(invoice_id)
        apply(work, invoice, invoice.provide(asset_id, digest, now=now), now=now)


def note_file(invoice: Invoice) -> Digest | None:
    """What the tax office signed when it issued the note."""
    issues = {one.id for one in invoice.operations if one.kind is OperationKind.ISSUE}
    found = [
        one.digest
        for one in invoice.assets
        if one.kind is AssetKind.XML_RESPONSE and one.operation_id in issues and one.digest
    ]
    return found[-1] if found and invoice.issued else None


def preview(tools: Tools, invoice: Invoice) -> bytes:
    """The same layout, of the note if there is one, else of the draft."""
    note = note_file(invoice)
    if note is not None:
        return _printed(tools, invoice, note, canceled=invoice.canceled_at is not None)
    issuing = invoice.operations[0]
    if issuing.draft is None:
        raise NotFound("print")
    company = invoice.company
    draft = Draft(environment=company.environment, id=issuing.request_id, xml=tools.files.read(issuing.draft))
    return tools.printer.preview(draft, issuer_name=company.legal_name or company.name)


def _printed(tools: Tools, invoice: Invoice, note: Digest, *, canceled: bool) -> bytes:
    successor = invoice.replaced_by.key if canceled and invoice.replaced_by else ""
    return tools.printer.print(tools.files.read(note), cancelled=canceled, replaced_by=successor)
