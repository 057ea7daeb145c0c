"""Files that a signer brings because their sender asked for them: kept apart from the documents."""

from __future__ import annotations

from datetime import datetime

from lacre.kit.ids import AttachmentId
from lacre.kit.refusal import NotFound
from lacre.signing import events
from lacre.signing.announcing import apply
from lacre.signing.asking import Attached, Wanted
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.evidence import Origin
from lacre.signing.identifying import as_signer, open_by_link
from lacre.signing.repositories import SigningWork
from lacre.signing.signer import Signer


def attach(
    work: SigningWork,
    link: str,
    attachment_id: AttachmentId,
    brought: Attached,
    *,
    origin: Origin,
    now: datetime,
) -> None:
    """One more takes the place of the one before; what was not asked for is not kept."""
    envelope, found = open_by_link(work, link)
    signer = envelope.deciding(found.id)
    wanted = _wanted(signer, attachment_id)
    signer.attached = {**signer.attached, attachment_id: brought}
    happened = Happened(
        type=events.SIGNER_ATTACHED,
        signer_id=signer.id,
        detail={"attachment": wanted.name, "file": brought.name},
    )
    apply(work, envelope, [happened], by=as_signer(signer, origin), now=now, detail={"sha256": brought.file})


def visible_to(envelope: Envelope, reader: Signer) -> list[tuple[Signer, Wanted, Attached]]:
    """What a person of the envelope may see: their own, and what others brought for everybody."""
    return [
        (owner, wanted, owner.attached[wanted.id])
        for owner in envelope.active_signers
        for wanted in owner.options.attachments
        if wanted.id in owner.attached and (owner.id == reader.id or wanted.shown_to_all)
    ]


def _wanted(signer: Signer, attachment_id: AttachmentId) -> Wanted:
    for one in signer.options.attachments:
        if one.id == attachment_id:
            return one
    raise NotFound("attachment")
