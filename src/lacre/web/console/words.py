"""What events, failures and states are called on pages; in English, as the catalogues know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from lacre.fiscal import events as of_invoices
from lacre.processing import events as of_processing
from lacre.processing.extraction import Reply, Trouble
from lacre.processing.ports import Unreadable
from lacre.signing import events, identifying
from lacre.webhooks import events as of_endpoints

EVENTS: Mapping[str, str] = {
    events.ENVELOPE_CREATED: "Document created",
    events.ENVELOPE_SENT: "Sent to be signed",
    events.ENVELOPE_VIEWED: "Opened for the first time",
    events.ENVELOPE_COMPLETED: "Completed",
    events.ENVELOPE_REFUSED: "Closed by a refusal",
    events.ENVELOPE_CANCELED: "Canceled",
    events.ENVELOPE_EXPIRED: "Expired",
    events.ENVELOPE_EXPIRING: "Close to its limit",
    events.ENVELOPE_RESENT: "Sent again",
    events.ENVELOPE_CHANGED: "Document changed",
    events.ENVELOPE_DELETED: "Deleted",
    events.FILES_REBUILT: "Signed files made again",
    events.FILES_VOIDED: "Copies marked as refused",
    events.SIGNER_ADDED: "Signer added",
    events.SIGNER_CHANGED: "Signer changed",
    events.SIGNER_REMOVED: "Signer removed",
    events.SIGNER_NOTIFIED: "Message to a signer",
    events.SIGNER_DELIVERY_FAILED: "Message not delivered",
    events.SIGNER_VIEWED: "Opened the document",
    events.SIGNER_READ: "Confirmed reading",
    events.SIGNER_IDENTIFIED: "Said who they are",
    events.SIGNER_AUTHENTICATION_FAILED: "Failed to say who they are",
    events.SIGNER_ATTACHED: "Attached a file",
    events.SIGNER_PHOTOGRAPHED: "Took a photo",
    events.SIGNER_UNLOCKED: "May try again",
    events.SIGNER_SIGNED: "Has signed",
    events.SIGNER_RELEASED: "Not needed any more",
    events.SIGNER_REFUSED: "Has refused",
    events.ACT_SEALED: "Signature sealed",
    of_invoices.INVOICE_PROCESSING: "Invoice ordered",
    of_invoices.INVOICE_WAITING: "Invoice waits for the tax office",
    of_invoices.INVOICE_ISSUED: "Invoice issued",
    of_invoices.INVOICE_CANCELED: "Invoice canceled",
    of_invoices.INVOICE_FAILED: "Invoice not issued",
    of_invoices.INVOICE_REJECTED: "Invoice rejected",
    of_invoices.OPERATION_PROCESSING: "Operation begun",
    of_invoices.OPERATION_WAITING: "Operation waits for the tax office",
    of_invoices.OPERATION_SUCCEEDED: "Operation done",
    of_invoices.OPERATION_FAILED: "Operation failed",
    of_invoices.OPERATION_REJECTED: "Operation rejected",
    of_invoices.ASSET_AVAILABLE: "File of an invoice available",
    of_processing.DOCUMENT_RECEIVED: "Document received for reading",
    of_processing.DOCUMENT_PROCESSED: "Document read",
    of_processing.DOCUMENT_FAILED: "Document could not be read",
    of_endpoints.ENDPOINT_FAILING: "Another webhook is failing",
    of_endpoints.ENDPOINT_PAUSED: "Another webhook was turned off",
    of_endpoints.ENDPOINT_RECOVERED: "Another webhook works again",
}

GROUPS: Mapping[str, str] = {
    "signing.envelope": "Documents to sign",
    "signing.files": "Documents to sign",
    "signing.signer": "Signers",
    "signing.act": "Signers",
    "processing.document": "Documents to read",
    "fiscal.invoice": "Invoices",
    "fiscal.operation": "Operations of invoices",
    "fiscal.asset": "Files of invoices",
    "webhooks.endpoint": "Webhooks",
}
"""What events happen to, by the first word of each."""

MESSAGES: Mapping[bool, str] = {False: "Message sent", True: "Message kept, not sent"}
"""Of one message: whether it was only kept."""

NOT_PROVED: Mapping[str, str] = {
    identifying.WRONG_CODE: "The code was wrong.",
    identifying.WRONG_TAX_ID: "The CPF or CNPJ was not theirs.",
    identifying.CERTIFICATE_OF_ANOTHER: "The certificate was somebody else’s.",
}
"""Why somebody failed to say who they are."""
FAILED_TO_PROVE = events.SIGNER_AUTHENTICATION_FAILED

ICONS: Mapping[str, str] = {
    events.ENVELOPE_CREATED: "file-text",
    events.ENVELOPE_SENT: "send",
    events.ENVELOPE_COMPLETED: "badge-check",
    events.ENVELOPE_CANCELED: "circle-x",
    events.ENVELOPE_EXPIRED: "hourglass",
    events.ENVELOPE_EXPIRING: "hourglass",
    events.ENVELOPE_RESENT: "send",
    events.ENVELOPE_DELETED: "trash-2",
    events.FILES_REBUILT: "refresh-cw",
    events.FILES_VOIDED: "file-x",
    events.SIGNER_ADDED: "user",
    events.SIGNER_REMOVED: "user",
    events.SIGNER_NOTIFIED: "mail",
    events.SIGNER_DELIVERY_FAILED: "circle-alert",
    events.SIGNER_VIEWED: "eye",
    events.SIGNER_READ: "file-check",
    events.SIGNER_IDENTIFIED: "fingerprint",
    events.SIGNER_AUTHENTICATION_FAILED: "shield-alert",
    events.SIGNER_ATTACHED: "paperclip",
    events.SIGNER_PHOTOGRAPHED: "camera",
    events.SIGNER_UNLOCKED: "lock-open",
    events.SIGNER_SIGNED: "pen-line",
    events.SIGNER_RELEASED: "user",
    events.SIGNER_REFUSED: "ban",
    events.ACT_SEALED: "stamp",
}

PROCESSING_PROBLEMS: Mapping[str, str] = {
    Unreadable.PASSWORD: "The file has a password. Send it without one.",
    Unreadable.BROKEN: "The file is damaged.",
    Unreadable.EMPTY: "The file is empty.",
    Unreadable.TOO_MANY_PAGES: "The file has too many pages. Choose some of them.",
    Unreadable.TOO_LARGE: "The file is too large, or unpacks to too much.",
    Unreadable.UNKNOWN_KIND: "This kind of file cannot be read. Send a PDF, a DOCX or a picture.",
    Unreadable.TOO_SLOW: "The file took too long to read.",
    Unreadable.NO_OFFICE: "This server cannot read DOCX: LibreOffice is missing.",
    Trouble.CANCELED: "Somebody cancelled it.",
    Trouble.NO_SUCH_PAGE: "The file has no such page.",
    Trouble.GAVE_UP: "The file ended every attempt to read it.",
    Trouble.INPUT_GONE: "The file is no longer kept. Send it again.",
    Trouble.TYPE_FAILED: "The rules of its type took too long on it.",
}

REPLIES: Mapping[str, str] = {
    Reply.NOT_ON_PAGE: "The language model said “{0}”, which is not on the document. It was left out.",
    Reply.NOT_USABLE: "The language model said “{0}”, which is no such value. It was left out.",
    Reply.UNREACHABLE: "The language model could not be reached. These values are by the rules alone.",
    Reply.TOO_SLOW: "The language model took too long. These values are by the rules alone.",
    Reply.REFUSED: "The language model answered with an error ({0}). These values are by the rules alone.",
    Reply.NOT_JSON: "The language model did not answer as asked. These values are by the rules alone.",
    Reply.UNCHECKED: "What the language model said took too long to check. It was left out.",
}

SAID_TWICE = frozenset({events.ENVELOPE_VIEWED, events.ENVELOPE_REFUSED})
"""A signer's own entry, just before it, says the same and who it was."""

