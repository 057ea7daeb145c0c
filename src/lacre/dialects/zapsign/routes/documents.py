"""Documents: read, listed, changed."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign import finding
from lacre.dialects.zapsign.document import main_of, pinned, shown_extra
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.draft import folder_said, limit
from lacre.dialects.zapsign.listing import page_of
from lacre.dialects.zapsign.routes.creating import whole
from lacre.dialects.zapsign.wire import DisplayOrder, DocumentChange
from lacre.kit.ids import DocumentId
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing import actions
from lacre.signing.envelope import Envelope, EnvelopeStatus

CHANGED = "Documento atualizado corretamente"


def read(call: Call) -> Response:
    """A deleted document can still be read; an extra one answers its short form."""
    token = call.named("doc")
    with call.services.open_work() as work:
        envelope = finding.by_any_document(work, call, token)
    if token == envelope.id:
        return whole(call, envelope)
    extra = finding.document_called(envelope, token)
    short = shown_extra(envelope, extra, links=call.services.links, now=call.now)
    return JSONResponse({**short, "parent_doc_token": envelope.id})


def index(call: Call) -> Response:
    return JSONResponse(page_of(call))


def change(call: Call) -> Response:
    """While pending: names, folder and date limit."""
    said = call.read(DocumentChange)
    expires_at = limit(said.date_limit_to_sign)
    folder = folder_said(call, said.folder_token, said.folder_path)
    names = {DocumentId(one.token.strip().lower()): one.name for one in said.extra_docs if one.name}
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, call.named("doc"))
        finding.require_kept(envelope)
        if not names.keys() <= {envelope.id, *(one.id for one in envelope.documents)}:
            raise NotFound("doc")
        _move_limit(work, call, envelope, expires_at)
        actions.rename(work, envelope, title=said.name, folder=folder, names=names, by=call.by, now=call.now)
    return JSONResponse({"message": CHANGED})


def _move_limit(work: Work, call: Call, envelope: Envelope, expires_at: datetime | None) -> None:
    """Of an expired document too, which is pending there: it goes on."""
    if expires_at is None:
        return
    if envelope.status is EnvelopeStatus.EXPIRED:
        actions.resend(work, envelope, expires_at=expires_at, renew_links=False, by=call.by, now=call.now)
    else:
        actions.change_limit(work, envelope, expires_at, by=call.by, now=call.now)


def reorder(call: Call) -> Response:
    """How an envelope's documents are shown one after the other; the main one stays what it is."""
    said = call.read(DisplayOrder)
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, call.named("doc"))
        finding.require_kept(envelope)
        main = main_of(envelope)
        order = [main.id if token == envelope.id else DocumentId(token) for token in _lowered(said)]
        envelope.dialect_data = pinned(envelope)
        actions.reorder(work, envelope, order, by=call.by, now=call.now)
    return JSONResponse({"message": CHANGED})


def _lowered(said: DisplayOrder) -> list[str]:
    return [token.strip().lower() for token in said.document_display_order]
