"""Photos that a signer takes of themself and of their identity document: kept apart, one of each kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from lacre.kit.ids import Digest, PhotoId
from lacre.kit.refusal import NotFound
from lacre.signing import events
from lacre.signing.announcing import Actor, apply
from lacre.signing.conditions import check_known
from lacre.signing.envelope import Happened
from lacre.signing.evidence import Identification, Origin
from lacre.signing.identifying import as_signer, open_by_link
from lacre.signing.repositories import KeptPhoto, SigningWork
from lacre.signing.signer import Photo, Signer, TakenPhoto

PROVES: Mapping[Photo, Identification] = {
    Photo.SELFIE: Identification.SELFIE,
    Photo.DOCUMENT: Identification.DOCUMENT_PHOTO,
}
"""Which photo identifies by which means; the back of a document belongs to its front."""


def take(
    work: SigningWork,
    link: str,
    kind: Photo,
    jpeg: bytes,
    photo_id: PhotoId,
    *,
    origin: Origin,
    now: datetime,
    by: Actor | None = None,
) -> Signer:
    """One more of a kind takes the place of the one before; what was not asked for is not kept.

    `by`: who brings it for the signer, when it is not the signer who holds the link.
    """
    envelope, found = open_by_link(work, link)
    signer = envelope.deciding(found.id)
    if kind not in signer.options.photos:
        raise NotFound("photo")
    check_known(signer)
    if kind in signer.photos:
        work.photos.forget(signer.photos[kind].id)
    kept = KeptPhoto(
        id=photo_id,
        account_id=envelope.account_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
        kind=kind,
        jpeg=jpeg,
        at=now,
    )
    work.photos.keep(kept)
    taken = TakenPhoto(id=photo_id, digest=Digest(hashlib.sha256(jpeg).hexdigest()))
    signer.photos = {**signer.photos, kind: taken}
    happened = Happened(type=events.SIGNER_PHOTOGRAPHED, signer_id=signer.id, detail={"photo": kind})
    actor = by or as_signer(signer, origin)
    apply(work, envelope, [happened], by=actor, now=now, detail={"sha256": taken.digest})
    return signer


def digests(signer: Signer) -> dict[Photo, Digest]:
    """What their evidence says of them: the photos themselves stay where they are."""
    return {kind: taken.digest for kind, taken in signer.photos.items()}


def proofs(signer: Signer) -> tuple[Identification, ...]:
    return tuple(means for kind, means in PROVES.items() if kind in signer.photos)
