"""Documents of an envelope, with temporary links to their files; and the envelope's audit log."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native import finding, shown, uploads
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.routes.forms import MULTIPART
from lacre.dialects.native.wire.envelopes import (
    AuditList,
    DocumentList,
    NewDocument,
    ShownAudit,
    ShownDocument,
)
from lacre.signing import actions
from lacre.signing.audit import AuditEntry, first_break
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope

router = APIRouter(tags=["documents"])


@router.get("/envelopes/{envelope_id}/documents", response_model=DocumentList)
def list_documents(call: Caller, envelope_id: str) -> Response:
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
    return answer(DocumentList(data=shown.documents(found, links=call.links, now=call.now)))


@router.post(
    "/envelopes/{envelope_id}/documents",
    status_code=201,
    response_model=ShownDocument,
    openapi_extra=MULTIPART,
)
def add_document(call: Poster, envelope_id: str, said: NewDocument) -> Response:
    """Until somebody has signed; 25 at the most."""
    with call.services.open_work() as work:
        before = finding.living_envelope(work, call, envelope_id)
    before.require_changeable()
    document = uploads.taken_one(call, said, pointer="#", title=before.title)
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        actions.add_document(work, found, document, (), by=call.by, now=call.now)
        return call.keep(work, _one(call, found, document), 201)


@router.get("/envelopes/{envelope_id}/documents/{document_id}", response_model=ShownDocument)
def read_document(call: Caller, envelope_id: str, document_id: str) -> Response:
    """Its links to the original, the sealed file and the record work for 60 minutes."""
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
    return answer(_one(call, found, finding.document(found, document_id)))


@router.get("/envelopes/{envelope_id}/audit", response_model=AuditList)
def read_audit_log(call: Caller, envelope_id: str) -> Response:
    """Who did what, when and from where, oldest first; each entry's hash holds the one before it."""
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
        log = work.audit.entries(found.id)
    broken = first_break([entry for entry, _ in log], [kept for _, kept in log])
    data = [_entry(entry, kept) for entry, kept in log]
    return answer(AuditList(data=data, intact=broken is None, first_break=broken))


def _one(call: Call, envelope: Envelope, document: Document) -> ShownDocument:
    return shown.document(envelope, document, links=call.links, now=call.now)


def _entry(entry: AuditEntry, kept: str) -> ShownAudit:
    """As it is, ids and names too, so that anyone can compute the hash."""
    return ShownAudit(
        position=entry.position,
        at=entry.at,
        actor=entry.actor,
        what=entry.what,
        detail=dict(entry.detail),
        previous=entry.previous,
        hash=kept,
    )
