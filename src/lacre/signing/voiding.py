"""What was refused or canceled gets copies that say so on every page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lacre.kit.ids import Digest, DocumentId
from lacre.signing import events
from lacre.signing.announcing import SYSTEM, Actor, apply
from lacre.signing.envelope import Envelope, EnvelopeStatus, Happened
from lacre.signing.repositories import SigningWork

ENDED = (EnvelopeStatus.REFUSED, EnvelopeStatus.CANCELED)


def keep_copies(
    work: SigningWork, envelope: Envelope, copies: Mapping[DocumentId, Digest], *, now: datetime
) -> None:
    """Those who wait for the files are told; of a file that none could be made of, there is no copy."""
    for document in envelope.documents:
        document.voided = copies.get(document.id, document.voided)
    happened = Happened(type=events.FILES_VOIDED, detail={"reason": envelope.reason})
    apply(work, envelope, [happened], by=Actor(name=SYSTEM), now=now)
