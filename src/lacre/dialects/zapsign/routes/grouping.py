"""Groups of signers dissolved: each signs after the other again, in the order of the list."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign import finding
from lacre.dialects.zapsign.door import Call
from lacre.signing import actions


def dissolve(call: Call) -> Response:
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, call.named("doc"))
        finding.require_kept(envelope)
        actions.ungroup(work, envelope, by=call.by, now=call.now)
    return JSONResponse({"message": "OK"})
