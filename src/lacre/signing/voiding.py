"""What was refused or canceled gets copies that say so on every page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lacre.kit.ids import Digest, DocumentId
from lacre.signing.announcing import SYSTEM, Actor, apply
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.repositories import SigningWork

ENDED = (EnvelopeStatus.REFUSED, EnvelopeStatus.CANCELED)


def keep_copies(
    work: SigningWork, envelope: Envelope, copies: Mapping[DocumentId, Digest], *, now: datetime
) -> None:
    """Nothing happened that anybody would be told of: how it ended was told already."""
    for document in envelope.documents:
        document.voided = copies.get(document.id, document.voided)
    apply(work, envelope, [], by=Actor(name=SYSTEM), now=now)
