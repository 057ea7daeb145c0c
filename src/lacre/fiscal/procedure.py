"""What issuing and cancelling have in common: one step at a time, each kept before the next.

Signed and kept; sent; the answer kept. Whoever finds an exchange that was begun and not ended does not know
whether it was sent: they ask the tax office first. The same bytes are sent again, and never others.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from lacre.documents.files import Files
from lacre.fiscal.actions import FETCH, PRINT
from lacre.fiscal.announcing import apply
from lacre.fiscal.invoice import Happened, Invoice
from lacre.fiscal.municipality import Consulted
from lacre.fiscal.note import Environment
from lacre.fiscal.operation import Asset, AssetKind, Message, Operation, OperationKind
from lacre.fiscal.ports import (
    Accepted,
    Cancelled,
    Certificate,
    CertificateRefused,
    Finding,
    Municipalities,
    NotCancelled,
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
MOST_TRIES = 60
"""Two days. What may have been done is asked about for as long as it takes; what is known not to have been
is not sent once more."""
NO_CERTIFICATE = CertificateRefused(reason="O tipo de documento não tem mais certificado.")
GIVEN_UP = Message(
    code="given_up",
    text="Durante dois dias o sistema nacional falhou ou não respondeu; agora diz que nada foi registrado.",
    remedy="Tente de novo: vale o mesmo número, e nada é emitido duas vezes.",
)


@dataclass(frozen=True, kw_only=True)
class Tools:
    office: TaxOffice
    municipalities: Municipalities
    printer: NotePrinter
    files: Files
    new_id: Callable[[], str]
    clock: Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Later:
    """It must be tried again; the reason is kept with the job."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was found before anything is sent."""

    invoice: Invoice
    operation: Operation
    certificate: Certificate | None
    unsure: bool
    """The request may have been sent, and nobody said what became of it."""
    notices: tuple[Finding, ...] = ()
    """Told with whatever becomes of it."""

    @property
    def environment(self) -> Environment:
        return self.invoice.company.environment


Absent: TypeAlias = NotIssued | NotCancelled
"""What the tax office knows nothing of."""
Undecided: TypeAlias = CertificateRefused | Unknown | Unreachable
"""The tax office said nothing of the note itself."""
Done = TypeVar("Done", Accepted, Cancelled)
Told = tuple[list[Happened], Later | None]
"""What is to be announced, and whether it is tried again."""


class Procedure(Protocol[Done]):
    """How one kind of operation differs from the others."""

    kind: OperationKind

    def consult(self, tools: Tools, step: Step) -> Consulted:
        """Before anything is signed: what rules it out, and what is told with whatever becomes of it."""
        ...

    def sign(self, tools: Tools, step: Step, certificate: Certificate) -> Signed | Refused: ...

    def look_up(
        self, office: TaxOffice, signed: Signed, certificate: Certificate
    ) -> Done | Absent | Rejected | Undecided: ...

    def send(
        self, office: TaxOffice, signed: Signed, certificate: Certificate
    ) -> Done | Rejected | Undecided: ...

    def succeed(
        self, invoice: Invoice, operation: Operation, done: Done, *, now: datetime
    ) -> list[Happened]: ...

    def rejected(self, work: FiscalWork, invoice: Invoice, operation: Operation) -> None:
        """What follows from it besides."""
        ...

    def ended(
        self, work: FiscalWork, tools: Tools, invoice: Invoice, operation: Operation, *, now: datetime
    ) -> None:
        """What it means for another invoice; in the transaction that records it."""
        ...


def carry_out(
    procedure: Procedure[Done], open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, *, tries: int
) -> Later | None:
    """Safe to stop anywhere and to do again."""
    step = _prepare(open_work, tools, invoice_id, procedure.kind)
    if step is None:
        return None
    asked = procedure.consult(tools, step)
    step = replace(step, notices=asked.notices)
    if asked.errors:
        refused = Rejected(errors=asked.errors)
        return _record(procedure, open_work, tools, step, refused, tries=tries)
    outcome = _outcome(procedure, open_work, tools, step, tries=tries)
    return _record(procedure, open_work, tools, step, outcome, tries=tries)


