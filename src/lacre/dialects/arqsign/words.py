"""ArqSIGN's names and ours: states, kinds of signature, channels, roles and triggers."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.fiscal import events as of_invoices
from lacre.kit.events import Event
from lacre.processing import events as of_processing
from lacre.signing import events
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.signer import Channel, SignerStatus
from lacre.webhooks import events as of_endpoints

CREATED, WAITING, UNDER_WAY, DONE, CANCELED = (
    "Criado",
    "Aguardando",
    "Em processo",
    "Concluído",
    "Cancelado",
)
STATUS_NUMBERS: Mapping[str, int] = {CREATED: 1, WAITING: 2, UNDER_WAY: 3, DONE: 4, CANCELED: 5}
"""In the order in which their documentation counts them; that these are the numbers is our guess."""
_ENDED: Mapping[EnvelopeStatus, str] = {
    EnvelopeStatus.DRAFT: CREATED,
    EnvelopeStatus.COMPLETED: DONE,
    EnvelopeStatus.REFUSED: CANCELED,
    EnvelopeStatus.CANCELED: CANCELED,
}
SIGNATURE_KINDS: Mapping[int, str] = {
    1: "Assinatura Eletrônica",
    3: "Certificado Digital - ICP Brasil",
    4: "Certificado Digital – Outros",
}
ACTIONS: Mapping[int, str] = {1: "Assina Online", 2: "Receber uma cópia"}
SENDING_WAYS: Mapping[Channel, int] = {Channel.EMAIL: 1, Channel.WHATSAPP: 2}
NOTIFICATIONS: Mapping[int | None, tuple[bool, bool]] = {
    None: (True, True),
    1: (False, False),
    2: (True, False),
    3: (False, True),
    4: (True, True),
}
"""Of `alterarNotificacoes`: whether somebody is told to sign, and whether of the end."""
CODE_WAYS: Mapping[int, Channel | None] = {
    1: Channel.SMS,
    2: Channel.WHATSAPP,
    3: Channel.EMAIL,
    4: None,
}
DOCUMENT_KINDS: Mapping[int, str] = {1: "CPF", 2: "CNH", 3: "RG", 5: "CNPJ"}
"""4 is another, which the sender names."""
ROLES = (
    "Parte",
    "Testemunha",
    "Contratante",
    "Contratada",
    "Representante legal",
    "Procurador",
    "Fiador",
    "Avalista",
    "Locador",
    "Locatário",
    "Comprador",
    "Vendedor",
)

TRIGGERS: Mapping[int, str] = {
    1: "ProcessoEnviado",
    2: "ProcessoComFalhaDeEnvio",
    3: "ProcessoAssinado",
    4: "ProcessoRecusado",
    5: "ProcessoCancelado",
    6: "ProcessoExpirado",
    7: "ProcessoReenviado",
    8: "ProcessoConcluido",
}
"""What an event is called. Only the last was seen on the wire; the others are named in its manner."""
FILE_LINK, RECORD_LINK = "linkParaBaixarDocumento", "linkParaBaixarRegistro"
"""What links are called: the first as it was seen of attachments, the other in its manner."""
EVENT_TYPES: Mapping[str, int] = {
    events.ENVELOPE_SENT: 1,
    events.SIGNER_DELIVERY_FAILED: 2,
    # and not when the act is kept: the files that go along hold it
    events.ACT_SEALED: 3,
    events.ENVELOPE_REFUSED: 4,
    events.ENVELOPE_CANCELED: 5,
    events.ENVELOPE_EXPIRED: 6,
    events.ENVELOPE_RESENT: 7,
    events.ENVELOPE_COMPLETED: 8,
}
"""The trigger of each event that is told."""
_NO_TRIGGER = (
    events.ENVELOPE_CREATED, events.ENVELOPE_VIEWED, events.ENVELOPE_EXPIRING, events.ENVELOPE_CHANGED,
    events.ENVELOPE_DELETED, events.FILES_REBUILT, events.FILES_VOIDED, events.SIGNER_RELEASED,
    events.SIGNER_ADDED, events.SIGNER_CHANGED, events.SIGNER_REMOVED, events.SIGNER_NOTIFIED,
    events.SIGNER_ATTACHED, events.SIGNER_PHOTOGRAPHED, events.SIGNER_VIEWED, events.SIGNER_READ,
    events.SIGNER_IDENTIFIED, events.SIGNER_AUTHENTICATION_FAILED, events.SIGNER_UNLOCKED,
    events.SIGNER_SIGNED, events.SIGNER_REFUSED,
)  # fmt: skip
SILENCES: Mapping[str, str] = {
    **dict.fromkeys(_NO_TRIGGER, "there is no trigger of it"),
    **dict.fromkeys(of_processing.ALL, "documents are not processed there"),
    **dict.fromkeys(of_invoices.ALL, "no invoices there"),
    **dict.fromkeys(of_endpoints.ALL, "no such event there"),
}
"""Events that are not told, and why."""
ABOUT_ONE = frozenset({2, 3})
"""Of these triggers `signatarios` holds only whom it is about."""
SAMPLES: Mapping[str, str] = {TRIGGERS[number]: kind for kind, number in EVENT_TYPES.items()}


def trigger(event: Event) -> int | None:
    return EVENT_TYPES.get(event.type)


def status(envelope: Envelope) -> str:
    """Expired is none: it goes on waiting, or being under way."""
    if envelope.status in _ENDED:
        return _ENDED[envelope.status]
    signed = any(one.status is SignerStatus.SIGNED for one in envelope.active_signers)
    return UNDER_WAY if signed else WAITING


def yes(said: object) -> str:
    """Truths are texts there."""
    return "true" if said else "false"