DECISIONS = frozenset({events.SIGNER_SIGNED, events.SIGNER_REFUSED})

TELLS_STATE = frozenset(
    {
        events.ENVELOPE_CREATED,
        events.ENVELOPE_COMPLETED,
        events.ENVELOPE_REFUSED,
        events.ENVELOPE_CANCELED,
        events.FILES_VOIDED,
        events.ENVELOPE_EXPIRED,
        events.ENVELOPE_DELETED,
        events.FILES_REBUILT,
        events.ACT_SEALED,
    }
)
"""Events that say how the whole document stands: what is told again when webhooks are reprocessed."""

NO_ANSWER: Mapping[str, str] = {
    "url_invalid": "The address of this webhook is not a usable URL.",
    "headers_invalid": "One of the headers of this webhook cannot be sent.",
    "dns_failed": "The name {host} was not found.",
    "address_forbidden": "{host} is a private address, and this server may not reach it.",
    "connect_failed": "Nobody listens at {host}: no connection came about.",
    "tls_failed": "The connection to {host} could not be made safe: its certificate does not hold.",
    "deadline": "The system did not answer within {seconds} s.",
    "reset": "The system broke the connection off before it answered.",
    "protocol_error": "What came back is not HTTP.",
    "too_large": "The answer was too large.",
    "file_unreadable": "A file that belongs into it could not be read here. Tell whoever runs Lacre.",
    "authorization_failed": "{host} gave us no token, so nothing was sent.",
    "wording_failed": "We could not put this event into words: a fault of ours. Tell whoever runs Lacre.",
}

