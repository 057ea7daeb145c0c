"""Documents and signers by the tokens that clients know them by; those of other accounts are not there."""

from __future__ import annotations

from lacre.accounts.account import User
from lacre.accounts.deputy import represented
from lacre.dialects.zapsign import errors
from lacre.dialects.zapsign.document import main_of
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import BAD_TOKEN, Declined
from lacre.kit.ids import DocumentId, EnvelopeId, as_uuid
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.errors import NoDocuments
from lacre.signing.signer import Signer

MOST_DOCUMENTS = 15


def by_any_document(work: Work, call: Call, token: str) -> Envelope:
    """By the token of its main document, which is the envelope's own, or of an extra one."""
    try:
        found = work.envelopes.get(call.account_id, EnvelopeId(token))
    except NotFound:
        found = work.envelopes.by_document(call.account_id, DocumentId(token))
    return _theirs(call, found)


def by_main_document(work: Work, call: Call, token: str) -> Envelope:
    return _theirs(call, work.envelopes.get(call.account_id, EnvelopeId(token)))


def by_signer(work: Work, call: Call, token: str) -> tuple[Envelope, Signer]:
    """Tokens of signers are links, which work in any account: here only in their own."""
    envelope, signer_id = work.envelopes.by_link(token)
    if envelope.account_id != call.account_id:
        raise NotFound("signer")
    return _theirs(call, envelope), envelope.signer(signer_id)


def user_called(work: Work, call: Call, token: str) -> User:
    """A user of this account, by their own token."""
    users = work.accounts.users(call.account_id)
    user = represented(users, token, call.services.tokens.digest)
    if user is None:
        raise NotFound("user")
    return user


def document_called(envelope: Envelope, token: str) -> Document:
    if token == envelope.id:
        return main_of(envelope)
    return next(one for one in envelope.documents if one.id == token)


def require_kept(envelope: Envelope) -> None:
    """Nothing changes any more in a deleted document."""
    if envelope.deleted_at is not None:
        raise Declined(400, "Este documento foi excluído e não pode mais ser alterado.")


def require_room(envelope: Envelope) -> None:
    """Theirs holds fewer documents than ours."""
    if len(envelope.documents) >= MOST_DOCUMENTS:
        raise errors.declined(NoDocuments(len(envelope.documents) + 1))


def require_administrator(call: Call) -> None:
    """What is set up for the whole account: a system may, and of its people those who look after it."""
    if call.user is not None and not call.user.role.administers:
        raise Declined(403, BAD_TOKEN)


def uuid_said(token: str, what: str) -> str:
    """A token from a body; nothing else than a UUID can be one."""
    canonical = as_uuid(token)
    if canonical is None:
        raise NotFound(what)
    return canonical


def _theirs(call: Call, envelope: Envelope) -> Envelope:
    """Of people, some see only what they sent."""
    if call.user is not None and not call.user.sees(envelope.options.created_by):
        raise NotFound("doc")
    return envelope
