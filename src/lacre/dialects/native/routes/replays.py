"""Replays: past events told again, counted beforehand, watched and stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native import finding, subject, words
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.routes.envelopes import Cursor, PageSize
from lacre.dialects.native.wire.replays import NewReplay, ReplayList, ReplayPreview, ShownReplay, ToldAgain
from lacre.kit.ids import EndpointId, ReplayId, with_prefix
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.webhooks import actions, replaying
from lacre.webhooks.replay import Replay, Wanted

router = APIRouter(tags=["replays"])


@router.post("/replays", status_code=202, response_model=ShownReplay)
def create_replay(call: Poster, said: NewReplay) -> Response:
    """Begins to tell past events again. What is on its way already is not sent twice.

    The same, asked again while it runs, is the same replay. To be safe after that too, send an
    `Idempotency-Key`.
    """
    with call.services.open_work() as work:
        wanted = _wanted(work, call, said)
        asked = replaying.ask(work, call.account_id, wanted, by=call.by.name, now=call.now)
        return call.keep(work, _shown(work, asked), 202)


@router.post("/replays/preview", response_model=ReplayPreview)
def preview_replay(call: Caller, said: NewReplay) -> Response:
    """Counts what such a replay would make, exactly up to 10,000 deliveries; makes nothing."""
    with call.services.open_work() as work:
        wanted, wordings = _wanted(work, call, said), call.services.wordings
        counted = replaying.preview(work, call.account_id, wanted, wordings=wordings, now=call.now)
    return answer(ReplayPreview.model_validate(counted, from_attributes=True))


@router.get("/replays", response_model=ReplayList)
def list_replays(call: Caller, limit: PageSize = 25, cursor: Cursor = None) -> Response:
    """Newest first."""
    after = finding.cursor("rpl", cursor)
    try:
        with call.services.open_work() as work:
            last = ReplayId(after) if after else None
            found = work.replays.find(call.account_id, after=last, limit=limit + 1)
            data = [_shown(work, one) for one in found[:limit]]
    except NotFound:
        raise finding.cursor_unknown() from None
    return answer(ReplayList(data=data, next=data[-1].id if len(found) > limit else None))


@router.get("/replays/{replay_id}", response_model=ShownReplay)
def read_replay(call: Caller, replay_id: str) -> Response:
    """How far it is."""
    with call.services.open_work() as work:
        found = work.replays.get(call.account_id, finding.replay_id(replay_id))
        shown = _shown(work, found)
    return answer(shown)


@router.post("/replays/{replay_id}/stop", response_model=ShownReplay)
def stop_replay(call: Poster, replay_id: str) -> Response:
    """No more deliveries are made, and those that nobody tried yet are taken back. May be repeated."""
    with call.services.open_work() as work:
        stopped = replaying.stop(work, call.account_id, finding.replay_id(replay_id), now=call.now)
        return call.keep(work, _shown(work, stopped))


@router.post("/events/{event_id}/replay", status_code=202, response_model=ToldAgain)
def replay_event(call: Poster, event_id: str) -> Response:
    """Tells one event again to every endpoint that listens to it today."""
    with call.services.open_work() as work:
        kept = work.events.get(call.account_id, finding.event_id(event_id))
        told = actions.replay(work, [kept], wordings=call.services.wordings, now=call.now)
        return call.keep(work, ToldAgain(deliveries=told), 202)


def _wanted(work: Work, call: Call, said: NewReplay) -> Wanted:
    if said.until is not None and said.until <= said.since:
        raise Declined("span_empty", "It has to end after it begins.", pointer="#/until")
    return Wanted(
        since=said.since.astimezone(UTC),
        until=said.until.astimezone(UTC) if said.until else None,
        types=_types(said.types),
        subject_id=_subject_id(said),
        endpoint_id=_endpoint_id(work, call, said.endpoint_id) if said.endpoint_id is not None else None,
        scope=said.scope,
    )


def _types(names: Sequence[str]) -> tuple[str, ...]:
    """In our own words."""
    for place, name in enumerate(names):
        if name not in words.EVENTS:
            raise Declined(
                "event_type_unknown", words.unknown(name, words.EVENTS), pointer=f"#/types/{place}"
            )
    return tuple(words.EVENTS[name] for name in names)


def _subject_id(said: NewReplay) -> str | None:
    try:
        return subject.meant(said.envelope_id, said.extraction_id, said.invoice_id)
    except NotFound as unknown:
        what = str(unknown.args[0])
        raise Declined(f"{what}_unknown", f"There is no such {what}.", pointer=f"#/{what}_id") from None


def _endpoint_id(work: Work, call: Call, shown: str) -> EndpointId:
    """In whatever dialect it is told."""
    try:
        return work.endpoints.get(call.account_id, finding.endpoint_id(shown)).id
    except NotFound:
        raise Declined("endpoint_unknown", "There is no such endpoint.", pointer="#/endpoint_id") from None


def _shown(work: Work, one: Replay) -> ShownReplay:
    wanted = one.wanted
    return ShownReplay(
        id=with_prefix("rpl", one.id),
        status=one.status,
        scope=wanted.scope,
        since=wanted.since,
        until=one.until,
        types=[words.event_type(name) or name for name in wanted.types],
        **subject.shown_by_its_events(work, one.account_id, wanted.subject_id),
        endpoint_id=with_prefix("ep", wanted.endpoint_id) if wanted.endpoint_id else None,
        share=round(one.share, 4),
        events=one.events,
        events_total=one.total,
        deliveries=one.deliveries,
        hurried=one.hurried,
        asked_by=one.asked_by,
        created_at=one.created_at,
        finished_at=one.finished_at,
    )
