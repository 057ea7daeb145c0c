"""An invoice is issued: one step at a time, each kept before the next, so that none is ever issued twice.

Signed and kept; sent; the answer kept. Whoever finds an exchange that was begun and not ended does not know
whether it was sent: they ask the tax office first. The same bytes are sent again, under the same number.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from lacre.documents.files import Files
from lacre.fiscal.actions import PRINT
from lacre.fiscal.announcing import apply
from lacre.fiscal.invoice import Happened, Invoice, Issued
from lacre.fiscal.note import Environment
from lacre.fiscal.operation import Asset, AssetKind, Message, Operation, OperationKind
from lacre.fiscal.ports import (
    Accepted,
    Certificate,
    CertificateRefused,
    Draft,
    Finding,
    Found,
    Issuing,
    NotePrinter,
    NotIssued,
    Refused,
    Rejected,
    Signed,
    TaxOffice,
    Unknown,
    Unreachable,
)
from lacre.fiscal.repositories import FiscalWork
from lacre.kit.ids import AssetId, Digest, InvoiceId, TransactionId
from lacre.kit.jobs import Job
from lacre.kit.json import Json

OpenWork = Callable[[], AbstractContextManager[FiscalWork]]
NUMBER_TAKEN = frozenset({"E0014"})
"""What the tax office says of a number that it has a note of already."""
MOST_TRIES = 60
"""Two days, of one that cannot be reached; one that may have issued it is asked for as long as it takes."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    office: TaxOffice
    printer: NotePrinter
    files: Files
    new_id: Callable[[], str]
    clock: Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Later:
    """It must be tried again; the reason is kept with the job."""

    reason: str


Told = tuple[list[Happened], Later | None]
"""What is to be announced, and whether it is tried again."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was found before anything is sent."""

    invoice: Invoice
    operation: Operation
    certificate: Certificate | None
    unsure: bool
    """The request may have been sent, and nobody said what became of it."""


def issue(open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, *, tries: int) -> Later | None:
    """Safe to stop anywhere and to do again."""
    step = prepare(open_work, tools, invoice_id, OperationKind.ISSUE)
    if step is None:
        return None
    if step.certificate is None:
        return _record(open_work, tools, step, CertificateRefused(reason=NO_CERTIFICATE), tries=tries)
    signed = _signed(open_work, tools, step, step.certificate)
    if not isinstance(signed, Signed):
        return _record(open_work, tools, step, signed, tries=tries)
    found: Found = NotIssued()
    if step.unsure:
        found = tools.office.look_up(signed, step.certificate)
    outcome: Issuing | Found = found
    if isinstance(found, NotIssued):
        outcome = tools.office.issue(signed, step.certificate)
    return _record(open_work, tools, step, outcome, tries=tries)


NO_CERTIFICATE = "The document type has no certificate any more."


def prepare(open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, kind: OperationKind) -> Step | None:
    """`None` when there is nothing left to do."""
    with open_work() as work:
        invoice = work.books.invoices.for_job(invoice_id)
        operation = invoice.last_operation
        if operation is None or operation.kind is not kind or operation.ended:
            return None
        if invoice.resume(operation, TransactionId(tools.new_id()), now=tools.clock()):
            work.books.invoices.save(invoice)
        certificate = work.books.schemas.certificate(invoice.account_id, invoice.schema.id)
    return Step(
        invoice=invoice,
        operation=operation,
        certificate=certificate,
        unsure=operation.unsure,
    )


def _signed(
    open_work: OpenWork, tools: Tools, step: Step, certificate: Certificate
) -> Signed | Rejected | CertificateRefused:
    """As it was kept; or signed now, and kept before anybody sends it."""
    operation, environment = step.operation, step.invoice.company.environment
    if operation.request is not None:
        return kept_request(tools, operation, environment)
    if operation.draft is None:
        return Rejected(errors=(Finding(code="", text="There is no draft."),))
    draft = Draft(environment=environment, id=operation.request_id, xml=tools.files.read(operation.draft))
    signed = tools.office.sign(draft, certificate)
    if isinstance(signed, Refused):
        return refused(signed)
    keep_request(open_work, tools, step, signed)
    return signed


def kept_request(tools: Tools, operation: Operation, environment: Environment) -> Signed:
    content = tools.files.read(operation.request or Digest(""))
    return Signed(environment=environment, id=operation.request_id, xml=content)


def keep_request(open_work: OpenWork, tools: Tools, step: Step, signed: Signed) -> None:
    digest, now = tools.files.keep_bytes(signed.xml), tools.clock()
    with open_work() as work:
        invoice, operation = current(work, step)
        operation.request, operation.request_id = digest, signed.id
        happened = provide(tools, invoice, operation, AssetKind.XML_REQUEST, digest, now=now)
        apply(work, invoice, happened, now=now)


def current(work: FiscalWork, step: Step) -> tuple[Invoice, Operation]:
    """As it stands now, for what is to be recorded."""
    invoice = work.books.invoices.for_job(step.invoice.id)
    return invoice, invoice.operation(step.operation.id)


def provide(
    tools: Tools,
    invoice: Invoice,
    operation: Operation,
    kind: AssetKind,
    digest: Digest,
    *,
    now: datetime,
) -> list[Happened]:
    """A file that is there as soon as it is known."""
    asset = _promised(tools, invoice, operation, kind, now=now)
    return invoice.provide(asset.id, digest, now=now)