def _prepare(open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, kind: OperationKind) -> Step | None:
    """`None` when there is nothing left to do."""
    with open_work() as work:
        invoice = work.books.invoices.for_job(invoice_id)
        operation = invoice.last_operation
        if operation is None or operation.kind is not kind or operation.ended:
            return None
        if invoice.resume(operation, TransactionId(tools.new_id()), now=tools.clock()):
            work.books.invoices.save(invoice)
        certificate = work.books.schemas.certificate(invoice.account_id, invoice.schema.id)
    return Step(invoice=invoice, operation=operation, certificate=certificate, unsure=operation.unsure)


def _outcome(
    procedure: Procedure[Done], open_work: OpenWork, tools: Tools, step: Step, *, tries: int
) -> Done | Absent | Rejected | Undecided:
    if step.certificate is None:
        return NO_CERTIFICATE
    signed = _signed(procedure, open_work, tools, step, step.certificate)
    if isinstance(signed, Refused):
        return _refused(signed)
    if step.unsure:
        found = procedure.look_up(tools.office, signed, step.certificate)
        if tries >= MOST_TRIES or not isinstance(found, NotIssued | NotCancelled):
            return found
    return procedure.send(tools.office, signed, step.certificate)


def _signed(
    procedure: Procedure[Done], open_work: OpenWork, tools: Tools, step: Step, certificate: Certificate
) -> Signed | Refused:
    """As it was kept; or signed now, and kept before anybody sends it."""
    operation = step.operation
    if operation.request is not None:
        content = tools.files.read(operation.request)
        return Signed(environment=step.environment, id=operation.request_id, xml=content)
    signed = procedure.sign(tools, step, certificate)
    if isinstance(signed, Signed):
        _keep(open_work, tools, step, signed)
    return signed


def _keep(open_work: OpenWork, tools: Tools, step: Step, signed: Signed) -> None:
    digest, now = tools.files.keep_bytes(signed.xml), tools.clock()
    with open_work() as work:
        invoice, operation = _current(work, step)
        operation.request, operation.request_id = digest, signed.id
        happened = provide(tools, invoice, operation, AssetKind.XML_REQUEST, digest, now=now)
        apply(work, invoice, happened, now=now)


def _refused(by_us: Refused) -> Rejected:
    """What we would not send, said as the tax office says it."""
    return Rejected(
        errors=tuple(Finding(code=one.code, text=f"{one.field}: {one.advice}") for one in by_us.problems)
    )


# ── what became of it ────────────────────────────────────────────────────────


def _record(
    procedure: Procedure[Done],
    open_work: OpenWork,
    tools: Tools,
    step: Step,
    outcome: Done | Absent | Rejected | Undecided,
    *,
    tries: int,
) -> Later | None:
    """With what follows from that, in one transaction."""
    # before the row that names it
    digest, now = _kept_answer(tools, outcome), tools.clock()
    with open_work() as work:
        invoice, operation = _current(work, step)
        if operation.ended:
            return None
        happened, later = _told(procedure, work, tools, invoice, operation, outcome, tries=tries, now=now)
        invoice.remark(operation, messages(step.notices))
        if digest is not None:
            happened += provide(tools, invoice, operation, AssetKind.XML_RESPONSE, digest, now=now)
        apply(work, invoice, happened, now=now)
        if operation.ended:
            procedure.ended(work, tools, invoice, operation, now=now)
    return later


def _kept_answer(
    tools: Tools, outcome: Accepted | Cancelled | Absent | Rejected | Undecided
) -> Digest | None:
    match outcome:
        case Accepted(xml=content) | Cancelled(xml=content) | Rejected(exchange=content) if content:
            return tools.files.keep_bytes(content)
        case _:
            return None


