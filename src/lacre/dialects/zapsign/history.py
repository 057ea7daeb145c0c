"""What happened to a document, line by line, in ZapSign's words: from the audit log, which has it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from lacre.kit.json import Json
from lacre.signing import events
from lacre.signing.audit import AuditEntry
from lacre.signing.envelope import Envelope
from lacre.signing.record import RecordEvent
from lacre.signing.signer import Channel, Photo, Signer

Log: TypeAlias = Sequence[tuple[AuditEntry, str]]
Emails: TypeAlias = Mapping[str, str]
"""Of users, by their id."""

LINES: Mapping[str, tuple[str, str]] = {
    events.ENVELOPE_CREATED: ("Documento criado", "O documento foi criado por {by} via {through}"),
    events.ENVELOPE_CHANGED: ("Documento editado", "O documento foi editado por {by}"),
    events.ENVELOPE_RESENT: ("Documento reenviado", "O documento foi reenviado por {by}"),
    events.ENVELOPE_CANCELED: ("Documento cancelado", "O documento foi cancelado por {by}. Motivo: {reason}"),
    events.ENVELOPE_DELETED: ("Documento excluído", "O documento foi excluído por {by}"),
    events.ENVELOPE_EXPIRED: ("Prazo encerrado", "A data limite para assinar passou"),
    events.ENVELOPE_EXPIRING: ("Alerta de prazo", "Faltam {days_left} dias para a data limite"),
    events.ENVELOPE_COMPLETED: ("Documento concluído", "Todos os signatários assinaram o documento"),
    events.FILES_REBUILT: ("Documento reprocessado", "O documento assinado foi gerado de novo"),
    events.SIGNER_ADDED: ("Signatário adicionado", "{signer} foi adicionado por {by}"),
    events.SIGNER_CHANGED: ("Signatário editado", "{signer} foi editado por {by}"),
    events.SIGNER_REMOVED: ("Signatário removido", "{signer} foi removido por {by}"),
    events.SIGNER_NOTIFIED: ("Documento enviado", "Documento enviado para {signer} via {channel}"),
    events.SIGNER_DELIVERY_FAILED: (
        "Falha no envio do documento",
        "Não foi possível enviar o documento para {signer} via {channel}: {reason}",
    ),
    events.SIGNER_VIEWED: ("Documento visualizado", "Documento visualizado por {signer}"),
    events.SIGNER_READ: ("Confirmação de leitura", "Confirmação de leitura de {signer}"),
    events.SIGNER_AUTHENTICATION_FAILED: (
        "Erro na validação de identidade",
        "{signer} usou as {max_attempts} tentativas de validação",
    ),
    events.SIGNER_ATTACHED: ("Arquivo enviado", "{signer} enviou o arquivo pedido: {attachment}"),
    events.SIGNER_PHOTOGRAPHED: ("Foto enviada", "{signer} enviou a foto pedida: {photo}"),
    events.SIGNER_UNLOCKED: ("Tentativas resetadas", "{by} permitiu novas tentativas a {signer}"),
    events.SIGNER_RELEASED: (
        "Assinatura dispensada",
        "{signer} foi dispensado: o mínimo de assinaturas do grupo foi atingido",
    ),
    events.SIGNER_SIGNED: ("Documento assinado", "Documento assinado por {signer}"),
    events.SIGNER_REFUSED: ("Documento recusado", "Documento recusado por {signer}. Motivo: {reason}"),
}
SILENCES: Mapping[str, str] = {
    events.ENVELOPE_SENT: "a document is created and sent in one",
    events.ENVELOPE_VIEWED: "whoever viewed it has a line",
    events.ENVELOPE_REFUSED: "whoever refused it has a line",
    events.FILES_VOIDED: "whoever refused or canceled it has a line",
    events.ACT_SEALED: "the signature itself has a line",
}
"""What has no line, and why."""
VALIDATIONS: Mapping[Channel | None, tuple[str, str]] = {
    Channel.EMAIL: ("Validação e-mail", "{signer} validou o código enviado por e-mail"),
    Channel.SMS: ("Validação telefone", "{signer} validou o código enviado por SMS"),
    Channel.WHATSAPP: ("Validação telefone", "{signer} validou o código enviado por WhatsApp"),
    None: ("Validação CPF", "{signer} informou o CPF"),
}
CODES: Mapping[str, tuple[str, str]] = {
    events.SIGNER_NOTIFIED: ("Código de validação enviado", "Código enviado para {signer} via {channel}"),
    events.SIGNER_DELIVERY_FAILED: (
        "Falha no envio do código",
        "Não foi possível enviar o código para {signer} via {channel}: {reason}",
    ),
}
KEPT: Mapping[bool, tuple[str, str]] = {
    False: ("Mensagem guardada", "A mensagem para {signer} via {channel} foi guardada, não enviada"),
    True: ("Código de validação guardado", "O código para {signer} via {channel} foi guardado, não enviado"),
}
"""What nothing sends here is in the console; by whether it is a code. Theirs sends everything."""
SPOKEN_OF = frozenset(LINES) | frozenset(SILENCES) | {events.SIGNER_IDENTIFIED}
_SYSTEM = "Sistema"


@dataclass(frozen=True, kw_only=True)
class Line:
    at: datetime
    user: str
    event: str
    description: str

    @property
    def shown(self) -> dict[str, Json]:
        """With a space and an offset, as nowhere else in their API."""
        time = self.at.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")
        return {"time": time, "user": self.user, "event": self.event, "description": self.description}

    @property
    def on_a_sheet(self) -> RecordEvent:
        return RecordEvent(at=self.at, who=self.user, what=self.event, detail=self.description)


def lines(envelope: Envelope, log: Log, emails: Emails) -> list[Line]:
    """Oldest first."""
    return [line for entry, _ in log if (line := _line(envelope, entry, emails)) is not None]


def _line(envelope: Envelope, entry: AuditEntry, emails: Emails) -> Line | None:
    who = _signer(envelope, entry)
    words = _words(entry, who)
    if words is None:
        return None
    by = _by(envelope, entry, emails)
    facts = {
        "by": by,
        "signer": _named(who) if who else "",
        "through": envelope.options.created_through,
        "photo": PHOTOS.get(str(entry.detail.get("photo")), ""),
        **{name: entry.detail.get(name, "") for name in _DETAILS},
    }
    event, description = words
    return Line(at=entry.at, user=_user(who, by), event=event, description=description.format(**facts))


_DETAILS = ("reason", "channel", "days_left", "max_attempts", "attachment")
PHOTOS: Mapping[str, str] = {
    Photo.SELFIE: "selfie",
    Photo.DOCUMENT: "frente do documento",
    Photo.DOCUMENT_BACK: "verso do documento",
}


def _words(entry: AuditEntry, who: Signer | None) -> tuple[str, str] | None:
    if entry.what == events.SIGNER_IDENTIFIED:
        return VALIDATIONS[who.options.code_channel if who else None]
    code = entry.detail.get("kind") == "code"
    if entry.message_kept:
        return KEPT[code]
    if code and entry.what in CODES:
        return CODES[entry.what]
    return LINES.get(entry.what)


def _user(who: Signer | None, by: str) -> str:
    """Whom it is about, when nobody but the system did it."""
    return _named(who) if who and by == _SYSTEM else by


def _by(envelope: Envelope, entry: AuditEntry, emails: Emails) -> str:
    kind, _, named = entry.actor.partition(":")
    by_kind: Mapping[str, Callable[[], str]] = {
        "signer": lambda: next((_named(one) for one in envelope.signers if one.id == named), _SYSTEM),
        "user": lambda: emails.get(named, envelope.options.created_by or _SYSTEM),
        "key": lambda: envelope.options.created_by or "API",
    }
    return by_kind.get(kind, lambda: _SYSTEM)()


def _signer(envelope: Envelope, entry: AuditEntry) -> Signer | None:
    """Also one who was removed since."""
    wanted = entry.detail.get("signer_id")
    return next((one for one in envelope.signers if one.id == wanted), None)


def _named(who: Signer) -> str:
    return who.email or who.name
