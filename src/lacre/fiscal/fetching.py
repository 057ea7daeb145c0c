"""What the tax office registered by itself: fetched once it is there, and kept as what it answers is."""

from __future__ import annotations

from lacre.fiscal.announcing import apply
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.operation import AssetKind, Operation
from lacre.fiscal.ports import Cancelled, CertificateRefused, FoundCancelled, NotCancelled, Unreachable
from lacre.fiscal.procedure import MOST_TRIES, NO_CERTIFICATE, Later, OpenWork, Tools, provide
from lacre.kit.ids import InvoiceId, OperationId


def fetch_replacement(
    open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, operation_id: OperationId, *, tries: int
) -> Later | None:
    """The event by which a note was replaced. Again without harm; after two days nobody asks any more."""
    with open_work() as work:
        invoice = work.books.invoices.for_job(invoice_id)
        certificate = work.books.schemas.certificate(invoice.account_id, invoice.schema.id)
    if invoice.issued is None or _is_there(invoice, operation_id):
        return None
    found: FoundCancelled = NO_CERTIFICATE
    if certificate is not None:
        environment = invoice.company.environment
        found = tools.office.replacement_of(invoice.issued.key, environment, certificate)
    match found:
        case Cancelled(xml=xml):
            _keep(open_work, tools, invoice_id, operation_id, xml)
            return None
        case NotCancelled():
            return _later("the tax office knows no such event yet", tries)
        case CertificateRefused(reason=reason) | Unreachable(reason=reason):
            return _later(reason, tries)


def _keep(
    open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, operation_id: OperationId, xml: bytes
) -> None:
    digest, now = tools.files.keep_bytes(xml), tools.clock()
    with open_work() as work:
        invoice = work.books.invoices.for_job(invoice_id)
        if not _is_there(invoice, operation_id):
            operation: Operation = invoice.operation(operation_id)
            happened = provide(tools, invoice, operation, AssetKind.XML_RESPONSE, digest, now=now)
            apply(work, invoice, happened, now=now)


def _is_there(invoice: Invoice, operation_id: OperationId) -> bool:
    return any(
        one.kind is AssetKind.XML_RESPONSE and one.operation_id == operation_id for one in invoice.assets
    )


def _later(reason: str, tries: int) -> Later | None:
    return None if tries >= MOST_TRIES else Later(reason=reason)
