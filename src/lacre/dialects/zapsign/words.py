"""ZapSign's names and ours: statuses, ways of identifying, languages and event types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lacre.accounts.account import Role
from lacre.fiscal import events as of_invoices
from lacre.kit.events import Event
from lacre.processing import events as of_processing
from lacre.signing import events
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.margins import Edge
from lacre.signing.signer import Channel, SignerOptions, SignerStatus
from lacre.webhooks import events as of_endpoints

# an expired document stays "pending" there, and a cancelled one is "refused"
DOCUMENT_STATUSES: Mapping[EnvelopeStatus, str] = {
    EnvelopeStatus.DRAFT: "pending",
    EnvelopeStatus.PENDING: "pending",
    EnvelopeStatus.EXPIRED: "pending",
    EnvelopeStatus.COMPLETED: "signed",
    EnvelopeStatus.REFUSED: "refused",
    EnvelopeStatus.CANCELED: "refused",
}
STATUS_FILTERS: Mapping[str, str] = {
    "pending": "pending",
    "signed": "signed",
    "refused": "refused",
    "recusado": "refused",
}
"""Which statuses a list may be narrowed to; the last is how some of their pages spell it."""

SIGNER_STATUSES: Mapping[SignerStatus, str] = {
    SignerStatus.NEW: "new",
    SignerStatus.VIEWED: "link-opened",
    SignerStatus.READ: "link-opened",
    SignerStatus.SIGNED: "signed",
    SignerStatus.REFUSED: "refused",
}
LISTED_SIGNER_STATUSES: Mapping[SignerStatus, str] = {
    SignerStatus.NEW: "nao_abriu",
    SignerStatus.VIEWED: "abriu",
    SignerStatus.READ: "abriu",
    SignerStatus.SIGNED: "assinou",
    SignerStatus.REFUSED: "recusou",
}
"""The other set of words, used by the list with `include_signers`."""
OVERRULING_STATUSES: Mapping[EnvelopeStatus, str] = {
    EnvelopeStatus.EXPIRED: "expirou",
    EnvelopeStatus.CANCELED: "cancelado",
}


@dataclass(frozen=True, kw_only=True)
class AuthMode:
    """How a signer is identified; `name` is the spelling that is answered."""

    name: str
    draw: bool = True
    code: Channel | None = None
    certificate: bool = False
    tax_id: bool = False
    """They type the CPF that the sender knows."""

    def asked(self, options: SignerOptions) -> SignerOptions:
        """The options with this way of identifying instead of theirs."""
        return replace(
            options,
            draw=self.draw,
            email_code=self.code is Channel.EMAIL,
            sms_code=self.code is Channel.SMS,
            whatsapp_code=self.code is Channel.WHATSAPP,
            certificate=self.certificate,
            prove_tax_id=self.tax_id,
        )


DEFAULT_MODE = "assinaturaTela"
NO_VALIDATION = "none"
"""Of `selfie_validation_type`: the others are checks by companies."""
_HONOURED = (
    AuthMode(name=DEFAULT_MODE),
    AuthMode(name="tokenEmail", draw=False, code=Channel.EMAIL),
    AuthMode(name="assinaturaTela-tokenEmail", code=Channel.EMAIL),
    AuthMode(name="tokenSms", draw=False, code=Channel.SMS),
    AuthMode(name="assinaturaTela-tokenSms", code=Channel.SMS),
    AuthMode(name="tokenWhatsapp", draw=False, code=Channel.WHATSAPP),
    AuthMode(name="assinaturaTela-tokenWhatsapp", code=Channel.WHATSAPP),
    AuthMode(name="certificadoDigital", draw=False, certificate=True),
    AuthMode(name="assinaturaTela-certificadoDigital", certificate=True),
    AuthMode(name="CPF", draw=False, tax_id=True),
    AuthMode(name="assinaturaTela-cpf", tax_id=True),
)
AUTH_MODES: Mapping[str, AuthMode] = {mode.name.lower(): mode for mode in _HONOURED}
"""Those that can be honoured, by their lower-case name; any other is refused, never weakened."""

LANGUAGES: Mapping[str, str] = {
    "pt-br": "pt-br",
    "pt_br": "pt-br",
    "pt": "pt-br",
    "es": "es",
    "en": "en",
}

TYPES_OF_ALL = frozenset({"doc_created", "doc_signed", "doc_deleted", "doc_refused"})
"""What type "" listens to; every other type is asked for by name."""

EVENT_TYPES: Mapping[str, str] = {
    events.ENVELOPE_CREATED: "doc_created",
    events.ACT_SEALED: "doc_signed",
    events.FILES_REBUILT: "doc_signed",
    # and not when it is refused: the PDF with the watermark goes along
    events.FILES_VOIDED: "doc_refused",
    events.ENVELOPE_DELETED: "doc_deleted",
    events.ENVELOPE_EXPIRED: "doc_expired",
    events.ENVELOPE_EXPIRING: "doc_expiration_alert",
    events.SIGNER_ADDED: "created_signer",
    events.SIGNER_NOTIFIED: "signature_notification_sent",
    events.SIGNER_DELIVERY_FAILED: "email_bounce",
    events.SIGNER_VIEWED: "doc_viewed",
    events.SIGNER_READ: "doc_read_confirmation",
    events.SIGNER_AUTHENTICATION_FAILED: "signer_authentication_failed",
}
SILENCES: Mapping[str, str] = {
    events.ENVELOPE_VIEWED: "doc_viewed says it, with who",
    events.ENVELOPE_SENT: "a document is created and sent in one: doc_created said it",
    events.ENVELOPE_COMPLETED: "the last doc_signed said it, with status signed",
    events.ENVELOPE_REFUSED: "told as doc_refused once its PDF says so",
    events.ENVELOPE_CANCELED: "told as doc_refused once its PDF says so",
    events.SIGNER_RELEASED: "no such event there",
    events.ENVELOPE_RESENT: "no such event there; the notifications themselves are told",
    events.ENVELOPE_CHANGED: "no such event there",
    events.SIGNER_CHANGED: "no such event there",
    events.SIGNER_REMOVED: "no such event there; doc_signed follows when the file changed",
    events.SIGNER_IDENTIFIED: "no such event there",
    events.SIGNER_ATTACHED: "no such event there, and no files of signers",
    events.SIGNER_PHOTOGRAPHED: "no such event there; the photos' links are in what is told next",
    events.SIGNER_UNLOCKED: "no such event there",
    events.SIGNER_SIGNED: "told as doc_signed once the file holds the signature",
    events.SIGNER_REFUSED: "told as doc_refused, of the document",
    of_processing.DOCUMENT_RECEIVED: "documents are not processed there",
    of_processing.DOCUMENT_PROCESSED: "documents are not processed there",
    of_processing.DOCUMENT_FAILED: "documents are not processed there",
    **dict.fromkeys(of_invoices.ALL, "no invoices there"),
    of_endpoints.ENDPOINT_FAILING: "no such event there",
    of_endpoints.ENDPOINT_PAUSED: "no such event there",
    of_endpoints.ENDPOINT_RECOVERED: "no such event there",
}
"""Events that are not told, and why."""

SAMPLES: Mapping[str, str] = {
    "doc_signed": events.ACT_SEALED,
    **{EVENT_TYPES[one]: one for one in sorted(EVENT_TYPES) if EVENT_TYPES[one] != "doc_signed"},
}
"""Which event shows what each type looks like; a type may be said of several."""

NEVER_SENT_HERE = frozenset({"background_check_completed"})
WEBHOOK_TYPES = frozenset(EVENT_TYPES.values()) | NEVER_SENT_HERE

AUTHENTICATION_FAILURES: Mapping[str, str] = {
    "wrong_code": "O código informado não confere.",
    "wrong_tax_id": "O CPF informado não confere.",
    "certificate_of_another": "O certificado digital não pertence ao signatário.",
}
"""Why the last attempt failed."""

LINK_MAILS = frozenset({"invitation", "turn", "reminder", "expiring"})
"""Messages that bring a signer their link; the others (codes, copies) are told to nobody."""


def document_status(envelope: Envelope) -> str:
    """ "signed" from the moment the files hold everybody's act, which is just before it is complete."""
    if envelope.status is EnvelopeStatus.PENDING and envelope.everyone_signed and _all_sealed(envelope):
        return "signed"
    return DOCUMENT_STATUSES[envelope.status]


