"""Samples: made-up events that an endpoint is sent to see what it does, by the way that every event goes.

An event's type says that it is one, so that no list, replay or other endpoint takes it for something that
happened; a dialect words it as what it is a sample of.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import structs

from lacre.documents.links import Links
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId
from lacre.kit.json import JsonObject
from lacre.webhooks.authorization import with_headers
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.errors import EndpointNotActive
from lacre.webhooks.health import Health, News
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Promise
from lacre.webhooks.repositories import WebhookWork
from lacre.webhooks.request import Request
from lacre.webhooks.telling import event_of
from lacre.webhooks.wording import Wording

MARK = "Lacre-Sample"
"""A header of each request that carries a sample, in every dialect."""
_PREFIX = "sample."
_EXAMPLE = EventId("5a3b1e00-0000-4000-8000-00000000e4e7")


def send_sample(
    work: WebhookWork, endpoint: Endpoint, event_type: str, facts: JsonObject, *, now: datetime
) -> DeliveryId:
    """To this endpoint alone, whatever it hears, and in no line.

    Raises `EndpointNotActive` when nothing would go out.
    """
    if endpoint.status is not EndpointStatus.ACTIVE:
        raise EndpointNotActive
    event = sample_event(endpoint, event_type, facts, now=now)
    # whoever sends one wants to see what it does, also while it rests, and however much waits
    work.health.try_now(endpoint.id, now=now)
    beside_others = replace(endpoint, ordering=Ordering.NONE)
    sent = work.deliveries.add(work.announce(event), beside_others, now=now, replay_of=None)
    work.deliveries.put_first(sent, endpoint.id)
    return sent


def sample_event(endpoint: Endpoint, event_type: str, facts: JsonObject, *, now: datetime) -> Event:
    """A sample of such an event, to this endpoint."""
    return Event(
        type=_PREFIX + event_type,
        account_id=endpoint.account_id,
        subject_id=endpoint.id,
        at=now,
        facts={**facts, "sample": True},
    )


def example(
    wording: Wording, endpoint: Endpoint, event_type: str, facts: JsonObject, *, links: Links, now: datetime
) -> bytes:
    """The body that a sample is sent with; nothing where files are put into it, or it has none."""
    kept = KeptEvent(id=_EXAMPLE, event=sample_event(endpoint, event_type, facts, now=now))
    return wording.request(as_told(kept), endpoint, links=links, attempt=1, now=now).body


def listener(wording: Wording, account_id: AccountId, *, now: datetime) -> Endpoint:
    """Whom examples are told to: an endpoint that never was, as its dialect makes one."""
    return Endpoint(
        id=EndpointId("5a3b1e00-0000-4000-8000-000000000e0e"),
        account_id=account_id,
        number=0,
        dialect=wording.name,
        url="https://example.com/webhooks",
        types=(),
        created_at=now,
    )


def news_facts(event_type: str, endpoint: Endpoint, *, now: datetime) -> JsonObject | None:
    """What a sample of news of an endpoint's health holds; `None` for any other type."""
    failing = Health(failures=7, since=now - timedelta(hours=1), last_status_code=503)
    for news in News:
        event = event_of(news, endpoint, failing, now=now)
        if event is not None and event.type == event_type:
            return event.facts
    return None


def is_sample(event_type: str) -> bool:
    return event_type.startswith(_PREFIX)


def sampled(event_type: str) -> str:
    """What it is a sample of; any other type as it is."""
    return event_type.removeprefix(_PREFIX)


def as_told(kept: KeptEvent) -> KeptEvent:
    """As if it had happened: how a dialect knows it."""
    if not is_sample(kept.event.type):
        return kept
    return KeptEvent(id=kept.id, event=structs.replace(kept.event, type=sampled(kept.event.type)))


def promised(promise: Promise, event_type: str) -> Promise:
    """A sample is tried once, and no answer to it has consequences for its endpoint."""
    if not is_sample(event_type):
        return promise
    return replace(promise, waits=(), stops_at=frozenset(), stops_type_at_end=False)


def marked(request: Request, event_type: str) -> Request:
    return with_headers(request, ((MARK, "true"),)) if is_sample(event_type) else request