def refused(by_us: Refused) -> Rejected:
    """What we would not send, said as the tax office says it."""
    return Rejected(
        errors=tuple(Finding(code=one.code, text=f"{one.field}: {one.text}") for one in by_us.problems)
    )


def _record(
    open_work: OpenWork, tools: Tools, step: Step, outcome: Issuing | Found, *, tries: int
) -> Later | None:
    def told(work: FiscalWork, invoice: Invoice, operation: Operation, now: datetime) -> Told:
        return _happened(work, tools, invoice, operation, outcome, tries=tries, now=now)

    return record(open_work, tools, step, _answer_of(outcome), told)


def record(
    open_work: OpenWork,
    tools: Tools,
    step: Step,
    answer: bytes,
    told: Callable[[FiscalWork, Invoice, Operation, datetime], Told],
) -> Later | None:
    """What became of it, and what follows from that, in one transaction; an empty answer is not kept."""
    # before the row that names it
    digest = tools.files.keep_bytes(answer) if answer else None
    now = tools.clock()
    with open_work() as work:
        invoice, operation = current(work, step)
        if operation.ended:
            return None
        happened, later = told(work, invoice, operation, now)
        if digest is not None:
            happened += provide(tools, invoice, operation, AssetKind.XML_RESPONSE, digest, now=now)
        apply(work, invoice, happened, now=now)
    return later


def _answer_of(outcome: Issuing | Found) -> bytes:
    match outcome:
        case Accepted(xml=content) | Rejected(exchange=content):
            return content
        case _:
            return b""


def _happened(
    work: FiscalWork,
    tools: Tools,
    invoice: Invoice,
    operation: Operation,
    outcome: Issuing | Found,
    *,
    tries: int,
    now: datetime,
) -> Told:
    match outcome:
        case Accepted():
            issued = Issued(key=outcome.key, number=outcome.number, at=outcome.processed_at)
            happened = invoice.accept(operation, issued, messages(outcome.alerts), now=now)
            promise_print(work, tools, invoice, operation, now=now)
            return happened, None
        case Rejected():
            happened = invoice.reject(operation, messages(outcome.errors), now=now)
            _free_number(work, invoice, operation)
            return happened, None
        case CertificateRefused() | Unknown() | Unreachable():
            return undecided(invoice, operation, outcome, tries=tries, now=now)
        case NotIssued():  # what is not issued was sent, and has another outcome
            return [], Later(reason="not issued")


def undecided(
    invoice: Invoice,
    operation: Operation,
    outcome: CertificateRefused | Unknown | Unreachable,
    *,
    tries: int,
    now: datetime,
) -> Told:
    """The tax office said nothing of the note itself."""
    match outcome:
        case CertificateRefused(reason=reason):
            return invoice.fail(operation, Message(code="certificate_refused", text=reason), now=now), None
        case Unknown(reason=reason):
            said = Message(code="no_answer", text=reason)
            return invoice.wait(operation, said, unsure=True, now=now), Later(reason=reason)
        case Unreachable(reason=reason):
            return _unreached(invoice, operation, reason, tries=tries, now=now)


def _unreached(invoice: Invoice, operation: Operation, reason: str, *, tries: int, now: datetime) -> Told:
    """Given up after days, but never while it may have been done."""
    message = Message(code="unreachable", text=reason)
    if tries >= MOST_TRIES and not operation.unsure:
        return invoice.fail(operation, message, now=now), None
    waits = invoice.wait(operation, message, unsure=False, now=now)
    return waits, Later(reason=reason)


def _free_number(work: FiscalWork, invoice: Invoice, operation: Operation) -> None:
    """Only when every sending was answered: one that was not might still arrive and be a note.

    Nor one that is another note's already: whoever took it next would be rejected as well.
    """
    last = operation.last_transaction
    if operation.unsure or (last and any(one.code in NUMBER_TAKEN for one in last.messages)):
        return
    number = invoice.give_number_back()
    if number is not None:
        code = invoice.company.registry_code
        work.books.sequences.give_back(invoice.account_id, code, invoice.series, number)


def promise_print(
    work: FiscalWork, tools: Tools, invoice: Invoice, operation: Operation, *, now: datetime
) -> None:
    """The paper is drawn by a job of its own: the note holds without it."""
    asset = _promised(tools, invoice, operation, AssetKind.PRINT, now=now)
    payload: dict[str, Json] = {"asset": asset.id, "canceled": invoice.canceled_at is not None}
    work.jobs.add(Job(kind=PRINT, key=invoice.id, due_at=now, payload=payload))


def _promised(
    tools: Tools, invoice: Invoice, operation: Operation, kind: AssetKind, *, now: datetime
) -> Asset:
    last = operation.last_transaction
    asset = Asset(
        id=AssetId(tools.new_id()),
        kind=kind,
        operation_id=operation.id,
        transaction_id=last.id if last else None,
        created_at=now,
        updated_at=now,
    )
    invoice.promise(asset)
    return asset


def messages(said: tuple[Finding, ...]) -> tuple[Message, ...]:
    return tuple(Message(code=one.code, text=one.text, remedy=one.remedy) for one in said)
