"""Our API's names for what happens; each event has one, and each name means one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from lacre.dialects.native.wire.told import (
    Told,
    ToldAttachment,
    ToldEndpoint,
    ToldEnvelope,
    ToldExtraction,
    ToldFailedNotice,
    ToldFailedProof,
    ToldFile,
    ToldInvoice,
    ToldLimit,
    ToldNotice,
    ToldPhoto,
    ToldReading,
    ToldReason,
    ToldRefusal,
    ToldSigner,
    ToldTest,
)
from lacre.dialects.native.wire.values import Shown
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
    tells: type[Told]
    """The shape of its `data`."""
    means: str

    @property
    def group(self) -> str:
        """What it happens to."""
        return self.name.partition(".")[0]

    @cached_property
    def facts(self) -> frozenset[str]:
        """What of an event's own facts is told as it is."""
        shapes = {name for name, held in self.tells.model_fields.items() if _is_shape(held.annotation)}
        return frozenset(self.tells.model_fields) - shapes


def _is_shape(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Shown)


EVENT_TYPES: Mapping[str, EventType] = {
    events.ENVELOPE_CREATED: EventType(
        "envelope.created", ToldEnvelope, "An envelope was made, perhaps as a draft."
    ),
    events.ENVELOPE_SENT: EventType("envelope.sent", ToldEnvelope, "It is open to its signers."),
    events.ENVELOPE_VIEWED: EventType("envelope.viewed", ToldSigner, "A signer opened it, the first of all."),
    events.ENVELOPE_COMPLETED: EventType(
        "envelope.completed", ToldEnvelope, "Everybody signed, and the sealed files and the record are there."
    ),
    events.ENVELOPE_REFUSED: EventType(
        "envelope.refused", ToldRefusal, "A signer refused; `data.reason` says why."
    ),
    events.ENVELOPE_CANCELED: EventType("envelope.canceled", ToldReason, "Its sender withdrew it."),
    events.ENVELOPE_EXPIRED: EventType("envelope.expired", ToldEnvelope, "Its limit passed."),
    events.ENVELOPE_EXPIRING: EventType(
        "envelope.expiring", ToldLimit, "Its limit comes in `data.days_left` days: 7, 3 or 1."
    ),
    events.ENVELOPE_RESENT: EventType(
        "envelope.resent", ToldEnvelope, "It was opened again or its links were renewed."
    ),
    events.ENVELOPE_CHANGED: EventType(
        "envelope.changed", ToldEnvelope, "Title, folder, limit, documents or fields."
    ),
    events.ENVELOPE_DELETED: EventType(
        "envelope.deleted", ToldEnvelope, "It is hidden and closed; its files stay."
    ),
    events.FILES_REBUILT: EventType("envelope.rebuilt", ToldEnvelope, "Its sealed files were made again."),
    events.FILES_VOIDED: EventType(
        "envelope.voided", ToldReason, "Refused or canceled: copies that say so on every page are there."
    ),
    events.SIGNER_ADDED: EventType("signer.added", ToldSigner, "A signer joined."),
    events.SIGNER_CHANGED: EventType(
        "signer.changed", ToldSigner, "A signer's particulars or fields changed."
    ),
    events.SIGNER_REMOVED: EventType("signer.removed", ToldSigner, "A signer was taken out."),
    events.SIGNER_NOTIFIED: EventType(
        "signer.notified",
        ToldNotice,
        "A message went to a signer: `data.channel`, `data.kind`; or none of that channel leaves here,"
        " and it was only kept: `data.kept`.",
    ),
    events.SIGNER_DELIVERY_FAILED: EventType(
        "signer.delivery_failed",
        ToldFailedNotice,
        "A message could not be delivered: `data.address`, `data.reason`.",
    ),
    events.SIGNER_VIEWED: EventType("signer.viewed", ToldSigner, "A signer opened their link, each time."),
    events.SIGNER_READ: EventType("signer.read", ToldSigner, "A signer confirmed having read everything."),
    events.SIGNER_IDENTIFIED: EventType(
        "signer.identified", ToldSigner, "A signer confirmed the code they were sent."
    ),
    events.SIGNER_AUTHENTICATION_FAILED: EventType(
        "signer.authentication_failed",
        ToldFailedProof,
        "A signer failed to say who they are, as often as is allowed: `data.attempts_used` of"
        " `data.max_attempts`; `data.reason` is wrong_code, wrong_tax_id or certificate_of_another.",
    ),
    events.SIGNER_ATTACHED: EventType(
        "signer.attached",
        ToldAttachment,
        "A signer brought a file that was asked of them: `data.attachment`, `data.file`.",
    ),
    events.SIGNER_PHOTOGRAPHED: EventType(
        "signer.photographed", ToldPhoto, "A signer took a photo that was asked of them: `data.photo`."
    ),
    events.SIGNER_UNLOCKED: EventType(
        "signer.unlocked", ToldSigner, "Its sender lets a locked out signer try again."
    ),
    events.SIGNER_SIGNED: EventType("signer.signed", ToldSigner, "A signer signed; the seal follows."),
    events.SIGNER_RELEASED: EventType(
        "signer.released",
        ToldSigner,
        "Enough others of their group have signed: a signer is not needed any more.",
    ),
    events.ACT_SEALED: EventType("signer.sealed", ToldSigner, "The sealed files hold this signer's act."),
    events.SIGNER_REFUSED: EventType(
        "signer.refused", ToldRefusal, "A signer refused; `data.reason` says why."
    ),
    of_processing.DOCUMENT_RECEIVED: EventType(
        "document.received", ToldExtraction, "A document came to be processed."
    ),
    of_processing.DOCUMENT_PROCESSED: EventType(
        "document.processed",
        ToldReading,
        "A document was read, and its fields found; or a person put the value of `data.corrected` right.",
    ),
    of_processing.DOCUMENT_FAILED: EventType(
        "document.failed",
        ToldExtraction,
        "A document could not be processed: `data.extraction.problem` says why.",
    ),
    of_invoices.INVOICE_PROCESSING: EventType("invoice.processing", ToldInvoice, "An invoice was ordered."),
    of_invoices.INVOICE_WAITING: EventType(
        "invoice.waiting", ToldInvoice, "The tax office did not answer, or did not say what became of it."
    ),
    of_invoices.INVOICE_ISSUED: EventType("invoice.issued", ToldInvoice, "The tax office issued the note."),
    of_invoices.INVOICE_CANCELED: EventType("invoice.canceled", ToldInvoice, "The note is canceled."),
    of_invoices.INVOICE_FAILED: EventType(
        "invoice.failed", ToldInvoice, "It could not be issued, and was not judged: it can be tried again."
    ),
    of_invoices.INVOICE_REJECTED: EventType(
        "invoice.rejected", ToldInvoice, "The tax office refused the note; the operation's messages say why."
    ),
    of_invoices.OPERATION_PROCESSING: EventType(
        "operation.processing", ToldInvoice, "An issue or a cancel began."
    ),
    of_invoices.OPERATION_WAITING: EventType(
        "operation.waiting", ToldInvoice, "It waits for the tax office."
    ),
    of_invoices.OPERATION_SUCCEEDED: EventType("operation.succeeded", ToldInvoice, "It is done."),
    of_invoices.OPERATION_FAILED: EventType(
        "operation.failed", ToldInvoice, "It could not be done, and was not judged."
    ),
    of_invoices.OPERATION_REJECTED: EventType(
        "operation.rejected", ToldInvoice, "The tax office refused it."
    ),
    of_invoices.ASSET_AVAILABLE: EventType(
        "asset.available", ToldFile, "A file about an invoice, `data.file`, can be fetched."
    ),
    of_endpoints.ENDPOINT_FAILING: EventType(
        "endpoint.failing",
        ToldEndpoint,
        "Another endpoint, `data.endpoint_id`, has been failing for more than a minute.",
    ),
    of_endpoints.ENDPOINT_PAUSED: EventType(
        "endpoint.paused",
        ToldEndpoint,
        "Another endpoint failed for five days, or said that it is gone: we disabled it.",
    ),
    of_endpoints.ENDPOINT_RECOVERED: EventType(
        "endpoint.recovered", ToldEndpoint, "Another endpoint takes what it is told again."
    ),
}
SILENCES: Mapping[str, str] = {}
"""Events that are not told, and why: there is none."""
TESTED_TYPE = EventType(TEST, ToldTest, "Nothing happened: an owner asked for a test of an endpoint.")
EVENTS: Mapping[str, str] = {kind.name: event for event, kind in EVENT_TYPES.items()}
"""The other direction."""
SAMPLES: Mapping[str, str] = {TEST: TESTED, **dict(sorted(EVENTS.items()))}
_TOLD: Mapping[str, EventType] = {**EVENT_TYPES, TESTED: TESTED_TYPE}


def event_type(event: str) -> str | None:
    """What an event is called; `None` for one of another dialect."""
    kind = of_event(event)
    return kind.name if kind else None


def told(event: Event) -> EventType:
    """What an event is that we are asked to tell."""
    kind = of_event(event.type)
    if kind is None:
        raise ValueError(f"{event.type} has no word here")
    return kind


def of_event(event: str) -> EventType | None:
    """The same, of whatever is asked for."""
    return _TOLD.get(event)


def unknown(name: str, known: Iterable[str]) -> str:
    """That there is no such type, and which ones may have been meant."""
    near = " or ".join(f"`{one}`" for one in get_close_matches(name, list(known), n=3))
    return "There is no such event type" + (f"; did you mean {near}?" if near else ".")


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
