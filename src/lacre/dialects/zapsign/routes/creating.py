"""Documents created, at once or by a job while the client goes on; and those added to them."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from lacre.accounts.account import User
from lacre.dialects.uploads import Upload, find_anchors, take
from lacre.dialects.zapsign import errors, finding, later
from lacre.dialects.zapsign.document import numbered, shown, shown_extra
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.draft import draft, source_of
from lacre.dialects.zapsign.wire import NewDocument, NewExtraDocument
from lacre.kit.ids import EnvelopeId
from lacre.services import Work
from lacre.signing import actions
from lacre.signing.document import Document
from lacre.signing.drafting import anchors, fields_at_anchors
from lacre.signing.envelope import Envelope


def create(call: Call) -> Response:
    return whole(call, make(call, EnvelopeId(call.services.tokens.uuid())))


def create_later(call: Call) -> Response:
    """What can be judged without the file is refused at once; the rest is for the job."""
    said = call.read(NewDocument)
    draft(call, said, EnvelopeId(call.services.tokens.uuid()))
    source_of(call, said)
    return JSONResponse({"token": later.promise(call, DOCUMENT)})


def make(call: Call, envelope_id: EnvelopeId) -> Envelope:
    """Created and sent in one, as there."""
    said = call.read(NewDocument)
    new = draft(call, said, envelope_id)
    document = taken(call, source_of(call, said), name=said.name)
    new.documents.append(document)
    found = find_anchors(call.services, document, anchors(new.signers))
    new.fields = fields_at_anchors(document, new.signers, found, new_id=call.services.tokens.uuid)
    with call.services.open_work() as work:
        new.number = work.envelopes.next_number(call.account_id)
        new.options = replace(new.options, created_by=creator(work, call, said.created_by))
        actions.create(work, new, by=call.by, now=call.now)
        actions.send(work, new, by=call.by, now=call.now)
    return new


DOCUMENT = "document"
MAKERS: dict[str, later.Maker] = {
    DOCUMENT: later.Maker(make=make, begin=lambda call, one: draft(call, call.read(NewDocument), one))
}
"""What may be promised, and how it is made when its time comes."""


def add_extra(call: Call) -> Response:
    """One more document for the same signers, with their anchors; 14 at most."""
    said = call.read(NewExtraDocument)
    with call.services.open_work() as work:
        before = finding.by_main_document(work, call, call.named("doc"))
    _require_open(before)
    document = taken(call, source_of(call, said), name=said.name)
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


def taken(call: Call, upload: Upload, *, name: str) -> Document:
    document = take(call.services, upload, name=name)
    if not isinstance(document, Document):
        raise errors.unusable(document)
    return document


def creator(work: Work, call: Call, email: str) -> str:
    """Ignored unless it is a user of this account; then whoever calls, or who owns the account."""
    named = work.accounts.user_by_email(email) if email else None
    if named and named.account_id == call.account_id:
        return named.email
    owner = call.user or _owner(work, call)
    return owner.email if owner else ""


def _owner(work: Work, call: Call) -> User | None:
    return next(iter(work.accounts.users(call.account_id)), None)


def _require_open(envelope: Envelope) -> None:
    finding.require_kept(envelope)
    envelope.require_open()
    finding.require_room(envelope)
