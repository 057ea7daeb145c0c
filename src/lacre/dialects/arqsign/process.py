"""A process as ArqSIGN's clients see it: whole, in their answers and, with other spellings, in webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lacre.dialects.arqsign import kept, words
from lacre.dialects.arqsign.signer import Reveal
from lacre.dialects.arqsign.signer import shown as shown_signer
from lacre.documents.links import Links, Variant
from lacre.kit.json import Json
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.folder import place_id

SHARED_LIFE = timedelta(days=3650)
"""Of a link that is shared: it stands for the QR code on paper."""


def head(envelope: Envelope) -> dict[str, Json]:
    """Everything but people and files."""
    mine = kept.of(envelope)
    renewal = _renewal(envelope, int(mine.get("renovacaoMeses", 0)))
    return {
        "nomeProcesso": envelope.title,
        "idPasta": place_id(envelope.account_id, envelope.options.folder),
        "caminhoDaPasta": kept.folder_path(envelope.options.folder),
        "idResponsavel": mine.get("idResponsavel"),
        "nomeResponsavel": mine.get("nomeResponsavel") or envelope.options.created_by,
        "status": words.status(envelope),
        "idStatus": words.STATUS_NUMBERS[words.status(envelope)],
        "dataCadastro": kept.instant(envelope.created_at),
        "dataEnvio": kept.instant(envelope.sent_at),
        "dataConclusao": _ended(envelope, EnvelopeStatus.COMPLETED),
        "dataRenovacao": kept.instant(renewal),
        "dataCancelamento": _ended(envelope, EnvelopeStatus.CANCELED, EnvelopeStatus.REFUSED),
        "usuarioCancelamento": mine.get("usuarioCancelamento"),
        "dataReenvio": mine.get("dataReenvio"),
        "dataExpiracao": kept.instant(envelope.expires_at),
        "expiracaoDias": mine.get("expiracaoDias"),
        "avisoExpiracaoDias": mine.get("avisoExpiracaoDias"),
        "lembrete": words.yes(envelope.options.reminder_days),
        "frequenciaLembrete": envelope.options.reminder_days,
    }


def people(
    envelope: Envelope, *, only: str | None = None, reveal: Reveal | None = None
) -> list[dict[str, Any]]:
    """All, or the one with that id."""
    return [
        shown_signer(envelope, one, reveal)
        for one in envelope.signers
        if one.removed_at is None and only in (None, one.id)
    ]


def shared_link(envelope: Envelope, document: Document, *, links: Links, now: datetime) -> str | None:
    """Only of what is concluded, and was sent to have a QR code."""
    if words.status(envelope) != words.DONE or not kept.of(envelope).get("gerarQrCode"):
        return None
    return links.file_url(document.id, Variant.SEALED, now=now, life=SHARED_LIFE)


def record_name(document: Document) -> str:
    return f"{document.name.removesuffix('.pdf')}_Registro de assinaturas.pdf"


def _ended(envelope: Envelope, *as_: EnvelopeStatus) -> str | None:
    return kept.instant(envelope.finished_at) if envelope.status in as_ else None


def _renewal(envelope: Envelope, months: int) -> datetime | None:
    """So many months after it was concluded, on the same day or the last of its month."""
    end = envelope.finished_at if envelope.status is EnvelopeStatus.COMPLETED else None
    if end is None or not months:
        return None
    year, month = divmod(end.year * 12 + end.month - 1 + months, 12)
    for day in range(end.day, 27, -1):
        try:
            return end.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return end.replace(year=year, month=month + 1)
