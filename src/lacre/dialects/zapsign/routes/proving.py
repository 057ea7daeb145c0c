"""How signers proved who they are, and those who may try again."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign import finding
from lacre.dialects.zapsign.door import Call
from lacre.kit.json import Json
from lacre.kit.times import rfc3339
from lacre.signing import events, identifying
from lacre.signing.audit import AuditEntry
from lacre.signing.signer import Channel, Signer

RESET = "As tentativas do signatário foram resetadas com sucesso."
_RESULTS: Mapping[str, str] = {
    events.SIGNER_IDENTIFIED: "success",
    events.SIGNER_AUTHENTICATION_FAILED: "failed",
}
_TYPES: Mapping[Channel | None, str] = {
    Channel.EMAIL: "Email token",
    Channel.SMS: "SMS token",
    Channel.WHATSAPP: "WhatsApp token",
    None: "Document number",
}


def reset(call: Call) -> Response:
    """For any way of identifying, once its attempts are used up."""
    with call.services.open_work() as work:
        envelope, found = finding.by_signer(work, call, call.named("signer"))
        finding.require_kept(envelope)
        identifying.let_try_again(work, envelope, found.id, by=call.by, now=call.now)
    return JSONResponse({"success": RESET})


def details(call: Call) -> Response:
    """Oldest first; of attempts that failed, the one that was the last allowed."""
    token = call.named("signer")
    with call.services.open_work() as work:
        envelope, found = finding.by_signer(work, call, token)
        log = work.audit.entries(envelope.id)
    about = [entry for entry, _ in log if entry.detail.get("signer_id") == found.id]
    return JSONResponse(
        {
            "token": token,
            "selfie_validation_type": "none",
            "validations": [_validation(entry, found) for entry in about if entry.what in _RESULTS],
        }
    )


def _validation(entry: AuditEntry, found: Signer) -> dict[str, Json]:
    return {
        "type": _TYPES[found.options.code_channel],
        "validation_number": f"{found.id[:8]}-{entry.position}",
        "status": _RESULTS[entry.what],
        "reason": str(entry.detail.get("reason", "")),
        "created_at": rfc3339(entry.at),
    }
