"""A document's history, as JSON or as a PDF to keep."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign import finding
from lacre.dialects.zapsign.document import main_of
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.history import Line, lines
from lacre.dialects.zapsign.listing import YES
from lacre.signing.envelope import Envelope
from lacre.signing.record import HistoryContents

_AS_A_FILE = {"Content-Disposition": 'attachment; filename="historico.pdf"'}


def show(call: Call) -> Response:
    with call.services.open_work() as work:
        envelope = finding.by_any_document(work, call, call.named("doc"))
        log = work.audit.entries(envelope.id)
        emails = {str(user.id): user.email for user in work.accounts.users(call.account_id)}
    said = lines(envelope, log, emails)
    if call.query.get("download_pdf", "").lower() not in YES:
        return JSONResponse([line.shown for line in said])
    pdf = call.services.printer.history(_contents(envelope, said))
    return Response(pdf, media_type="application/pdf", headers=_AS_A_FILE)


def _contents(envelope: Envelope, said: list[Line]) -> HistoryContents:
    main = main_of(envelope)
    tokens = {one.id: envelope.id if one is main else one.id for one in envelope.documents}
    return HistoryContents(
        title=envelope.title,
        shown_id=envelope.id,
        created_at=envelope.created_at,
        created_by=envelope.options.created_by,
        documents=tuple((one.name, tokens[one.id]) for one in envelope.documents),
        events=tuple(line.on_a_sheet for line in said),
    )
