"""Signers: added, read, changed, removed."""

from __future__ import annotations

from starlette.responses import JSONResponse, PlainTextResponse, Response

from lacre.dialects.uploads import find_anchors
from lacre.dialects.zapsign import finding, signer
from lacre.dialects.zapsign.document import one_click_of
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.wire import NewSigner, SignerSaid
from lacre.kit.ids import SignerId
from lacre.services import Work
from lacre.signing import actions
from lacre.signing.drafting import anchors, fields_at_anchors
from lacre.signing.envelope import Envelope
from lacre.signing.errors import LastSigner
from lacre.signing.evidence import act_of
from lacre.signing.layout import Field
from lacre.signing.signer import Signer, SignerStatus

REMOVED = "Signatário removido com sucesso."
LAST_ONE = (
    "Erro: Não é possível remover o único signatário do documento."
    " Adicione outro signatário antes de remover este."
)
"""A plain text too: the tests of their SDK for Go compare it."""
SIGNED_ALREADY = "Não é possível remover um signatário que já assinou o documento"


def add(call: Call) -> Response:
    said = call.read(NewSigner)
    with call.services.open_work() as work:
        before = finding.by_main_document(work, call, call.named("doc"))
    finding.require_kept(before)
    before.require_open()
    new = signer.signer_of(
        said, SignerId(call.services.tokens.uuid()), group=_next_group(before, said.order_group)
    )
    if (drawn := one_click_of(before)) is not None:
        new = signer.with_one_click(new, draw=drawn)
    if before.options.margin is not None:
        new = signer.simplified(new)
    fields = _at_anchors(call, before, new)
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, before.id)
        finding.require_kept(envelope)
        actions.add_signer(work, envelope, new, fields, by=call.by, now=call.now)
    return JSONResponse(signer.shown(new, links=call.services.links, now=call.now))


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        envelope, found = finding.by_signer(work, call, call.named("signer"))
    act = act_of(envelope.acts, found.id)
    return JSONResponse(signer.detailed(found, links=call.services.links, now=call.now, act=act))


def change(call: Call) -> Response:
    """Also how a client asks for the link to be sent again."""
    if call.raw.strip() == b"null":
        # theirs breaks on it, and their own SDK's tests want it so
        raise Declined(500, "Erro interno ao processar a solicitação")
    said = call.read(SignerSaid)
    with call.services.open_work() as work:
        before, old = finding.by_signer(work, call, call.named("signer"))
    fields = _at_new_anchors(call, before, old, said)
    with call.services.open_work() as work:
        envelope, current = finding.by_signer(work, call, call.named("signer"))
        finding.require_kept(envelope)
        changed = signer.changed(current, said)
        actions.change_signer(work, envelope, changed, fields, by=call.by, now=call.now)
        if said.send_automatic_email or said.send_automatic_whatsapp:
            _send_link(work, call, envelope, changed, moved=_moved(current, changed))
    return JSONResponse(signer.shown(changed, links=call.services.links, now=call.now))


def remove(call: Call) -> Response:
    """Its answer is a plain text, which the SDKs compare."""
    with call.services.open_work() as work:
        envelope, found = finding.by_signer(work, call, call.named("signer"))
        finding.require_kept(envelope)
        if found.status is SignerStatus.SIGNED:
            raise Declined(400, SIGNED_ALREADY)
        try:
            actions.remove_signer(work, envelope, found.id, by=call.by, now=call.now)
        except LastSigner:
            return PlainTextResponse(LAST_ONE, 400)
    return PlainTextResponse(REMOVED)


def _next_group(envelope: Envelope, wanted: int | None) -> int:
    """After everybody, unless a group is named."""
    if wanted is not None:
        return wanted
    return max((one.group for one in envelope.active_signers), default=-1) + 1


def _at_anchors(call: Call, envelope: Envelope, one: Signer) -> list[Field]:
    fields: list[Field] = []
    for document in envelope.documents:
        found = find_anchors(call.services, document, anchors([one]))
        fields += fields_at_anchors(document, [one], found, new_id=call.services.tokens.uuid)
    return fields


def _at_new_anchors(call: Call, envelope: Envelope, old: Signer, said: SignerSaid) -> list[Field] | None:
    """`None`, which leaves the fields alone, unless an anchor was changed."""
    changed = signer.changed(old, said)
    return None if anchors([old]) == anchors([changed]) else _at_anchors(call, envelope, changed)


def _moved(before: Signer, after: Signer) -> bool:
    """To where no link has gone yet."""
    return any(after.address_at(one) != before.address_at(one) for one in after.options.notify_by)


def _send_link(work: Work, call: Call, envelope: Envelope, one: Signer, *, moved: bool) -> None:
    """Once in 30 minutes, but at once to a new address; whose turn is still to come is told then."""
    first = moved or one.last_notified_at is None
    if first and not envelope.their_turn(one):
        return
    kind = "invitation" if first else "reminder"
    actions.remind(work, envelope, one.id, now=call.now, kind=kind, anew=moved)