def auth_mode(options: SignerOptions) -> str:
    """The nearest of their words, also for signers that came through other doors."""
    if options.one_click:
        return DEFAULT_MODE
    exact = (mode.name for mode in _HONOURED if mode.asked(options) == options)
    return next(exact, None) or _nearest_mode(options)


def edge(position: str) -> Edge:
    """The side where theirs usually stands, for one that is not said."""
    return Edge(position.lower()) if position.lower() in set(Edge) else Edge.LEFT


def language(said: str) -> str:
    """Portuguese for one that is not written here."""
    return LANGUAGES.get(said.lower(), "pt-br")


def folder_path(path: str) -> str:
    """Ours has no last slash, theirs has one."""
    return path if path.endswith("/") else f"{path}/"


def statuses_called(word: str) -> tuple[EnvelopeStatus, ...]:
    return tuple(status for status, name in DOCUMENT_STATUSES.items() if name == word)


def event_type(event: Event) -> str | None:
    """What this event is called there; `None` when it is not told at all."""
    if event.type == events.SIGNER_NOTIFIED and not _sent_a_link(event):
        return None
    if event.type == events.SIGNER_DELIVERY_FAILED and not _bounced(event):
        return None
    return EVENT_TYPES.get(event.type)


def _sent_a_link(event: Event) -> bool:
    """And did not keep it, for want of a way to send it."""
    return event.facts.get("kind") in LINK_MAILS and event.facts.get("kept") is not True


