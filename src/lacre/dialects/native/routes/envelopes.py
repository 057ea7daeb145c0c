"""Envelopes: made, listed, read, changed, sent, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre.dialects.native import draft, finding, places, problems, shown, uploads, words
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.places import Wanted
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.routes.forms import MULTIPART
from lacre.dialects.native.wire.envelopes import (
    Cancellation,
    EnvelopeChange,
    EnvelopeList,
    NewEnvelope,
    Reprocessed,
    Reprocessing,
    Resending,
    ShownEnvelope,
)
from lacre.dialects.native.wire.values import Day, Line
from lacre.kit.ids import DocumentId, EnvelopeId, without_prefix
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing import actions
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.repositories import EnvelopeFilter
from lacre.webhooks import actions as webhooks

router = APIRouter(tags=["envelopes"])
PageSize = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.", max_length=100)]


@router.post("/envelopes", status_code=201, response_model=ShownEnvelope, openapi_extra=MULTIPART)
def create_envelope(call: Poster, said: NewEnvelope) -> Response:
    """Makes an envelope of PDFs and signers, and sends it unless `send` is false."""
    signers = draft.signers_of(call, said)
    documents = uploads.taken(call, said.documents, title=said.title)
    new = draft.envelope_of(call, said, documents, signers)
    new.template_id, new.answers = _of_template(said)
    wanted = [
        Wanted(one.id, each.fields, f"#/signers/{place}/fields")
        for place, (one, each) in enumerate(zip(signers, said.signers, strict=True))
    ]
    new.fields = places.fields_of(call, documents, wanted)
    with call.services.open_work() as work:
        new.number = work.envelopes.next_number(call.account_id)
        actions.create(work, new, by=call.by, now=call.now)
        if said.send:
            actions.send(work, new, by=call.by, now=call.now)
        return call.keep(work, _whole(call, new), 201)


def _of_template(said: NewEnvelope) -> tuple[str, dict[str, str]]:
    """The first template that its documents name, and everything that was answered."""
    made = [one for one in said.documents if one.template_id is not None]
    answers = {name: value for one in made for name, value in uploads.answers_of(one).items()}
    return (finding.template_id(made[0].template_id or "") if made else "", answers)


@router.get("/envelopes", response_model=EnvelopeList)
def list_envelopes(
    call: Caller,
    status: Annotated[list[EnvelopeStatus] | None, Query()] = None,
    q: Annotated[Line, Query(description="In the title, or a signer's name or e-mail.")] = "",
    signer_email: Annotated[Line, Query()] = "",
    folder: Annotated[Line, Query()] = "",
    external_id: Annotated[Line, Query()] = "",
    created_from: Annotated[Day | None, Query()] = None,
    created_to: Annotated[Day | None, Query(description="Inclusive, in the days of Brasília.")] = None,
    deleted: Annotated[bool, Query(description="The deleted ones instead.")] = False,
    limit: PageSize = 25,
    cursor: Cursor = None,
) -> Response:
    """Newest first."""
    after = finding.cursor("env", cursor)
    which = EnvelopeFilter(
        statuses=tuple(status or ()),
        deleted=deleted,
        text=q,
        signer_email=signer_email,
        folder=folder,
        external_id=external_id,
        created_from=created_from,
        created_to=created_to,
        after=EnvelopeId(after) if after else None,
    )
    return answer(_page(call, which, limit))


@router.get("/envelopes/{envelope_id}", response_model=ShownEnvelope)
def read_envelope(call: Caller, envelope_id: str) -> Response:
    """With its documents and signers, also when it was deleted."""
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
    return answer(_whole(call, found))


@router.patch("/envelopes/{envelope_id}", response_model=ShownEnvelope)
def change_envelope(call: Caller, envelope_id: str, said: EnvelopeChange) -> Response:
    """Title, folder, limit and names of documents, until it is completed."""
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        if said.title or said.folder or said.document_names:
            _rename(work, call, found, said)
        if "expires_at" in said.model_fields_set:
            actions.change_limit(work, found, said.expires_at, by=call.by, now=call.now)
    return answer(_whole(call, found))


@router.delete("/envelopes/{envelope_id}", status_code=204)
def delete_envelope(call: Caller, envelope_id: str) -> Response:
    """Hides it and closes it to its signers; its files stay. May be repeated."""
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
        actions.delete(work, found, by=call.by, now=call.now)
    return Response(status_code=204)


@router.post("/envelopes/{envelope_id}/send", response_model=ShownEnvelope)
def send_envelope(call: Poster, envelope_id: str) -> Response:
    """Opens a draft to its signers and invites those whose turn it is."""
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        actions.send(work, found, by=call.by, now=call.now)
        return call.keep(work, _whole(call, found))


@router.post("/envelopes/{envelope_id}/cancel", response_model=ShownEnvelope)
def cancel_envelope(call: Poster, envelope_id: str, said: Cancellation | None = None) -> Response:
    """Withdraws it; its signers are told."""
    reason = said.reason if said else ""
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        actions.cancel(work, found, reason, by=call.by, now=call.now)
        return call.keep(work, _whole(call, found))


@router.post("/envelopes/{envelope_id}/resend", response_model=ShownEnvelope)
def resend_envelope(call: Poster, envelope_id: str, said: Resending | None = None) -> Response:
    """Lets waiting signers in again and writes to them; reopens an expired envelope."""
    wanted = said or Resending()
    with call.services.open_work() as work:
        found = finding.living_envelope(work, call, envelope_id)
        limit = wanted.expires_at if "expires_at" in wanted.model_fields_set else _still_to_come(found, call)
        actions.resend(
            work, found, expires_at=limit, renew_links=wanted.renew_links, by=call.by, now=call.now
        )
        return call.keep(work, _whole(call, found))


@router.post("/envelopes/{envelope_id}/reprocess", status_code=202, response_model=Reprocessed)
def reprocess_envelope(call: Poster, envelope_id: str, said: Reprocessing) -> Response:
    """Tells its webhooks again, makes its sealed files anew, or both."""
    types = _types(said)
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
        deliveries = _tell_again(work, call, found, said, types) if said.resend_webhooks else 0
        if said.rebuild_files:
            _rebuild(work, call, found)
        return call.keep(work, Reprocessed(deliveries=deliveries, rebuilding=said.rebuild_files), 202)


def _whole(call: Call, one: Envelope) -> ShownEnvelope:
    return shown.envelope(one, links=call.links, now=call.now)


def _page(call: Call, which: EnvelopeFilter, limit: int) -> EnvelopeList:
    """One more than is shown is asked for, to know whether any follows."""
    try:
        with call.services.open_work() as work:
            found = work.envelopes.listed(call.account_id, which, limit=limit + 1)
    except NotFound:
        raise finding.cursor_unknown() from None
    data = [shown.listed(one) for one in found[:limit]]
    return EnvelopeList(data=data, next=data[-1].id if len(found) > limit else None)


def _rename(work: Work, call: Call, one: Envelope, said: EnvelopeChange) -> None:
    names = {_document(one, shown_id): name for shown_id, name in said.document_names.items()}
    title, folder = said.title or "", said.folder or ""
    actions.rename(work, one, title=title, folder=folder, names=names, by=call.by, now=call.now)


def _document(one: Envelope, shown_id: str) -> DocumentId:
    named = without_prefix("doc", shown_id)
    if named is None or named not in {paper.id for paper in one.documents}:
        raise Declined("document_unknown", "There is no such document.", pointer="#/document_names")
    return DocumentId(named)


def _still_to_come(one: Envelope, call: Call) -> datetime | None:
    return one.expires_at if one.expires_at and one.expires_at > call.now else None


def _types(said: Reprocessing) -> frozenset[str] | None:
    """In our own words; `None` means all."""
    if not said.types:
        return None
    for place, name in enumerate(said.types):
        if name not in words.EVENTS:
            raise Declined(
                "event_type_unknown", words.unknown(name, words.EVENTS), pointer=f"#/types/{place}"
            )
    return frozenset(words.EVENTS[name] for name in said.types)


def _tell_again(
    work: Work, call: Call, one: Envelope, said: Reprocessing, types: frozenset[str] | None
) -> int:
    return webhooks.replay_subject(
        work,
        call.account_id,
        one.id,
        wordings=call.services.wordings,
        now=call.now,
        types=types,
        last_only=said.last_only,
    )


def _rebuild(work: Work, call: Call, one: Envelope) -> None:
    if not one.acts:
        raise problems.NothingToRebuild
    actions.reseal(work, one, by=call.by, now=call.now)
