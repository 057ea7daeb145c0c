"""What people and systems ask for: invoices to be issued, canceled, tried again; certificates to be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from lacre.accounts.actions import require_standing
from lacre.documents.files import Files
from lacre.fiscal.announcing import announce, apply
from lacre.fiscal.company import ACTIVE, Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.errors import (
    CertificateMissing,
    CertificateNotUsable,
    CompanyKnown,
    FieldMissing,
    InvoiceNotPossible,
    ReasonTooShort,
    SchemaInactive,
)
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.note import CancelReason
from lacre.fiscal.noting import note_of
from lacre.fiscal.operation import Operation, OperationKind
from lacre.fiscal.ports import Certificate, CertificateUnusable, Refused, TaxOffice
from lacre.fiscal.query import Comparison, Operator
from lacre.fiscal.replacing import Replacing, hold, hold_again
from lacre.fiscal.repositories import FiscalWork
from lacre.fiscal.schema import Schema, facts_of
from lacre.kit.ids import InvoiceId, OperationId, TransactionId
from lacre.kit.jobs import Job
from lacre.kit.json import Json

ISSUE, CANCEL, PRINT = "fiscal.issue", "fiscal.cancel", "fiscal.print"
FETCH = "fiscal.fetch"
"""The jobs; their key is the invoice's id."""
JOBS = {OperationKind.ISSUE: ISSUE, OperationKind.CANCEL: CANCEL}
SHORTEST_REASON, LONGEST_REASON = 15, 255
MOST_OF_A_CNPJ = 100


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What ordering needs besides the books."""

    office: TaxOffice
    files: Files
    new_id: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked to be issued, once everything that it names was found."""

    company: Company
    customer: Customer
    schema: Schema
    lines: Sequence[Line]
    issue_on: date
    details: Mapping[str, Json] = field(default_factory=dict)
    """As `Invoice.details`."""
    replaces: Replacing | None = None
    corrects: Invoice | None = None
    """Which came to nothing, and which its caller has locked."""


def order(work: FiscalWork, desk: Desk, wanted: Order, *, now: datetime) -> Invoice:
    """Takes the number and keeps the draft that bears it in the transaction that keeps the invoice.

    What cannot become a note is refused here, and takes no number.
    """
    require_standing(work, wanted.company.account_id)
    _require_usable(wanted)
    invoice = _invoice(desk, wanted, now)
    operation = Operation(
        id=OperationId(desk.new_id()), kind=OperationKind.ISSUE, created_at=now, updated_at=now
    )
    happened = invoice.begin(operation, TransactionId(desk.new_id()), now=now)
    _draw(work, desk, invoice, operation, now)
    _count(work, wanted.schema, invoice.sequence or 0, now)
    work.books.invoices.add(invoice)
    if wanted.replaces is not None:
        hold(work, wanted.replaces.invoice, invoice.id)
    if wanted.corrects is not None:
        wanted.corrects.be_corrected(invoice.id)
        work.books.invoices.save(wanted.corrects)
    announce(work, invoice, happened, now=now)
    work.jobs.add(Job(kind=ISSUE, key=invoice.id, due_at=now, account_id=invoice.account_id))
    return invoice


def cancel(
    work: FiscalWork,
    desk: Desk,
    invoice: Invoice,
    *,
    reason: CancelReason,
    text: str,
    now: datetime,
) -> Operation:
    invoice.require_cancelable()
    if not SHORTEST_REASON <= len(text.strip()) <= LONGEST_REASON:
        raise ReasonTooShort
    operation = Operation(
        id=OperationId(desk.new_id()),
        kind=OperationKind.CANCEL,
        reason=reason.value,
        reason_text=text.strip(),
        created_at=now,
        updated_at=now,
    )
    happened = invoice.begin(operation, TransactionId(desk.new_id()), now=now)
    apply(work, invoice, happened, now=now)
    work.jobs.add(Job(kind=CANCEL, key=invoice.id, due_at=now, account_id=invoice.account_id))
    return operation