def _bounced(event: Event) -> bool:
    """Theirs is of mails alone, and of those with a link: who asked for a code asks again."""
    return event.facts.get("channel", "email") == "email" and event.facts.get("kind") != "code"


def tells_state(event: Event) -> bool:
    """Whether this event says how the whole document stands."""
    return event_type(event) in TYPES_OF_ALL


def _nearest_mode(options: SignerOptions) -> str:
    """Of signers whose options no word of theirs says whole: what identifies them comes first."""
    if options.certificate:
        return "certificadoDigital"
    same_code = (mode for mode in _HONOURED if mode.code is options.code_channel and mode.draw)
    return next(same_code).name


def state_event(envelope: Envelope) -> str:
    """What would have said how the document stands, if nothing that did is kept any more."""
    if envelope.deleted_at is not None:
        return events.ENVELOPE_DELETED
    if envelope.status in (EnvelopeStatus.REFUSED, EnvelopeStatus.CANCELED):
        return events.FILES_VOIDED
    return events.FILES_REBUILT if envelope.acts else events.ENVELOPE_CREATED


def _all_sealed(envelope: Envelope) -> bool:
    acts = len(envelope.acts)
    return all(document.sealed and document.sealed_acts == acts for document in envelope.documents)


ROLES: Mapping[str, Role] = {
    "member": Role.MEMBER,
    "admin": Role.ADMIN,
    "self_docs_limited": Role.LIMITED,
}
"""What may be asked for; nobody is made an owner."""
ROLE_WORDS: Mapping[Role, str] = {role: word for word, role in ROLES.items()} | {Role.OWNER: "owner"}
PLAN_STATUSES: Mapping[bool, str] = {False: "paid", True: "unpaid"}
"""By whether the account is suspended."""
SUSPENDED: Mapping[str, bool] = {"adimplente": False, "inadimplente": True}
