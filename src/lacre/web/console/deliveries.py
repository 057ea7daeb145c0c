"""Deliveries: all of them, and each one's attempts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from starlette.routing import BaseRoute

from lacre.kit.ids import DeliveryId, EndpointId, as_uuid
from lacre.kit.refusal import NotFound
from lacre.web.console import notes
from lacre.web.console.delivery_view import DeliveryView, attempt_views, promise_to
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.envelopes import seen
from lacre.web.console.listing import Listing, page_number
from lacre.web.console.said import Said
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.repositories import DeliveryFilter, Listed

FILTERS: dict[str, tuple[DeliveryStatus, ...]] = {
    "waiting": (DeliveryStatus.WAITING, DeliveryStatus.HELD),
    "delivered": (DeliveryStatus.DELIVERED,),
    "discarded": (DeliveryStatus.DISCARDED,),
}


@dataclass(frozen=True)
class Deliveries:
    door: Door

    def routes(self) -> list[BaseRoute]:
        return [
            self.door.page("/app/deliveries", index),
            self.door.page("/app/deliveries/{id}", show),
            self.door.act("/app/deliveries/{id}/retry", retry),
        ]


def index(visit: Visit) -> Answer:
    endpoint, document = visit.asked("endpoint"), visit.asked("document")
    narrowed = DeliveryFilter(
        endpoint_id=EndpointId(as_uuid(endpoint) or endpoint) if endpoint else None,
        subject_id=as_uuid(document) or document or None,
    )
    values = listed(visit, "/app/deliveries", narrowed, {"endpoint": endpoint, "document": document})
    endpoints = visit.work.endpoints.of_account(visit.account_id)
    return Page("console/deliveries.html", {**values, "endpoints": endpoints, "endpoint": endpoint})


def show(visit: Visit) -> Answer:
    delivery = _found(visit, visit.named())
    endpoint = visit.work.endpoints.get(visit.account_id, delivery.delivery.endpoint_id)
    promise = promise_to(visit.services, endpoint)
    attempts = visit.work.deliveries.attempts(visit.account_id, delivery.delivery.id)
    view = DeliveryView(
        listed=delivery,
        endpoint=endpoint,
        promise=promise,
        attempts=attempt_views(attempts, endpoint.url, promise),
        happened_at=visit.work.events.get(visit.account_id, delivery.delivery.event_id).event.at,
        title=_title(visit, delivery),
    )
    return Page("console/delivery.html", {"view": view})


def retry(visit: Visit) -> Answer:
    """At once: what waits is hurried, what is settled is sent again as a new delivery."""
    before = DeliveryId(visit.named())
    after = actions.retry(visit.work, visit.account_id, before, now=visit.now)
    words = notes.TRIED_NOW if after == before else notes.TOLD_AGAIN
    return Goto(f"/app/deliveries/{after}", Said(words=words))


def listed(
    visit: Visit, path: str, narrowed: DeliveryFilter, asked: dict[str, str], *, per_page: int = 25
) -> dict[str, object]:
    """A list of deliveries narrowed by state, with how many there are of each."""
    status = visit.asked("status") if visit.asked("status") in FILTERS else ""
    page = page_number(visit.asked("page"))
    listing = Listing(path=path, asked={**asked, "status": status}, page=page, per_page=per_page)
    found, total = visit.work.deliveries.find(
        visit.account_id, _in_state(narrowed, status), offset=listing.offset, limit=per_page
    )
    totals = totals_of(visit, narrowed)
    return {
        "deliveries": found,
        "listing": Listing(path=path, asked=listing.asked, page=page, total=total, per_page=per_page),
        "totals": totals,
        "everything": sum(totals.values()),
        "state": status,
    }


def totals_of(visit: Visit, narrowed: DeliveryFilter) -> dict[str, int]:
    find, account = visit.work.deliveries.find, visit.account_id
    return {one: find(account, _in_state(narrowed, one), offset=0, limit=1)[1] for one in FILTERS}


def _in_state(narrowed: DeliveryFilter, status: str) -> DeliveryFilter:
    return DeliveryFilter(
        endpoint_id=narrowed.endpoint_id,
        subject_id=narrowed.subject_id,
        statuses=FILTERS.get(status, ()),
    )


def _found(visit: Visit, delivery_id: str) -> Listed:
    which = DeliveryFilter(id=DeliveryId(delivery_id))
    found, _ = visit.work.deliveries.find(visit.account_id, which, offset=0, limit=1)
    if not found:
        raise NotFound("delivery")
    return found[0]


def _title(visit: Visit, delivery: Listed) -> str:
    with suppress(NotFound):
        return seen(visit, delivery.subject_id).title
    return ""
