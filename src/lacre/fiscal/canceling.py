"""A note is canceled: the same steps as issuing it, for the event that says so."""

from __future__ import annotations

from datetime import datetime

from lacre.fiscal import issuing
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.issuing import NO_CERTIFICATE, Later, OpenWork, Step, Told, Tools
from lacre.fiscal.note import Cancellation, CancelReason
from lacre.fiscal.operation import Operation, OperationKind
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
from lacre.kit.ids import InvoiceId


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
    def told(work: FiscalWork, invoice: Invoice, operation: Operation, now: datetime) -> Told:
        return _happened(work, tools, invoice, operation, outcome, tries=tries, now=now)

    return issuing.record(open_work, tools, step, _answer_of(outcome), told)


def _answer_of(outcome: Cancelling | FoundCancelled) -> bytes:
    match outcome:
        case Cancelled(xml=content) | Rejected(exchange=content):
            return content
        case _:
            return b""


def _happened(
    work: FiscalWork,
    tools: Tools,
    invoice: Invoice,
    operation: Operation,
    outcome: Cancelling | FoundCancelled,
    *,
    tries: int,
    now: datetime,
) -> Told:
    match outcome:
        case Cancelled(registered_at=at):
            happened = invoice.cancel(operation, at=at, now=now)
            issuing.promise_print(work, tools, invoice, operation, now=now)
            return happened, None
        case Rejected(errors=errors):
            return invoice.reject(operation, issuing.messages(errors), now=now), None
        case CertificateRefused() | Unknown() | Unreachable():
            return issuing.undecided(invoice, operation, outcome, tries=tries, now=now)
        case NotCancelled():  # what is not registered was sent, and has another outcome
            return [], Later(reason="not canceled")
