"""Deliveries of any endpoint of the account: found, read, tried again, and every attempt."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre.dialects.native import finding
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.deliveries import shown_attempt, shown_delivery
from lacre.dialects.native.routes.envelopes import Cursor, PageSize
from lacre.dialects.native.routes.events import Types, event_types
from lacre.dialects.native.subject import Subject
from lacre.dialects.native.wire.deliveries import AttemptList, DeliveryList, ShownDelivery
from lacre.dialects.native.wire.values import Since
from lacre.kit.ids import DeliveryId
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.filters import Answered, DeliveryFilter
from lacre.webhooks.repositories import Listed

router = APIRouter(tags=["deliveries"])


@router.get("/deliveries", response_model=DeliveryList)
def list_deliveries(
    call: Caller,
    endpoint_id: Annotated[str | None, Query()] = None,
    event_id: Annotated[str | None, Query()] = None,
    subject_id: Subject = None,
    types: Types = None,
    status: Annotated[list[DeliveryStatus] | None, Query()] = None,
    answered: Annotated[Answered | None, Query(description="By the last attempt.")] = None,
    since: Annotated[Since | None, Query(description="Made from then on.")] = None,
    until: Annotated[Since | None, Query(description="Made before then.")] = None,
    limit: PageSize = 25,
    cursor: Cursor = None,
) -> Response:
    """Newest first."""
    after = finding.cursor("dlv", cursor)
    which = DeliveryFilter(
        endpoint_id=finding.endpoint_id(endpoint_id) if endpoint_id is not None else None,
        event_id=finding.event_id(event_id) if event_id is not None else None,
        subject_id=subject_id,
        types=event_types(types) if types else (),
        statuses=tuple(status or ()),
        answered=answered,
        since=since,
        until=until,
        after=DeliveryId(after) if after else None,
    )
    return answer(_page(call, which, limit))


@router.get("/deliveries/{delivery_id}", response_model=ShownDelivery)
def read_delivery(call: Caller, delivery_id: str) -> Response:
    with call.services.open_work() as work:
        listed = _listed(work, call, finding.delivery_id(delivery_id))
    return answer(shown_delivery(listed))


@router.post("/deliveries/{delivery_id}/retry", status_code=202, response_model=ShownDelivery)
def retry_delivery(call: Poster, delivery_id: str) -> Response:
    """Now. One that waits is hurried; a settled one is sent again as a new delivery, which is the answer.

    One that is `queued` behind another is refused.
    """
    with call.services.open_work() as work:
        named = finding.delivery_id(delivery_id)
        queued = actions.retry(work, call.account_id, named, now=call.now)
        return call.keep(work, shown_delivery(_listed(work, call, queued)), 202)


@router.get("/deliveries/{delivery_id}/attempts", response_model=AttemptList)
def list_attempts(call: Caller, delivery_id: str) -> Response:
    """Oldest first: what was sent and what was heard."""
    with call.services.open_work() as work:
        listed = _listed(work, call, finding.delivery_id(delivery_id))
        made = work.deliveries.attempts(call.account_id, listed.delivery.id)
    return answer(AttemptList(data=[shown_attempt(one) for one in made]))


def _listed(work: Work, call: Call, named: DeliveryId) -> Listed:
    found = work.deliveries.search(call.account_id, DeliveryFilter(id=named), limit=1)
    if not found:
        raise NotFound("delivery")
    return found[0]


def _page(call: Call, which: DeliveryFilter, limit: int) -> DeliveryList:
    try:
        with call.services.open_work() as work:
            found = work.deliveries.search(call.account_id, which, limit=limit + 1)
    except NotFound:
        raise finding.cursor_unknown() from None
    data = [shown_delivery(one) for one in found[:limit]]
    return DeliveryList(data=data, next=data[-1].id if len(found) > limit else None)
