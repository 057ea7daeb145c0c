"""A note is canceled: the event that says so is signed, sent and registered, in the steps of issuing."""

from __future__ import annotations

from datetime import datetime

from lacre.fiscal.invoice import Happened, Invoice
from lacre.fiscal.municipality import FITS, Consulted
from lacre.fiscal.note import Cancellation, CancelReason
from lacre.fiscal.operation import Operation, OperationKind
from lacre.fiscal.ports import Cancelled, Cancelling, Certificate, FoundCancelled, Refused, Signed, TaxOffice
from lacre.fiscal.procedure import Later, OpenWork, Step, Tools, carry_out
from lacre.fiscal.repositories import FiscalWork
from lacre.kit.ids import InvoiceId


def cancel(open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, *, tries: int) -> Later | None:
    """Safe to stop anywhere and to do again."""
    return carry_out(_Cancel(), open_work, tools, invoice_id, tries=tries)


class _Cancel:
    kind = OperationKind.CANCEL

    def consult(self, tools: Tools, step: Step) -> Consulted:  # noqa: ARG002 - as the protocol has it
        """Nobody: whether it may still be canceled the tax office alone knows."""
        return FITS

    def sign(self, tools: Tools, step: Step, certificate: Certificate) -> Signed | Refused:
        operation, invoice = step.operation, step.invoice
        asked = Cancellation(
            environment=step.environment,
            key=invoice.issued.key if invoice.issued else "",
            author_tax_id=invoice.company.registry_code,
            asked_at=operation.created_at,
            text=operation.reason_text,
            reason=CancelReason(operation.reason),
        )
        return tools.office.sign_cancellation(asked, certificate)

    def look_up(self, office: TaxOffice, signed: Signed, certificate: Certificate) -> FoundCancelled:
        return office.look_up_cancellation(signed, certificate)

    def send(self, office: TaxOffice, signed: Signed, certificate: Certificate) -> Cancelling:
        return office.cancel(signed, certificate)

    def succeed(
        self, invoice: Invoice, operation: Operation, done: Cancelled, *, now: datetime
    ) -> list[Happened]:
        return invoice.cancel(operation, at=done.registered_at, now=now)

    def rejected(self, work: FiscalWork, invoice: Invoice, operation: Operation) -> None:
        """The note stands."""

    def ended(
        self, work: FiscalWork, tools: Tools, invoice: Invoice, operation: Operation, *, now: datetime
    ) -> None:
        """Nothing."""
