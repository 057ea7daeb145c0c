"""A sample of an event, sent to one endpoint, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lacre import sampling
from lacre.dialects.native import finding, words
from lacre.dialects.native.call import Call, Poster, answer
from lacre.dialects.native.deliveries import shown_attempt, shown_delivery
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.wire.deliveries import TestDelivery
from lacre.dialects.native.wire.endpoints import NewTest
from lacre.kit.ids import DeliveryId
from lacre.services import Work
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.sample import send_sample

router = APIRouter(tags=["endpoints"])
LONGEST_WAIT = 25
Wait = Annotated[
    float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait, at most; 0 answers at once.")
]


@router.post(
    "/endpoints/{endpoint_id}/test", name="test_endpoint", status_code=202, response_model=TestDelivery
)
async def send_test(
    request: Request, call: Poster, endpoint_id: str, said: NewTest | None = None, wait: Wait = 0
) -> Response:
    """Sends a made-up event of any type to it alone, signed and by the way that every event goes.

    It is tried once, and its outcome has no consequences for the endpoint. With `wait` the answer shows the
    exchange.
    """
    sent, first = await run_in_threadpool(_send, call, endpoint_id, said.type if said else None)
    if not wait:
        return first
    async with call.standing_aside():
        seen = await call.services.waiting_room.until(
            call.account_id,
            lambda: _tested(call, sent),
            lambda tested: tested.exchange is not None,
            seconds=wait,
            gone=request.is_disconnected,
        )
    return answer(seen, 202)


def _send(call: Call, endpoint_id: str, name: str | None) -> tuple[DeliveryId, Response]:
    with call.services.open_work() as work:
        found = finding.endpoint(work, call, endpoint_id)
        event_type = _sampled(call.services.wordings[found.dialect].samples, name)
        facts = sampling.facts(event_type, found, now=call.now)
        sent = send_sample(work, found, event_type, facts, now=call.now)
        return sent, call.keep(work, _read(work, call, sent), 202)


def _sampled(samples: Mapping[str, str], name: str | None) -> str:
    """Of what it is to be a sample; the dialect's usual one when nothing was said."""
    event_type = samples.get(name or next(iter(samples)))
    if event_type is None:
        raise Declined("event_type_unknown", words.unknown(str(name), samples), pointer="#/type")
    return event_type


def _tested(call: Call, sent: DeliveryId) -> TestDelivery:
    with call.services.open_work() as work:
        return _read(work, call, sent)


def _read(work: Work, call: Call, sent: DeliveryId) -> TestDelivery:
    (listed,) = work.deliveries.search(call.account_id, DeliveryFilter(id=sent), limit=1)
    made = work.deliveries.attempts(call.account_id, sent) if listed.delivery.settled_at else ()
    exchange = shown_attempt(made[-1]) if made else None
    return TestDelivery(**shown_delivery(listed).model_dump(), exchange=exchange)
