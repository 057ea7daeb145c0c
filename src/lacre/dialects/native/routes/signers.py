"""Signers of an envelope: added, read, changed, removed, reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native import draft, finding, places, shown
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.places import Wanted
from lacre.dialects.native.wire.signers import (
    NewSigner,
    PhotoList,
    SaidSigner,
    ShownPhoto,
    ShownSigner,
    SignerList,
)
from lacre.documents.links import Variant
from lacre.kit.ids import DocumentId
from lacre.signing import actions, identifying
from lacre.signing.envelope import Envelope
from lacre.signing.layout import Field
from lacre.signing.readdressing import readdress
from lacre.signing.signer import Photo, Signer, TakenPhoto

router = APIRouter(tags=["signers"])


@router.get("/envelopes/{envelope_id}/signers", response_model=SignerList)
def list_signers(call: Caller, envelope_id: str) -> Response:
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
    return answer(SignerList(data=[_one(call, found, each) for each in shown.present(found)]))


@router.post("/envelopes/{envelope_id}/signers", status_code=201, response_model=ShownSigner)
def add_signer(call: Poster, envelope_id: str, said: NewSigner) -> Response:
    """In a sequential envelope after everybody, unless a group is named."""
    with call.services.open_work() as work:
        before = finding.living_envelope(work, call, envelope_id)
    before.require_changeable()
    new = draft.new_signer(call, said, group=draft.next_group(before, said), pointer="#")
    fields = _fields(call, before, new, said)
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        actions.add_signer(work, found, new, fields, by=call.by, now=call.now)
        return call.keep(work, _one(call, found, new), 201)


@router.get("/envelopes/{envelope_id}/signers/{signer_id}", response_model=ShownSigner)
def read_signer(call: Caller, envelope_id: str, signer_id: str) -> Response:
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
    return answer(_one(call, found, finding.signer(found, signer_id)))


@router.patch("/envelopes/{envelope_id}/signers/{signer_id}", response_model=ShownSigner)
def change_signer(call: Caller, envelope_id: str, signer_id: str, said: SaidSigner) -> Response:
    """Until they have signed. What is not said stays as it is.

    Whoever was written to at an address that is no longer theirs gets a new link at the new one, and the old
    link is dead.
    """
    with call.services.open_work() as work:
        before = finding.living_envelope(work, call, envelope_id)
    old = finding.signer(before, signer_id)
    given = "fields" in said.model_fields_set
    fields = _fields(call, before, old, said) if given else None
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        changed = _changed(finding.signer(found, signer_id), said)
        readdress(work, found, changed, fields, by=call.by, now=call.now)
    return answer(_one(call, found, finding.signer(found, signer_id)))


@router.delete("/envelopes/{envelope_id}/signers/{signer_id}", status_code=204)
def remove_signer(call: Caller, envelope_id: str, signer_id: str) -> Response:
    """Until they have signed; the last one stays."""
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        signer = finding.signer(found, signer_id)
        actions.remove_signer(work, found, signer.id, by=call.by, now=call.now)
    return Response(status_code=204)


@router.post(
    "/envelopes/{envelope_id}/signers/{signer_id}/remind", status_code=202, response_model=ShownSigner
)
def remind_signer(call: Poster, envelope_id: str, signer_id: str) -> Response:
    """Once in 30 minutes."""
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        signer = finding.signer(found, signer_id)
        actions.remind(work, found, signer.id, now=call.now)
        return call.keep(work, _one(call, found, signer), 202)


@router.post("/envelopes/{envelope_id}/signers/{signer_id}/unlock", response_model=ShownSigner)
def unlock_signer(call: Poster, envelope_id: str, signer_id: str) -> Response:
    """Lets one try again who failed three times to say who they are."""
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        signer = finding.signer(found, signer_id)
        identifying.let_try_again(work, found, signer.id, by=call.by, now=call.now)
        return call.keep(work, _one(call, found, signer), 200)


@router.get("/envelopes/{envelope_id}/signers/{signer_id}/photos", response_model=PhotoList)
def list_photos(call: Caller, envelope_id: str, signer_id: str) -> Response:
    """Those that were taken; each link works for an hour."""
    with call.services.open_work() as work:
        signer = finding.signer(finding.envelope(work, call, envelope_id), signer_id)
    taken = [_photo(call, kind, one) for kind, one in signer.photos.items()]
    return answer(PhotoList(data=taken))


def _photo(call: Call, kind: Photo, taken: TakenPhoto) -> ShownPhoto:
    url = call.links.file_url(DocumentId(taken.id), Variant.PHOTO, now=call.now)
    return ShownPhoto(photo=kind, url=url, sha256=taken.digest)


def _one(call: Call, envelope: Envelope, signer: Signer) -> ShownSigner:
    return shown.signer(envelope, signer, links=call.links)


def _fields(call: Call, envelope: Envelope, signer: Signer, said: SaidSigner) -> Sequence[Field]:
    return places.fields_of(call, envelope.documents, [Wanted(signer.id, said.fields, "#/fields")])


def _changed(signer: Signer, said: SaidSigner) -> Signer:
    changed = draft.changed(signer, said)
    return replace(changed, group=said.group - 1) if "group" in said.model_fields_set else changed
