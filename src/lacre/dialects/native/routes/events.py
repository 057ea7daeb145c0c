"""Events: what happened, what webhooks say of it, and whom they told; searched, or followed as they come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lacre.dialects.native import finding, subject, words
from lacre.dialects.native.call import Call, Caller, answer
from lacre.dialects.native.deliveries import told_delivery
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.routes.envelopes import Cursor, PageSize
from lacre.dialects.native.routes.samples import Wait
from lacre.dialects.native.subject import Subject
from lacre.dialects.native.webhook import body
from lacre.dialects.native.wire.deliveries import EventList, ListedEvent, ShownEvent, ToldDeliveryList
from lacre.dialects.native.wire.values import Since
from lacre.kit.ids import DeliveryId, EventId, with_prefix
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.filters import DeliveryFilter, EventFilter
from lacre.webhooks.repositories import Feed
from lacre.webhooks.sample import as_told

router = APIRouter(tags=["events"])
Types = Annotated[list[str] | None, Query(alias="type", description="Only these types.", max_length=100)]
After = Annotated[
    str | None,
    Query(
        max_length=100,
        description="Oldest first from there on: `start`, `now`, or `next` of the page before.",
    ),
]
Bodies = Annotated[bool, Query(description="With what each one's webhook says.")]


@router.get("/events", response_model=EventList)
async def list_events(
    request: Request,
    call: Caller,
    types: Types = None,
    subject_id: Subject = None,
    since: Annotated[Since | None, Query()] = None,
    until: Annotated[Since | None, Query(description="Up to but not until then; not with `after`.")] = None,
    bodies: Bodies = False,
    limit: PageSize = 25,
    cursor: Cursor = None,
    after: After = None,
    wait: Wait = 0,
) -> Response:
    """Newest first; read one to see what its webhook says.

    With `after` oldest first, to be followed: each page's `next` is the `after` of the next, and none is ever
    skipped or told twice. `wait` then holds an empty page back until something happens.
    """
    if after is not None:
        _check_alone(until, cursor)
        feed = Feed(after=after, types=event_types(types), subject_id=subject_id, since=since)
        return await _follow(request, call, feed, limit=limit, bodies=bodies, wait=wait)
    last = finding.cursor("evt", cursor)
    which = EventFilter(
        types=event_types(types),
        subject_id=subject_id,
        since=since,
        until=until,
        after=EventId(last) if last else None,
    )
    return answer(await run_in_threadpool(_page, call, which, limit, bodies=bodies))


@router.get("/envelopes/{envelope_id}/events", response_model=EventList)
def list_envelope_events(
    call: Caller, envelope_id: str, limit: PageSize = 100, cursor: Cursor = None
) -> Response:
    """Newest first."""
    after = finding.cursor("evt", cursor)
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
    which = EventFilter(types=event_types(None), subject_id=found.id, after=EventId(after) if after else None)
    return answer(_page(call, which, limit))


@router.get("/events/{event_id}", response_model=ShownEvent)
def read_event(call: Caller, event_id: str) -> Response:
    """What its webhook says, with links made now."""
    with call.services.open_work() as work:
        kept = as_told(work.events.get(call.account_id, finding.event_id(event_id)))
    if words.event_type(kept.event.type) is None:
        raise NotFound("event")
    return answer(ShownEvent.model_validate(body(kept, links=call.links, now=call.now)))


@router.get("/events/{event_id}/deliveries", response_model=ToldDeliveryList)
def list_event_deliveries(
    call: Caller, event_id: str, limit: PageSize = 100, cursor: Cursor = None
) -> Response:
    """To whom it was told, newest first, each with its attempts."""
    after = finding.cursor("dlv", cursor)
    with call.services.open_work() as work:
        kept = work.events.get(call.account_id, finding.event_id(event_id))
        which = DeliveryFilter(event_id=kept.id, after=DeliveryId(after) if after else None)
        found = work.deliveries.search(call.account_id, which, limit=limit + 1)
        made = work.deliveries.attempts_at(call.account_id, kept.id)
    data = [told_delivery(one, made) for one in found[:limit]]
    return answer(ToldDeliveryList(data=data, next=data[-1].id if len(found) > limit else None))


def event_types(names: list[str] | None) -> tuple[str, ...]:
    """In our own words; by default all that we have a word for."""
    if not names:
        return tuple(words.EVENT_TYPES)
    for name in names:
        if name not in words.EVENTS:
            raise Declined("event_type_unknown", words.unknown(name, words.EVENTS), pointer="?type")
    return tuple(words.EVENTS[name] for name in names)


def _page(call: Call, which: EventFilter, limit: int, *, bodies: bool = False) -> EventList:
    try:
        with call.services.open_work() as work:
            found = work.events.search(call.account_id, which, limit=limit + 1)
    except NotFound:
        raise finding.cursor_unknown() from None
    data = [_listed(one, call, bodies=bodies) for one in found[:limit]]
    return EventList(data=data, next=data[-1].id if len(found) > limit else None)


# ── following ────────────────────────────────────────────────────────────────


def _check_alone(until: datetime | None, cursor: str | None) -> None:
    """Who follows does so without an end, and goes on by `after`."""
    for name, said in (("until", until), ("cursor", cursor)):
        if said is not None:
            detail = f"`after` follows for ever, by itself: leave out `{name}`."
            raise Declined("not_with_after", detail, pointer=f"?{name}")


async def _follow(
    request: Request, call: Call, feed: Feed, *, limit: int, bodies: bool, wait: float
) -> Response:
    async with call.standing_aside():
        page = await call.services.waiting_room.until(
            call.account_id,
            lambda: _followed(call, feed, limit, bodies=bodies),
            lambda seen: bool(seen.data),
            seconds=wait,
            gone=request.is_disconnected,
        )
    return answer(page)


def _followed(call: Call, feed: Feed, limit: int, *, bodies: bool) -> EventList:
    try:
        with call.services.open_work() as work:
            page = work.feed.read(call.account_id, feed, limit=limit)
    except NotFound:
        raise Declined(
            "cursor_unknown", "This is no `next` that a page gave you.", pointer="?after"
        ) from None
    return EventList(data=[_listed(one, call, bodies=bodies) for one in page.events], next=page.cursor)


def _listed(kept: KeptEvent, call: Call, *, bodies: bool) -> ListedEvent:
    event = kept.event
    signer_id = event.facts.get("signer_id")
    return ListedEvent(
        id=with_prefix("evt", kept.id),
        type=words.told(event).name,
        created_at=event.at,
        **subject.shown(event.type, event.subject_id),
        signer_id=with_prefix("sig", str(signer_id)) if signer_id else None,
        data=_data(kept, call) if bodies else None,
    )


def _data(kept: KeptEvent, call: Call) -> dict[str, Json]:
    said = body(kept, links=call.links, now=call.services.clock())["data"]
    return dict(said) if isinstance(said, Mapping) else {}
