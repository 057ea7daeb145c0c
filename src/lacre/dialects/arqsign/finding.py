"""Processes, files and people by the ids that clients know them by; those of other accounts are not there."""

from __future__ import annotations

from collections.abc import Callable

from lacre.accounts.account import User
from lacre.dialects.arqsign import errors
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.kit.ids import DocumentId, EnvelopeId
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.folder import ROOT, place_id


def process_called(work: Work, call: Call, name: str = "process") -> Envelope:
    """By the id in the path; a deleted one says so."""
    process_id = call.named(name)
    return _found(process_id, lambda: work.envelopes.get(call.account_id, EnvelopeId(process_id)))


def file_called(work: Work, call: Call) -> tuple[Envelope, Document]:
    file_id = call.named("file")
    envelope = _found(file_id, lambda: work.envelopes.by_document(call.account_id, DocumentId(file_id)))
    return envelope, next(one for one in envelope.documents if one.id == file_id)


def user_called(work: Work, call: Call, user_id: str) -> User:
    for user in work.accounts.users(call.account_id):
        if user.id == user_id:
            return user
    raise errors.unknown([user_id])


def folder_called(work: Work, call: Call, folder_id: str) -> str:
    """Its path."""
    for path in (ROOT, *work.folders.paths(call.account_id)):
        if place_id(call.account_id, path) == folder_id:
            return path
    raise errors.unknown([folder_id])


def _found(asked: str, find: Callable[[], Envelope]) -> Envelope:
    try:
        envelope = find()
    except NotFound:
        raise errors.unknown([asked]) from None
    if envelope.deleted_at is not None:
        raise Declined(400, errors.DELETED)
    return envelope
