"""Events: what happened, and what webhooks say of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre.dialects.native import finding, words
from lacre.dialects.native.call import Call, Caller, answer
from lacre.dialects.native.deliveries import envelope_id as shown_envelope_id
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.routes.envelopes import Cursor, PageSize
from lacre.dialects.native.webhook import body
from lacre.dialects.native.wire.deliveries import EventList, ListedEvent, ShownEvent
from lacre.dialects.native.wire.values import Since
from lacre.kit.ids import EventId, with_prefix
from lacre.kit.refusal import NotFound
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.repositories import EventFilter

router = APIRouter(tags=["events"])
Types = Annotated[list[str] | None, Query(alias="type", description="Only these types.", max_length=100)]


@router.get("/events", response_model=EventList)
def list_events(
    call: Caller,
    types: Types = None,
    envelope_id: Annotated[str | None, Query()] = None,
    since: Annotated[Since | None, Query()] = None,
    limit: PageSize = 25,
    cursor: Cursor = None,
) -> Response:
    """Newest first; read one to see what its webhook says."""
    after = finding.cursor("evt", cursor)
    which = EventFilter(
        types=_types(types),
        subject_id=finding.envelope_id(envelope_id) if envelope_id is not None else None,
        since=since,
        after=EventId(after) if after else None,
    )
    return answer(_page(call, which, limit))


@router.get("/envelopes/{envelope_id}/events", response_model=EventList)
def list_envelope_events(
    call: Caller, envelope_id: str, limit: PageSize = 100, cursor: Cursor = None
) -> Response:
    """Newest first."""
    after = finding.cursor("evt", cursor)
    with call.services.open_work() as work:
        found = finding.envelope(work, call, envelope_id)
    which = EventFilter(types=_types(None), subject_id=found.id, after=EventId(after) if after else None)
    return answer(_page(call, which, limit))


@router.get("/events/{event_id}", response_model=ShownEvent)
def read_event(call: Caller, event_id: str) -> Response:
    """What its webhook says, with links made now."""
    with call.services.open_work() as work:
        kept = work.events.get(call.account_id, finding.event_id(event_id))
    if words.event_type(kept.event.type) is None:
        raise NotFound("event")
    return answer(ShownEvent.model_validate(body(kept, links=call.links, now=call.now)))


def _types(names: list[str] | None) -> tuple[str, ...]:
    """In our own words; by default all that we have a word for."""
    if not names:
        return (*words.EVENT_TYPES, words.TESTED)
    for name in names:
        if name not in words.EVENTS:
            raise Declined("event_type_unknown", f"There is no event type {name!r}.", pointer="?type")
    return tuple(words.EVENTS[name] for name in names)


def _page(call: Call, which: EventFilter, limit: int) -> EventList:
    try:
        with call.services.open_work() as work:
            found = work.events.search(call.account_id, which, limit=limit + 1)
    except NotFound:
        raise finding.cursor_unknown() from None
    data = [_listed(one) for one in found[:limit]]
    return EventList(data=data, next=data[-1].id if len(found) > limit else None)


def _listed(kept: KeptEvent) -> ListedEvent:
    event = kept.event
    signer_id = event.facts.get("signer_id")
    return ListedEvent(
        id=with_prefix("evt", kept.id),
        type=words.told(event),
        created_at=event.at,
        envelope_id=shown_envelope_id(event.type, event.subject_id),
        signer_id=with_prefix("sig", str(signer_id)) if signer_id else None,
    )
