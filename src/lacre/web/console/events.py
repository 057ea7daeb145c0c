"""Events: all that happened, and of each one to whom it was told and what came back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.routing import BaseRoute

from lacre.kit.ids import DeliveryId, EndpointId, EventId, as_uuid
from lacre.kit.refusal import NotFound
from lacre.web.console import notes, searching, words
from lacre.web.console.delivery_view import DeliveryView, attempt_views, promise_to
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.envelopes import seen
from lacre.web.console.event_view import EventRow, EventView
from lacre.web.console.said import Said, several
from lacre.web.console.turning import PER_PAGE, Turning
from lacre.webhooks import actions
from lacre.webhooks.delivery import Attempt, KeptEvent
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.filters import DeliveryFilter, EventFilter
from lacre.webhooks.replay import Told
from lacre.webhooks.repositories import Listed

PATH = "/app/events"
MOST_DELIVERIES = 50
"""Shown of one event: it has one for each endpoint, and more only by replays."""


@dataclass(frozen=True)
class Events:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = f"{PATH}/{{id}}"
        return [
            self.door.page(PATH, index),
            self.door.page(one, show),
            self.door.act(f"{one}/replay", replay),
            self.door.act(f"{one}/retry", retry),
        ]


def index(visit: Visit) -> Answer:
    asked, after = searching.asked(visit), as_uuid(visit.asked("after")) or ""
    which = EventFilter(
        types=searching.types(asked["type"]) or tuple(words.EVENTS),
        among=searching.subjects(visit, asked["document"]),
        since=searching.since(asked["since"]),
        until=searching.until(asked["until"]),
        after=EventId(after) if after else None,
    )
    found = visit.work.events.search(visit.account_id, which, limit=PER_PAGE + 1)
    last = found[PER_PAGE - 1].id if len(found) > PER_PAGE else ""
    values = {
        "rows": _rows(visit, found[:PER_PAGE]),
        "listing": Turning(path=PATH, asked=asked, after=after, next=last),
        "kinds": searching.kinds(),
    }
    return Page("console/events.html", values)


def show(visit: Visit) -> Answer:
    kept = _mine(visit)
    which = DeliveryFilter(event_id=kept.id)
    found = visit.work.deliveries.search(visit.account_id, which, limit=MOST_DELIVERIES + 1)
    view = EventView(
        row=_rows(visit, [kept])[0],
        deliveries=_deliveries(visit, kept, found[:MOST_DELIVERIES]),
        more=len(found) > MOST_DELIVERIES,
        document_kept=_has_page(visit, kept),
        endpoint=_told_of(visit, kept),
    )
    return Page("console/event.html", {"view": view})


def replay(visit: Visit) -> Answer:
    """To all who listen today; what waits for another try anyway is sent now instead."""
    kept = _mine(visit)
    count = actions.replay(visit.work, [kept], wordings=visit.services.wordings, now=visit.now)
    nobody = Said(words=notes.NOBODY_LISTENS_NOW, tone="bad")
    return Goto(f"{PATH}/{kept.id}", several(notes.WEBHOOKS_AGAIN, count) if count else nobody)


def retry(visit: Visit) -> Answer:
    """One of its deliveries."""
    kept, before = _mine(visit), DeliveryId(as_uuid(visit.typed("delivery")) or "")
    after = actions.retry(visit.work, visit.account_id, before, now=visit.now)
    said = notes.TRIED_NOW if after == before else notes.TOLD_AGAIN
    return Goto(f"{PATH}/{kept.id}", Said(words=said))


def _mine(visit: Visit) -> KeptEvent:
    return visit.work.events.get(visit.account_id, EventId(visit.named()))


def _rows(visit: Visit, events: Sequence[KeptEvent]) -> list[EventRow]:
    told: dict[EventId, list[Told]] = defaultdict(list)
    held: Counter[EventId] = Counter()
    silent = _silent(visit)
    pairs = visit.work.replays.told(visit.account_id, {one.id for one in events})
    for (event_id, endpoint_id), one in pairs.items():
        told[event_id].append(one)
        held[event_id] += endpoint_id in silent and one.open is not None and not one.arrived
    return [EventRow(kept=one, told=told[one.id], held_back=held[one.id]) for one in events]


def _silent(visit: Visit) -> set[EndpointId]:
    """Those that are told nothing until a person says so."""
    mine = visit.work.endpoints.of_account(visit.account_id)
    return {one.id for one in mine if one.status is not EndpointStatus.ACTIVE}


def _deliveries(visit: Visit, kept: KeptEvent, found: Sequence[Listed]) -> list[DeliveryView]:
    made: dict[DeliveryId, list[Attempt]] = defaultdict(list)
    for one in visit.work.deliveries.attempts_at(visit.account_id, kept.id):
        made[one.delivery_id].append(one)
    endpoints = _endpoints(visit, found)
    return [
        _delivery(visit, kept, one, endpoints[one.delivery.endpoint_id], made[one.delivery.id])
        for one in reversed(found)
    ]


def _delivery(
    visit: Visit, kept: KeptEvent, listed: Listed, endpoint: Endpoint, made: Sequence[Attempt]
) -> DeliveryView:
    promise = promise_to(visit.services, endpoint)
    return DeliveryView(
        listed=listed,
        endpoint=endpoint,
        promise=promise,
        attempts=attempt_views(made, endpoint.url, promise),
        happened_at=kept.event.at,
        title="",
    )


def _endpoints(visit: Visit, found: Sequence[Listed]) -> Mapping[EndpointId, Endpoint]:
    named = {one.delivery.endpoint_id for one in found}
    return {one: visit.work.endpoints.get(visit.account_id, one) for one in named}


def _told_of(visit: Visit, kept: KeptEvent) -> Endpoint | None:
    """The endpoint that it is news of: of several at one host only this says which."""
    with suppress(NotFound):
        named = EndpointId(str(kept.event.facts.get("endpoint_id") or ""))
        endpoint = visit.work.endpoints.get(visit.account_id, named)
        return None if endpoint.deleted_at else endpoint
    return None


def _has_page(visit: Visit, kept: KeptEvent) -> bool:
    with suppress(NotFound):
        seen(visit, kept.event.subject_id)
        return True
    return False