ADVICE: Mapping[str, str] = {
    "dns_failed": "Check the spelling of the address, and that its name is published.",
    "address_forbidden": "Whoever runs Lacre can allow the network with LACRE_EGRESS_ALLOW.",
    "connect_failed": "Check that the system is running and that its firewall lets us in.",
    "tls_failed": "Check that the certificate is valid, complete and for this name.",
    "authorization_failed": "Check the authorization of this webhook.",
    "deadline": "It should answer at once and do its work afterwards.",
}

ANSWERS: Mapping[int, str] = {
    400: "The system answered {status}: it did not accept what we sent.",
    401: "The system answered {status}: it did not let us in. Check the headers of this webhook.",
    403: "The system answered {status}: it did not let us in. Check the headers of this webhook.",
    404: "The system answered {status}: there is nothing at this address.",
    405: "The system answered {status}: this address does not take this method.",
    408: "The system answered {status}: it waited too long for us.",
    410: "The system answered {status}: this address is gone for good.",
    413: "The system answered {status}: what we sent was too large for it.",
    422: "The system answered {status}: it did not accept what we sent.",
    429: "The system answered {status}: it asks for fewer requests.",
}
REDIRECTED = "The system answered {status}, a redirect. We do not follow those: use the final address."
BROKE = "The system answered {status}: something broke on its side."
UNEXPECTED = "The system answered {status}."
ACCEPTED = "The system answered {status}: it has it."


ANSWERED: Mapping[str, str] = {
    "2xx": "Success (2xx)",
    "3xx": "Redirect (3xx)",
    "4xx": "Refused (4xx)",
    "5xx": "Broken (5xx)",
    "none": "No answer",
}
"""What the last attempt got, as lists are narrowed by it."""

UNUSABLE: Mapping[str, str] = {
    "not_a_pdf": "This file is no PDF.",
    "password": "This PDF asks for a password. Take the password off and choose it again.",
    "no_pages": "This PDF has no pages.",
    "active_content": "This PDF holds programs or actions. Print it to a new PDF and choose that one.",
    "certified_final": "Whoever signed this PDF before certified it as final: nothing may be added to it.",
    "too_large": "This PDF is too large.",
    "broken": "This PDF is damaged and could not be repaired.",
    "changed_by_repair": "This PDF is damaged, and repairing it would change how it looks.",
    "too_slow": "This PDF took too long to check. Make it simpler or split it.",
    "not_a_docx": "This file is neither a PDF nor a DOCX.",
    "docx_password": "This document has a password or is of an old format. Save it as .docx without one.",
    "docx_broken": "This DOCX is damaged. Open it in a word processor, save it again and choose that one.",
    "macros": "This DOCX holds macros or controls. Save it without them.",
    "external_link": "This DOCX shows files that lie elsewhere. Put them into the document.",
    "no_office": "This server makes no PDF of DOCX: LibreOffice is missing. Choose a PDF.",
    "busy": "Too many documents are being made at the moment. Try again in a minute.",
}


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why an attempt went as it did: words with their facts, and what can be done about it."""

    words: str
    facts: Mapping[str, object]
    advice: str = ""


def explain(*, ok: bool, status: int | None, reason: str, url: str, seconds: float) -> Explanation:
    facts: dict[str, object] = {"host": urlsplit(url).netloc, "status": status, "seconds": f"{seconds:g}"}
    if status is None or reason:
        words = NO_ANSWER.get(reason, NO_ANSWER["protocol_error"])
        return Explanation(words=words, facts=facts, advice=ADVICE.get(reason, ""))
    return Explanation(words=ACCEPTED if ok else _of_answer(status), facts=facts)


def phrase(status: int) -> str:
    """`"404 Not Found"`, where the number has a name."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _of_answer(status: int) -> str:
    if status in ANSWERS:
        return ANSWERS[status]
    if 300 <= status < 400:
        return REDIRECTED
    return BROKE if status >= 500 else UNEXPECTED
