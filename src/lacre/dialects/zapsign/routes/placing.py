"""Signatures and initials at given places of a document."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign import finding
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.wire import Placement, Rubrica
from lacre.kit.ids import FieldId, SignerId
from lacre.signing import actions
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.layout import Field, FieldKind, Place

PLACED = "Assinaturas posicionadas com sucesso."
KINDS = {"signature": FieldKind.SIGNATURE, "visto": FieldKind.INITIALS}


def place(call: Call) -> Response:
    """Replaces every place given before in that document, those of anchors too; none clears them."""
    said = call.read(Placement)
    token = call.named("doc")
    with call.services.open_work() as work:
        envelope = finding.by_any_document(work, call, token)
        finding.require_kept(envelope)
        document = finding.document_called(envelope, token)
        signers = _signers_by_token(call, envelope)
        fields = [_field(call, one, document, signers) for one in said.rubricas]
        actions.lay_out(work, envelope, document.id, fields, by=call.by, now=call.now)
    return JSONResponse({"message": PLACED})


def _signers_by_token(call: Call, envelope: Envelope) -> dict[str, SignerId]:
    links = call.services.links
    return {links.signer_token(one.id, one.link_generation): one.id for one in envelope.active_signers}


def _field(call: Call, said: Rubrica, document: Document, signers: dict[str, SignerId]) -> Field:
    signer_id = signers.get(said.signer_token.lower())
    if signer_id is None:
        raise Declined(400, f"O signatário '{said.signer_token}' não é deste documento.")
    kind = KINDS.get(said.type.lower())
    if kind is None:
        raise Declined(400, "O type deve ser signature ou visto.")
    return Field(
        id=FieldId(call.services.tokens.uuid()),
        document_id=document.id,
        signer_id=signer_id,
        kind=kind,
        place=Place(
            page=said.page,
            left=said.relative_position_left,
            bottom=said.relative_position_bottom,
            width=said.relative_size_x,
            height=said.relative_size_y,
        ),
    )
