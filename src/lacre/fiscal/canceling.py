"""A note is canceled: the same steps as issuing it, for the event that says so."""

from __future__ import annotations

from lacre.fiscal import issuing
from lacre.fiscal.announcing import apply
from lacre.fiscal.invoice import Happened, Invoice
from lacre.fiscal.issuing import NO_CERTIFICATE, Later, OpenWork, Step, Tools
from lacre.fiscal.note import Cancellation, CancelReason
from lacre.fiscal.operation import AssetKind, Message, Operation, OperationKind
from lacre.fiscal.ports import (
    Cancelled,
    Cancelling,
    Certificate,
    CertificateRefused,
    FoundCancelled,
    NotCancelled,
    Refused,
    Rejected,
    Signed,
    Unknown,
    Unreachable,
)
from lacre.fiscal.repositories import FiscalWork
from lacre.kit.ids import Digest, InvoiceId


def cancel(open_work: OpenWork, tools: Tools, invoice_id: InvoiceId, *, tries: int) -> Later | None:
    """Safe to stop anywhere and to do again."""
    step = issuing.prepare(open_work, tools, invoice_id, OperationKind.CANCEL)
    if step is None:
        return None
    if step.certificate is None:
        return _record(open_work, tools, step, CertificateRefused(reason=NO_CERTIFICATE), tries=tries)
    signed = _signed(open_work, tools, step, step.certificate)
    if not isinstance(signed, Signed):
        return _record(open_work, tools, step, signed, tries=tries)
    found: FoundCancelled = NotCancelled()
    if step.unsure:
        found = tools.office.look_up_cancellation(signed, step.certificate)
    outcome: Cancelling | FoundCancelled = found
    if isinstance(found, NotCancelled):
        outcome = tools.office.cancel(signed, step.certificate)
    return _record(open_work, tools, step, outcome, tries=tries)


def _signed(open_work: OpenWork, tools: Tools, step: Step, certificate: Certificate) -> Signed | Rejected:
    operation, invoice = step.operation, step.invoice
    if operation.request is not None:
        return issuing.kept_request(tools, operation, invoice.company.environment)
    asked = Cancellation(
        environment=invoice.company.environment,
        key=invoice.issued.key if invoice.issued else "",
        author_tax_id=invoice.company.registry_code,
        asked_at=operation.created_at,
        text=operation.reason_text,
        reason=CancelReason(operation.reason),
    )
    signed = tools.office.sign_cancellation(asked, certificate)
    if isinstance(signed, Refused):
        return issuing.refused(signed)
    issuing.keep_request(open_work, tools, step, signed)
    return signed


def _record(
    open_work: OpenWork,
    tools: Tools,
    step: Step,
    outcome: Cancelling | FoundCancelled,
    *,
    tries: int,
) -> Later | None:
    answer, now = _answer_of(tools, outcome), tools.clock()
    with open_work() as work:
        invoice, operation = issuing.current(work, step)
        if operation.ended:
            return None
        happened, later = _happened(work, tools, invoice, operation, outcome, tries=tries)
        if answer is not None:
            happened += issuing.provide(tools, invoice, operation, AssetKind.XML_RESPONSE, answer, now=now)
        apply(work, invoice, happened, now=now)
    return later


def _answer_of(tools: Tools, outcome: Cancelling | FoundCancelled) -> Digest | None:
    match outcome:
        case Cancelled(xml=content) | Rejected(exchange=content) if content:
            return tools.files.keep_bytes(content)
        case _:
            return None


def _happened(
    work: FiscalWork,
    tools: Tools,
    invoice: Invoice,
    operation: Operation,
    outcome: Cancelling | FoundCancelled,
    *,
    tries: int,
) -> tuple[list[Happened], Later | None]:
    now = tools.clock()
    match outcome:
        case Cancelled(registered_at=at):
            happened = invoice.cancel(operation, at=at, now=now)
            issuing.promise_print(work, tools, invoice, operation, now=now)
            return happened, None
        case Rejected(errors=errors):
            return invoice.reject(operation, issuing.messages(errors), now=now), None
        case CertificateRefused(reason=reason):
            return invoice.fail(operation, Message(code="certificate_refused", text=reason), now=now), None
        case Unknown(reason=reason):
            said = Message(code="no_answer", text=reason)
            return invoice.wait(operation, said, unsure=True, now=now), Later(reason=reason)
        case Unreachable(reason=reason):
            return issuing.unreached(invoice, operation, reason, tries=tries, now=now)
        case NotCancelled():  # what is not registered was sent, and has another outcome
            return [], Later(reason="not canceled")