def try_again(work: FiscalWork, desk: Desk, invoice: Invoice, *, now: datetime) -> None:
    """What failed without being judged: with its number, and the very bytes that may have been sent."""
    happened = invoice.begin_again(TransactionId(desk.new_id()), now=now)
    operation = invoice.last_operation
    if operation is None:
        return
    _keep_others_away(work, invoice, operation)
    if not operation.unsure:
        # nothing of it was ever taken: it is signed anew, perhaps with another certificate
        operation.request = None
    if operation.kind is OperationKind.ISSUE and invoice.sequence is None:
        _draw(work, desk, invoice, operation, now)
    apply(work, invoice, happened, now=now)
    work.jobs.add(Job(kind=JOBS[operation.kind], key=invoice.id, due_at=now, account_id=invoice.account_id))


def _keep_others_away(work: FiscalWork, invoice: Invoice, operation: Operation) -> None:
    """What failed let go of what it was about; meanwhile that may have been replaced or canceled."""
    if operation.kind is OperationKind.ISSUE:
        hold_again(work, invoice)
    else:
        invoice.require_free()


def keep_certificate(
    work: FiscalWork, schema: Schema, read: Certificate | CertificateUnusable, *, now: datetime
) -> None:
    """What `CertificateReader.read` made of a file; invoices that are under way use the new one too."""
    if isinstance(read, CertificateUnusable):
        raise CertificateNotUsable(read.code, read.reason)
    schema.certificate, schema.updated_at = facts_of(read), now
    work.books.schemas.save(schema)
    work.books.schemas.keep_certificate(schema, read.pem)


def require_only(work: FiscalWork, company: Company) -> None:
    """The one company of its CNPJ there: of two, nobody could tell whose notes they are looking at.

    In another environment there may be one more, to rehearse with.
    """
    same = Comparison("registry_code", Operator.EQUAL, company.registry_code)
    found = work.books.companies.find([company.account_id], same, offset=0, limit=MOST_OF_A_CNPJ).items
    if any(one.environment is company.environment and one.id != company.id for one in found):
        raise CompanyKnown


def open_schema(work: FiscalWork, schema: Schema, company: Company, *, first: int | None) -> None:
    """A new document type; `first` is the number that its next note shall have."""
    if first is not None and first > 1:
        schema.sequence = first
        work.books.sequences.raise_to(schema.account_id, company.registry_code, schema.series, first)
    work.books.schemas.add(schema)


def _count(work: FiscalWork, schema: Schema, number: int, now: datetime) -> None:
    """One that was given back may be lower than the last."""
    if number > schema.sequence:
        schema.sequence, schema.updated_at = number, now
        work.books.schemas.save(schema)


def _require_usable(wanted: Order) -> None:
    if wanted.schema.status != ACTIVE:
        raise SchemaInactive
    if wanted.schema.certificate is None:
        raise CertificateMissing
    if not wanted.lines:
        raise FieldMissing("lines")


def _invoice(desk: Desk, wanted: Order, now: datetime) -> Invoice:
    return Invoice(
        id=InvoiceId(desk.new_id()),
        account_id=wanted.company.account_id,
        company=wanted.company,
        customer=wanted.customer,
        schema=replace(wanted.schema),
        lines=list(wanted.lines),
        amount=sum((line.amount for line in wanted.lines[1:]), wanted.lines[0].amount),
        serie=wanted.schema.serie,
        series=wanted.schema.series,
        issue_on=wanted.issue_on,
        details=wanted.details,
        replaces=wanted.replaces.by(wanted.company) if wanted.replaces else None,
        corrects=wanted.corrects.id if wanted.corrects else None,
        created_at=now,
        updated_at=now,
    )


def _draw(work: FiscalWork, desk: Desk, invoice: Invoice, operation: Operation, now: datetime) -> None:
    """The number, and the draft that bears it; of a refusal nothing stays, the number neither."""
    number = work.books.sequences.take(invoice.account_id, invoice.company.registry_code, invoice.series)
    draft = desk.office.build(note_of(invoice, number=number, at=now))
    if isinstance(draft, Refused):
        raise InvoiceNotPossible(draft.problems)
    invoice.sequence = number
    invoice.schema = replace(invoice.schema, sequence=number)
    operation.draft, operation.request_id = desk.files.keep_bytes(draft.xml), draft.id
    operation.request = None
