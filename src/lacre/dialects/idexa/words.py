"""IDEXA's names and ours: statuses, webhook types, and why a document failed."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.fiscal import events as of_invoices
from lacre.processing import events
from lacre.processing.extraction import Status, Trouble
from lacre.processing.ports import Unreadable
from lacre.signing import events as of_signing
from lacre.webhooks import events as of_endpoints

STATUSES: Mapping[Status, tuple[int, str]] = {
    Status.RECEIVED: (0, "RECEIVED"),
    Status.FINISHED: (1, "FINISHED"),
    Status.ERROR: (2, "ERROR"),
    Status.IN_PROGRESS: (3, "IN_PROGRESS"),
}

FINISHED = "document_finished"
TYPES: Mapping[int, str] = {0: FINISHED}
"""What a webhook hears, by the number that it is asked for with."""

EVENT_TYPES: Mapping[str, str] = {
    events.DOCUMENT_PROCESSED: FINISHED,
    # it is at its end too; its status says how
    events.DOCUMENT_FAILED: FINISHED,
}
SILENCES: Mapping[str, str] = {
    events.DOCUMENT_RECEIVED: "the answer to the upload said it",
    **dict.fromkeys(of_signing.ALL, "documents are not signed there"),
    **dict.fromkeys(of_invoices.ALL, "no invoices there"),
    **dict.fromkeys(of_endpoints.ALL, "no such event there"),
}
"""Events that are not told, and why."""
SAMPLES: Mapping[str, str] = {FINISHED: events.DOCUMENT_PROCESSED}

PROBLEMS: Mapping[str, str] = {
    Unreadable.PASSWORD: "O arquivo está protegido por senha.",
    Unreadable.BROKEN: "O arquivo está corrompido e não pôde ser lido.",
    Unreadable.EMPTY: "O arquivo está vazio.",
    Unreadable.TOO_MANY_PAGES: "O arquivo tem páginas demais.",
    Unreadable.TOO_LARGE: "O arquivo é grande demais.",
    Unreadable.UNKNOWN_KIND: "O tipo do arquivo não é aceito: envie PDF, DOCX, PNG, JPEG, TIFF, WebP, HEIC.",
    Unreadable.TOO_SLOW: "O arquivo demorou demais para ser lido.",
    Unreadable.NO_OFFICE: "Esta instalação não lê DOCX: falta o LibreOffice no servidor.",
    Trouble.CANCELED: "O processamento foi cancelado.",
    Trouble.NO_SUCH_PAGE: "O arquivo não tem a página {page}.",
    Trouble.GAVE_UP: "O arquivo não pôde ser lido.",
    Trouble.INPUT_GONE: "O arquivo não está mais guardado: envie de novo.",
    Trouble.TYPE_FAILED: "As regras deste tipo demoraram demais neste documento.",
}
"""Every reason has a sentence."""
