"""Deliveries: all of them, and each one's attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from starlette.routing import BaseRoute

from lacre.kit.ids import DeliveryId, EndpointId, as_uuid
from lacre.kit.refusal import NotFound
from lacre.web.console import notes, searching, words
from lacre.web.console.delivery_view import DeliveryView, attempt_views, promise_to
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.envelopes import seen
from lacre.web.console.said import Said, several
from lacre.web.console.turning import MOST_COUNTED, PER_PAGE, Counted, Turning
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.filters import Answered, DeliveryFilter
from lacre.webhooks.repositories import Listed

FILTERS: dict[str, tuple[DeliveryStatus, ...]] = {
    "waiting": (DeliveryStatus.QUEUED, DeliveryStatus.WAITING, DeliveryStatus.HELD),
    "delivered": (DeliveryStatus.DELIVERED,),
    "discarded": (DeliveryStatus.DISCARDED,),
}

MOST_CHOSEN = 100


@dataclass(frozen=True)
class Deliveries:
    door: Door

    def routes(self) -> list[BaseRoute]:
        return [
            self.door.page("/app/deliveries", index),
            self.door.page("/app/deliveries/{id}", show),
            self.door.act("/app/deliveries/{id}/retry", retry),
            self.door.act("/app/deliveries/retry", retry_chosen),
        ]


def index(visit: Visit) -> Answer:
    asked = searching.asked(visit, "endpoint", "answered")
    endpoint = asked["endpoint"]
    narrowed = DeliveryFilter(
        endpoint_id=EndpointId(as_uuid(endpoint) or endpoint) if endpoint else None,
        among=searching.subjects(visit, asked["document"]),
        types=searching.types(asked["type"]),
        answered=Answered(asked["answered"]) if asked["answered"] in words.ANSWERED else None,
        since=searching.since(asked["since"]),
        until=searching.until(asked["until"]),
    )
    values = listed(visit, "/app/deliveries", narrowed, asked)
    endpoints = visit.work.endpoints.of_account(visit.account_id)
    more = {
        "endpoints": endpoints,
        "endpoint": endpoint,
        "kinds": searching.kinds(),
        "answers": words.ANSWERED,
    }
    return Page("console/deliveries.html", {**values, **more})


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
    said = notes.TRIED_NOW if after == before else notes.TOLD_AGAIN
    return Goto(f"/app/deliveries/{after}", Said(words=said))


def retry_chosen(visit: Visit) -> Answer:
    """Each as if alone; no more than a page has."""
    typed = [as_uuid(str(one)) for one in visit.form.getlist("delivery")]
    chosen = [DeliveryId(one) for one in typed if one is not None][:MOST_CHOSEN]
    if not chosen:
        return Goto("/app/deliveries?status=discarded", Said(words=notes.NONE_CHOSEN, tone="bad"))
    again = {actions.retry(visit.work, visit.account_id, one, now=visit.now) for one in chosen}
    return Goto("/app/deliveries", several(notes.SENT_AGAIN_MANY, len(again)))


def listed(
    visit: Visit, path: str, narrowed: DeliveryFilter, asked: Mapping[str, str], *, per_page: int = PER_PAGE
) -> dict[str, object]:
    """A list of deliveries narrowed by state, with how many there are of each."""
    status = visit.asked("status") if visit.asked("status") in FILTERS else ""
    after = as_uuid(visit.asked("after")) or ""
    which = replace(_in_state(narrowed, status), after=DeliveryId(after) if after else None)
    found = visit.work.deliveries.search(visit.account_id, which, limit=per_page + 1)
    totals = totals_of(visit, narrowed)
    last = found[per_page - 1].delivery.id if len(found) > per_page else ""
    return {
        "deliveries": found[:per_page],
        "titles": _titles(visit, found[:per_page]),
        "listing": Turning(path=path, asked={**asked, "status": status}, after=after, next=last),
        "totals": totals,
        "everything": Counted(sum(one.number for one in totals.values())),
        "state": status,
    }


def totals_of(visit: Visit, narrowed: DeliveryFilter) -> dict[str, Counted]:
    count, account, most = visit.work.deliveries.count, visit.account_id, MOST_COUNTED + 1
    return {one: Counted(count(account, _in_state(narrowed, one), most=most)) for one in FILTERS}


def _in_state(narrowed: DeliveryFilter, status: str) -> DeliveryFilter:
    return replace(narrowed, statuses=FILTERS.get(status, ()))


def _found(visit: Visit, delivery_id: str) -> Listed:
    which = DeliveryFilter(id=DeliveryId(delivery_id))
    found = visit.work.deliveries.search(visit.account_id, which, limit=1)
    if not found:
        raise NotFound("delivery")
    return found[0]


def _title(visit: Visit, delivery: Listed) -> str:
    with suppress(NotFound):
        return seen(visit, delivery.subject_id).title
    return ""


def _titles(visit: Visit, deliveries: Sequence[Listed]) -> dict[str, str]:
    """What the documents of a page are called, each asked for once."""
    return {
        subject: _title(visit, one) for subject, one in {one.subject_id: one for one in deliveries}.items()
    }