def _told(
    procedure: Procedure[Done],
    work: FiscalWork,
    tools: Tools,
    invoice: Invoice,
    operation: Operation,
    outcome: Done | Absent | Rejected | Undecided,
    *,
    tries: int,
    now: datetime,
) -> Told:
    match outcome:
        case Rejected():
            happened = invoice.reject(operation, messages(outcome.errors), now=now)
            procedure.rejected(work, invoice, operation)
            return happened, None
        case NotIssued() | NotCancelled():
            return invoice.fail(operation, GIVEN_UP, now=now), None
        case CertificateRefused() | Unknown() | Unreachable():
            return _undecided(invoice, operation, outcome, tries=tries, now=now)
        case _:
            happened = procedure.succeed(invoice, operation, outcome, now=now)
            promise_print(work, tools, invoice, operation, now=now)
            return happened, None


def _undecided(
    invoice: Invoice, operation: Operation, outcome: Undecided, *, tries: int, now: datetime
) -> Told:
    match outcome:
        case CertificateRefused(reason=reason):
            return invoice.fail(operation, _certificate_refused(reason), now=now), None
        case Unknown(reason=reason):
            said = Message(
                code="no_answer",
                text=f"O sistema nacional não respondeu: {reason}",
                remedy="O Lacre pergunta o que foi feito antes de enviar de novo.",
                facts=(reason,),
            )
            return invoice.wait(operation, said, unsure=True, now=now), Later(reason=reason)
        case Unreachable(reason=reason):
            return _unreached(invoice, operation, reason, tries=tries, now=now)


def _certificate_refused(reason: str) -> Message:
    if reason == NO_CERTIFICATE.reason:
        return Message(code="no_certificate", text=reason, remedy="Envie o certificado A1 e tente de novo.")
    return Message(
        code="certificate_refused",
        text=f"O sistema nacional recusou o certificado: {reason}",
        remedy="Envie um certificado válido da empresa e tente de novo.",
        facts=(reason,),
    )


def _unreached(invoice: Invoice, operation: Operation, reason: str, *, tries: int, now: datetime) -> Told:
    """Given up after days, but never while it may have been done."""
    message = Message(
        code="unreachable", text=f"O sistema nacional não foi alcançado: {reason}", facts=(reason,)
    )
    if tries >= MOST_TRIES and not operation.unsure:
        return invoice.fail(operation, message, now=now), None
    waits = invoice.wait(operation, message, unsure=False, now=now)
    return waits, Later(reason=reason)


def _current(work: FiscalWork, step: Step) -> tuple[Invoice, Operation]:
    """As it stands now, for what is to be recorded."""
    invoice = work.books.invoices.for_job(step.invoice.id)
    return invoice, invoice.operation(step.operation.id)


# ── files ────────────────────────────────────────────────────────────────────


def provide(
    tools: Tools, invoice: Invoice, operation: Operation, kind: AssetKind, digest: Digest, *, now: datetime
) -> list[Happened]:
    """A file that is there as soon as it is known."""
    asset = _promised(tools, invoice, operation, kind, now=now)
    return invoice.provide(asset.id, digest, now=now)


def promise_print(
    work: FiscalWork, tools: Tools, invoice: Invoice, operation: Operation, *, now: datetime
) -> None:
    """The paper is drawn by a job of its own: the note holds without it."""
    asset = _promised(tools, invoice, operation, AssetKind.PRINT, now=now)
    payload: dict[str, Json] = {"asset": asset.id, "canceled": invoice.canceled_at is not None}
    work.jobs.add(Job(kind=PRINT, key=invoice.id, due_at=now, payload=payload, account_id=invoice.account_id))


def want_replacement(work: FiscalWork, invoice: Invoice, operation: Operation, *, now: datetime) -> None:
    """The event that the tax office registered by itself comes by a job: the note is replaced without."""
    payload: dict[str, Json] = {"operation": operation.id}
    work.jobs.add(Job(kind=FETCH, key=invoice.id, due_at=now, payload=payload, account_id=invoice.account_id))


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
    return tuple(Message(code=one.code, text=one.text, remedy=one.remedy, facts=one.facts) for one in said)
