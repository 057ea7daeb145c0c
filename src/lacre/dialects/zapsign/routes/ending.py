"""How documents end, and how what was made of them is made or told again."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from lacre.accounts.account import User
from lacre.dialects.zapsign import finding, words
from lacre.dialects.zapsign.document import kept
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import INVALID, REFUSE_TEXTS, Declined
from lacre.dialects.zapsign.routes.creating import whole
from lacre.dialects.zapsign.signer import OURS
from lacre.dialects.zapsign.webhook import rebuilt_quietly
from lacre.dialects.zapsign.wire import Cancellation, Reprocessing, UserRefusal
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing import actions as signing
from lacre.signing.announcing import Actor, event_of
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.rebuilding import is_rebuilding
from lacre.signing.signer import Signer
from lacre.webhooks import actions as webhooks
from lacre.webhooks.delivery import KeptEvent

CANCELED = "Documento cancelado com sucesso!"
NO_REASON = "Sem motivo informado"
SOON = (
    " com sucesso. Lembrete: este endpoint é assíncrono, então aguarde os PDF finais"
    " ficarem prontos via webhooks ou confira-os daqui alguns minutos."
)
REFUSED = f"Documento recusado{SOON}"
REPROCESSED = f"Documento reprocessado{SOON}"


def delete(call: Call) -> Response:
    """Soft and for good; deleting twice says the same twice."""
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, call.named("doc"))
        signing.delete(work, envelope, by=call.by, now=call.now)
    return whole(call, envelope)


def cancel(call: Call) -> Response:
    """By the account; its errors are the only ones with codes."""
    said = _cancellation(call)
    with call.services.open_work() as work:
        envelope = _to_cancel(work, call, said.doc_token)
        signing.cancel(
            work,
            envelope,
            said.rejected_reason,
            by=call.by,
            now=call.now,
            tell_signers=said.notify_signer,
        )
    return JSONResponse({"message": CANCELED})


def refuse_by_user(call: Call) -> Response:
    """A user of the account refuses what they were to sign themself."""
    said = call.read(UserRefusal)
    with call.services.open_work() as work:
        envelope, who, user = _meant(work, call, said)
        allowed = envelope.open and envelope.options.allow_refusal and envelope.deleted_at is None
        if not allowed or not who.waits:
            raise Declined(403, {"error": "A reprovação deste documento não é permitida."})
        if who.email.lower() != user.email.lower():
            raise Declined(400, {"error": "O e-mail do signatário e do usuário são diferentes"})
        signing.refuse(
            work,
            said.signer_token,
            said.rejected_reason or NO_REASON,
            origin=call.origin,
            now=call.now,
            by=Actor(name=f"user:{user.id}", origin=call.origin),
        )
    return JSONResponse({"message": REFUSED})


def reprocess(call: Call) -> Response:
    """A new sealed file, the last webhook again, or both: then the webhook goes once the file is there."""
    said = call.read(Reprocessing)
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, call.named("doc"))
        rebuilds = said.resign_doc and bool(envelope.acts)
        if rebuilds:
            _seal_again(work, call, envelope, quietly=not said.send_webhook)
        if said.send_webhook and not rebuilds:
            _tell_again(work, call, envelope)
    return JSONResponse({"message": REPROCESSED})


def refusal(status: int, code: str) -> Declined:
    return Declined(status, {"error": code, "message": REFUSE_TEXTS[code]})


def _meant(work: Work, call: Call, said: UserRefusal) -> tuple[Envelope, Signer, User]:
    envelope = finding.by_main_document(work, call, finding.uuid_said(said.doc_token, "doc"))
    signed_by, who = finding.by_signer(work, call, finding.uuid_said(said.signer_token, "signer"))
    if signed_by.id != envelope.id:
        raise NotFound("signer")
    return envelope, who, finding.user_called(work, call, said.user_token)


def _cancellation(call: Call) -> Cancellation:
    if not call.by.origin.user_agent:
        raise refusal(403, "missing_user_agent")
    try:
        said = call.read(Cancellation)
    except Declined as problem:
        raise _misread(problem) from problem
    if not said.doc_token:
        raise refusal(400, "missing_doc_token")
    if not said.rejected_reason.strip():
        raise refusal(400, "missing_rejected_reason")
    return said


def _misread(problem: Declined) -> Declined:
    """What is there and no text is as good as missing: their errors ask for a string."""
    wrong = problem.body.get("data")
    if not isinstance(wrong, Mapping) or ("doc_token" not in wrong and "rejected_reason" not in wrong):
        return refusal(400, "invalid_json")
    for name in ("doc_token", "rejected_reason"):
        if wrong.get(name) == [INVALID]:
            return refusal(400, f"missing_{name}")
    return problem


def _to_cancel(work: Work, call: Call, token: str) -> Envelope:
    try:
        envelope = finding.by_main_document(work, call, finding.uuid_said(token, "doc"))
    except NotFound as problem:
        raise refusal(404, "document_not_found") from problem
    if envelope.everyone_signed:
        raise refusal(403, "document_already_signed")
    if envelope.status in (EnvelopeStatus.REFUSED, EnvelopeStatus.CANCELED):
        raise refusal(403, "document_already_refused")
    ends = envelope.open or envelope.status is EnvelopeStatus.EXPIRED
    if not ends or envelope.deleted_at is not None:
        raise refusal(403, "refuse_not_allowed")
    return envelope


def _seal_again(work: Work, call: Call, envelope: Envelope, *, quietly: bool) -> None:
    """The rebuilt files are told of as doc_signed, unless no webhook was asked for."""
    mine = kept(envelope)
    hushed = quietly and not _promised(envelope)
    building = envelope.structure if is_rebuilding(envelope) else envelope.structure + 1
    mine["quiet_structure"] = building if hushed else None
    envelope.dialect_data = {**envelope.dialect_data, OURS: mine}
    signing.reseal(work, envelope, by=call.by, now=call.now)


def _promised(envelope: Envelope) -> bool:
    """Whether files are being built again already of which somebody is to be told."""
    return is_rebuilding(envelope) and kept(envelope).get("quiet_structure") != envelope.structure


def _tell_again(work: Work, call: Call, envelope: Envelope) -> None:
    """The event that says how the document stands now, to whoever listens to it."""
    events = work.events.of_subject(call.account_id, envelope.id)
    telling = [one for one in events if words.tells_state(one.event) and not rebuilt_quietly(one.event)]
    if not telling:
        # what happened is kept for a year or so, a document for ever
        event = event_of(envelope, words.state_event(envelope), at=call.now)
        telling.append(KeptEvent(id=work.announce(event), event=event))
    webhooks.replay(work, telling[-1:], wordings=call.services.wordings, now=call.now)
