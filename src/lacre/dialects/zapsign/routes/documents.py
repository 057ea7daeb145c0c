"""Documents: created, read, listed, changed."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from lacre.dialects.uploads import Upload, find_anchors, take
from lacre.dialects.zapsign import errors, finding
from lacre.dialects.zapsign.document import numbered, shown, shown_extra
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.draft import check_source, draft, folder_said, limit, upload_of
from lacre.dialects.zapsign.listing import page_of
from lacre.dialects.zapsign.wire import DocumentChange, NewDocument, NewExtraDocument
from lacre.kit.ids import DocumentId
from lacre.services import Work
from lacre.signing import actions
from lacre.signing.drafting import anchors, fields_at_anchors
from lacre.signing.envelope import Document, Envelope

CHANGED = "Documento atualizado corretamente"


def create(call: Call) -> Response:
    """Created and sent in one, as there."""
    said = call.read(NewDocument)
    check_source(said)
    new = draft(call, said)
    document = _taken(
        call,
        upload_of(call, said.base64_pdf or said.base64_docx, said.url_pdf or said.url_docx),
        name=said.name,
    )
    new.documents.append(document)
    found = find_anchors(call.services, document, anchors(new.signers))
    new.fields = fields_at_anchors(document, new.signers, found, new_id=call.services.tokens.uuid)
    with call.services.open_work() as work:
        new.number = work.envelopes.next_number(call.account_id)
        new.options = replace(new.options, created_by=_creator(work, call, said.created_by))
        actions.create(work, new, by=call.by, now=call.now)
        actions.send(work, new, by=call.by, now=call.now)
    return whole(call, new)


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
    names = {DocumentId(one.token): one.name for one in said.extra_docs if one.name}
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, call.named("doc"))
        finding.require_kept(envelope)
        actions.rename(work, envelope, title=said.name, folder=folder, names=names, by=call.by, now=call.now)
        if expires_at is not None:
            actions.change_limit(work, envelope, expires_at, by=call.by, now=call.now)
    return JSONResponse({"message": CHANGED})


def add_extra(call: Call) -> Response:
    """One more document for the same signers, with their anchors; 14 at most."""
    said = call.read(NewExtraDocument)
    with call.services.open_work() as work:
        before = finding.by_main_document(work, call, call.named("doc"))
    _require_open(before)
    document = _taken(call, upload_of(call, said.base64_pdf, said.url_pdf), name=said.name)
    found = find_anchors(call.services, document, anchors(before.active_signers))
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, before.id)
        _require_open(envelope)
        signers = envelope.active_signers
        fields = fields_at_anchors(document, signers, found, new_id=call.services.tokens.uuid)
        envelope.dialect_data = numbered(envelope, document.id, work.envelopes.next_number(call.account_id))
        actions.add_document(work, envelope, document, fields, by=call.by, now=call.now)
    return JSONResponse(shown_extra(envelope, document, links=call.services.links, now=call.now))


def whole(call: Call, envelope: Envelope) -> Response:
    return JSONResponse(shown(envelope, links=call.services.links, now=call.now))


def _require_open(envelope: Envelope) -> None:
    finding.require_kept(envelope)
    envelope.require_open()


def _taken(call: Call, upload: Upload, *, name: str) -> Document:
    document = take(call.services, upload, name=name)
    if not isinstance(document, Document):
        raise errors.unusable(document)
    return document


def _creator(work: Work, call: Call, email: str) -> str:
    """Ignored unless it is a user of this account."""
    user = work.accounts.user_by_email(email) if email else None
    return user.email if user and user.account_id == call.account_id else ""
