"""Everybody who still has to sign is sent the link again, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign import finding
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing import actions
from lacre.signing.envelope import Envelope
from lacre.signing.errors import NotNotifiedYet
from lacre.signing.signer import Signer

REFUSALS: Mapping[str, tuple[int, str]] = {
    "document_not_in_progress": (400, "Documento não está em andamento"),
    "no_pending_signers": (400, "Não há signatários pendentes para notificar"),
    "permission_denied": (403, "O documento não pertence à empresa"),
    "cooldown_period": (429, "Aguarde {} minutos para enviar novas notificações em massa"),
}
NO_WAY = "Sem email ou telefone"


def remind(call: Call) -> Response:
    """Whoever's turn it is; at most once in 30 minutes."""
    with call.services.open_work() as work:
        envelope = _in_progress(work, call)
        try:
            reached, missed = actions.remind_everyone(work, envelope, by=call.by, now=call.now)
        except NotNotifiedYet as soon:
            raise _refused("cooldown_period", *soon.args) from soon
        if not reached and not missed:
            raise _refused("no_pending_signers")
    return JSONResponse(_result(envelope, reached, missed))


def _in_progress(work: Work, call: Call) -> Envelope:
    try:
        envelope = finding.by_main_document(work, call, call.named("doc"))
    except NotFound as unknown:
        raise _refused("permission_denied") from unknown
    if not envelope.open or envelope.deleted_at is not None:
        raise _refused("document_not_in_progress")
    return envelope


def _result(envelope: Envelope, reached: Sequence[Signer], missed: Sequence[Signer]) -> dict[str, Json]:
    groups = [one.group for one in envelope.active_signers]
    ordered = envelope.options.sequential
    return {
        "success": bool(reached),
        "total_signers": len(reached) + len(missed),
        "sent_count": len(reached),
        "failed_count": len(missed),
        "failed_signers": [{"name": one.name, "reason": NO_WAY} for one in missed],
        "has_order_active": ordered,
        "has_signature_groups": ordered and len(set(groups)) < len(groups),
    }


def _refused(code: str, *about: object) -> Declined:
    status, text = REFUSALS[code]
    return Declined(status, {"success": False, "error_code": code, "message": text.format(*about)})
