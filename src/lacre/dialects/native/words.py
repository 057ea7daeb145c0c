"""Our API's names for what happens; each event has one, and each name means one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lacre.fiscal import events as of_invoices
from lacre.kit.events import Event
from lacre.processing import events as of_processing
from lacre.processing.extraction import Trouble
from lacre.processing.ports import Unreadable
from lacre.signing import events
from lacre.webhooks import events as of_endpoints

TESTED = "native.endpoint_tested"
"""Of what is told only when an owner asks for a test, and for nothing in particular."""
TEST = "endpoint.test"


@dataclass(frozen=True)
class EventType:
    name: str
    means: str


EVENT_TYPES: Mapping[str, EventType] = {
    events.ENVELOPE_CREATED: EventType("envelope.created", "An envelope was made, perhaps as a draft."),
    events.ENVELOPE_SENT: EventType("envelope.sent", "It is open to its signers."),
    events.ENVELOPE_VIEWED: EventType("envelope.viewed", "A signer opened it, the first of all."),
    events.ENVELOPE_COMPLETED: EventType(
        "envelope.completed", "Everybody signed, and the sealed files and the record are there."
    ),
    events.ENVELOPE_REFUSED: EventType("envelope.refused", "A signer refused; `data.reason` says why."),
    events.ENVELOPE_CANCELED: EventType("envelope.canceled", "Its sender withdrew it."),
    events.ENVELOPE_EXPIRED: EventType("envelope.expired", "Its limit passed."),
    events.ENVELOPE_EXPIRING: EventType(
        "envelope.expiring", "Its limit comes in `data.days_left` days: 7, 3 or 1."
    ),
    events.ENVELOPE_RESENT: EventType("envelope.resent", "It was opened again or its links were renewed."),
    events.ENVELOPE_CHANGED: EventType("envelope.changed", "Title, folder, limit, documents or fields."),
    events.ENVELOPE_DELETED: EventType("envelope.deleted", "It is hidden and closed; its files stay."),
    events.FILES_REBUILT: EventType("envelope.rebuilt", "Its sealed files were made again."),
    events.FILES_VOIDED: EventType(
        "envelope.voided", "Refused or canceled: copies that say so on every page are there."
    ),
    events.SIGNER_ADDED: EventType("signer.added", "A signer joined."),
    events.SIGNER_CHANGED: EventType("signer.changed", "A signer's particulars or fields changed."),
    events.SIGNER_REMOVED: EventType("signer.removed", "A signer was taken out."),
    events.SIGNER_NOTIFIED: EventType(
        "signer.notified",
        "A message went to a signer: `data.channel`, `data.kind`; or none of that channel leaves here,"
        " and it was only kept: `data.kept`.",
    ),
    events.SIGNER_DELIVERY_FAILED: EventType(
        "signer.delivery_failed", "A message could not be delivered: `data.address`, `data.reason`."
    ),
    events.SIGNER_VIEWED: EventType("signer.viewed", "A signer opened their link, each time."),
    events.SIGNER_READ: EventType("signer.read", "A signer confirmed having read everything."),
    events.SIGNER_IDENTIFIED: EventType("signer.identified", "A signer confirmed the code they were sent."),
    events.SIGNER_AUTHENTICATION_FAILED: EventType(
        "signer.authentication_failed",
        "A signer failed to say who they are, as often as is allowed: `data.attempts_used` of"
        " `data.max_attempts`; `data.reason` is wrong_code, wrong_tax_id or certificate_of_another.",
    ),
    events.SIGNER_ATTACHED: EventType(
        "signer.attached", "A signer brought a file that was asked of them: `data.attachment`, `data.file`."
    ),
    events.SIGNER_PHOTOGRAPHED: EventType(
        "signer.photographed", "A signer took a photo that was asked of them: `data.photo`."
    ),
    events.SIGNER_UNLOCKED: EventType("signer.unlocked", "Its sender lets a locked out signer try again."),
    events.SIGNER_SIGNED: EventType("signer.signed", "A signer signed; the seal follows."),
    events.SIGNER_RELEASED: EventType(
        "signer.released", "Enough others of their group have signed: a signer is not needed any more."
    ),
    events.ACT_SEALED: EventType("signer.sealed", "The sealed files hold this signer's act."),
    events.SIGNER_REFUSED: EventType("signer.refused", "A signer refused; `data.reason` says why."),
    of_processing.DOCUMENT_RECEIVED: EventType("document.received", "A document came to be processed."),
    of_processing.DOCUMENT_PROCESSED: EventType(
        "document.processed",
        "A document was read, and its fields found; or a person put the value of `data.corrected` right.",
    ),
    of_processing.DOCUMENT_FAILED: EventType(
        "document.failed", "A document could not be processed: `data.extraction.problem` says why."
    ),
    of_invoices.INVOICE_PROCESSING: EventType("invoice.processing", "An invoice was ordered."),
    of_invoices.INVOICE_WAITING: EventType(
        "invoice.waiting", "The tax office did not answer, or did not say what became of it."
    ),
    of_invoices.INVOICE_ISSUED: EventType("invoice.issued", "The tax office issued the note."),
    of_invoices.INVOICE_CANCELED: EventType("invoice.canceled", "The note is canceled."),
    of_invoices.INVOICE_FAILED: EventType(
        "invoice.failed", "It could not be issued, and was not judged: it can be tried again."
    ),
    of_invoices.INVOICE_REJECTED: EventType(
        "invoice.rejected", "The tax office refused the note; the operation's messages say why."
    ),
    of_invoices.OPERATION_PROCESSING: EventType("operation.processing", "An issue or a cancel began."),
    of_invoices.OPERATION_WAITING: EventType("operation.waiting", "It waits for the tax office."),
    of_invoices.OPERATION_SUCCEEDED: EventType("operation.succeeded", "It is done."),
    of_invoices.OPERATION_FAILED: EventType("operation.failed", "It could not be done, and was not judged."),
    of_invoices.OPERATION_REJECTED: EventType("operation.rejected", "The tax office refused it."),
    of_invoices.ASSET_AVAILABLE: EventType(
        "asset.available", "A file about an invoice, `data.file`, can be fetched."
    ),
    of_endpoints.ENDPOINT_FAILING: EventType(
        "endpoint.failing", "Another endpoint, `data.endpoint_id`, has been failing for more than a minute."
    ),
    of_endpoints.ENDPOINT_PAUSED: EventType(
        "endpoint.paused", "Another endpoint failed for five days, or said that it is gone: we disabled it."
    ),
    of_endpoints.ENDPOINT_RECOVERED: EventType(
        "endpoint.recovered", "Another endpoint takes what it is told again."
    ),
}
SILENCES: Mapping[str, str] = {}
"""Events that are not told, and why: there is none."""
EVENTS: Mapping[str, str] = {kind.name: event for event, kind in EVENT_TYPES.items()}
"""The other direction."""
SAMPLES: Mapping[str, str] = {TEST: TESTED, **dict(sorted(EVENTS.items()))}


def event_type(event: str) -> str | None:
    """What an event is called; `None` for one of another dialect."""
    if event == TESTED:
        return TEST
    kind = EVENT_TYPES.get(event)
    return kind.name if kind else None


def told(event: Event) -> str:
    """The same, of an event that we are asked to tell."""
    said = event_type(event.type)
    if said is None:
        raise ValueError(f"{event.type} has no word here")
    return said


PROBLEMS: Mapping[str, str] = {
    Unreadable.PASSWORD: "The file has a password: send it without one.",
    Unreadable.BROKEN: "The file is damaged.",
    Unreadable.EMPTY: "The file is empty.",
    Unreadable.TOO_MANY_PAGES: "The file has too many pages: send a part of it.",
    Unreadable.TOO_LARGE: "The file is too large, or unpacks to too much.",
    Unreadable.UNKNOWN_KIND: "This kind of file is not read: send PDF, DOCX, PNG, JPEG, TIFF, WebP or HEIC.",
    Unreadable.TOO_SLOW: "The file took too long to read.",
    Unreadable.NO_OFFICE: "This server reads no DOCX: LibreOffice is missing.",
    Trouble.CANCELED: "Somebody cancelled it.",
    Trouble.NO_SUCH_PAGE: "The file has no such page.",
    Trouble.GAVE_UP: "The file ended every attempt to read it.",
    Trouble.INPUT_GONE: "The file is no longer kept: send it again.",
    Trouble.TYPE_FAILED: "The rules of its type took too long on it.",
}
"""Why a document was not processed: every reason has a sentence, before what is known besides."""
