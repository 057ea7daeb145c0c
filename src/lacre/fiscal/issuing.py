"""An invoice is issued: its draft is signed, sent, and made a note by the tax office."""

from __future__ import annotations

from datetime import datetime

from lacre.fiscal.announcing import apply
from lacre.fiscal.invoice import Happened, Invoice, Issued
from lacre.fiscal.municipality import FITS, Consulted, consult
from lacre.fiscal.noting import note_of
from lacre.fiscal.operation import Operation, OperationKind, Status
from lacre.fiscal.ports import (
    Accepted,
    Certificate,
    Draft,
    Found,
    Issuing,
    Problem,
    Refused,
    Signed,
    TaxOffice,
)
from lacre.fiscal.procedure import (
    Later,
    OpenWork,
    Step,
    Tools,
    carry_out,
    messages,
    promise_print,
    want_replacement,
)
from lacre.fiscal.replacement import Replacement, Successor
from lacre.fiscal.repositories import FiscalWork
from lacre.kit.ids import InvoiceId, OperationId, TransactionId

NUMBER_TAKEN = frozenset({"E0014"})
"""What the tax office says of a number that it has a note of already."""
_NO_DRAFT = Refused(
    problems=(
        Problem(
            field="draft",
            code="required",
            text="There is no draft of it: order it anew.",
            remedy="Não há rascunho dela: peça a nota de novo.",
        ),
    )
)


def issue(open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, *, tries: int) -> Later | None:
    """Safe to stop anywhere and to do again."""
    return carry_out(_Issue(), open_work, tools, invoice_id, tries=tries)


class _Issue:
    kind = OperationKind.ISSUE

    def consult(self, tools: Tools, step: Step) -> Consulted:
        """The municipality; not of what may have been sent: its number may be a note's already."""
        invoice = step.invoice
        if step.unsure or step.certificate is None or invoice.sequence is None:
            return FITS
        note = note_of(invoice, number=invoice.sequence, at=step.operation.created_at)
        return consult(tools.municipalities, note, step.certificate)

    def sign(self, tools: Tools, step: Step, certificate: Certificate) -> Signed | Refused:
        operation = step.operation
        if operation.draft is None:
            return _NO_DRAFT
        xml = tools.files.read(operation.draft)
        draft = Draft(environment=step.environment, id=operation.request_id, xml=xml)
        return tools.office.sign(draft, certificate)

    def look_up(self, office: TaxOffice, signed: Signed, certificate: Certificate) -> Found:
        return office.look_up(signed, certificate)

    def send(self, office: TaxOffice, signed: Signed, certificate: Certificate) -> Issuing:
        return office.issue(signed, certificate)

    def succeed(
        self, invoice: Invoice, operation: Operation, done: Accepted, *, now: datetime
    ) -> list[Happened]:
        issued = Issued(key=done.key, number=done.number, at=done.processed_at)
        return invoice.accept(operation, issued, messages(done.alerts), now=now)

    def rejected(self, work: FiscalWork, invoice: Invoice, operation: Operation) -> None:
        """Its number is free again, if every sending was answered: one that was not might still arrive.

        Nor one that is another note's already: whoever took it next would be rejected as well.
        """
        last = operation.last_transaction
        if operation.unsure or (last and any(one.code in NUMBER_TAKEN for one in last.messages)):
            return
        number = invoice.give_number_back()
        if number is not None:
            code = invoice.company.registry_code
            work.books.sequences.give_back(invoice.account_id, code, invoice.series, number)

    def ended(
        self, work: FiscalWork, tools: Tools, invoice: Invoice, operation: Operation, *, now: datetime
    ) -> None:
        """The one in whose place it was to be issued is replaced, or stands as it was."""
        if invoice.replaces is None:
            return
        old = work.books.invoices.for_job(invoice.replaces.invoice_id)
        if invoice.issued is not None:
            by = Successor(invoice_id=invoice.id, key=invoice.issued.key)
            _replace(work, tools, old, invoice.replaces, by, at=invoice.issued.at, now=now)
        elif operation.status is Status.REJECTED or not operation.unsure:
            # one that may still turn out to be a note holds it
            old.let_go(invoice.id)
            work.books.invoices.save(old)


def _replace(
    work: FiscalWork,
    tools: Tools,
    old: Invoice,
    why: Replacement,
    by: Successor,
    *,
    at: datetime,
    now: datetime,
) -> None:
    """Canceled, as if somebody had asked for it and the tax office had said yes."""
    operation = Operation(
        id=OperationId(tools.new_id()),
        kind=OperationKind.CANCEL,
        reason=why.reason,
        reason_text=why.text,
        created_at=now,
        updated_at=now,
    )
    happened = old.be_replaced(operation, TransactionId(tools.new_id()), by, at=at, now=now)
    promise_print(work, tools, old, operation, now=now)
    want_replacement(work, old, operation, now=now)
    apply(work, old, happened, now=now)
