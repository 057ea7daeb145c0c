"""Webhooks of an account, and attempts at them, without a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from lacre.kit.ids import AccountId, EndpointId, new_uuid
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.exchange import Exchange, kept
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.repositories import Held, Listed, Settled
from lacre.webhooks.request import Answer, NoAnswer, Outcome, Reason, Request, Timings
from tests.support.house import House

HEADERS = (("Authorization", "Bearer muito-secreto"),)


def endpoint_of(
    house: House,
    account: AccountId,
    *,
    url: str = "https://erp.example.test/hooks",
    dialect: str = "zapsign",
    **secrets: Any,  # noqa: ANN401 - any of them
) -> Endpoint:
    """Told of what the dialect tells of by itself, with a secret header."""
    endpoint = Endpoint(
        id=EndpointId(new_uuid()),
        account_id=account,
        number=0,
        dialect=dialect,
        url=url,
        types=(),
        secrets=Secrets(headers=HEADERS, **secrets),
        created_at=house.now(),
    )
    with house.services.open_work() as work:
        actions.subscribe(work, endpoint)
    return endpoint


def answered(status: int, body: bytes = b'{"ok":true}') -> Answer:
    return Answer(
        status=status,
        headers=(("Content-Type", "application/json"),),
        body=body,
        truncated=False,
        address="203.0.113.9",
        timings=Timings(dns=0.004, connect=0.010, tls=0.020, first_byte=0.100, total=0.150),
    )


def unanswered(reason: Reason) -> NoAnswer:
    return NoAnswer(reason=reason, detail="no more is known", timings=Timings(total=20.0))


def attempt(house: House, account: AccountId, outcome: Outcome, status: DeliveryStatus) -> None:
    """One attempt at everything of this account that is due; what waits is due in ten minutes."""
    now = house.now()
    with house.services.presence(new_uuid(), "test") as presence:
        with house.services.open_work() as work:
            held = work.deliveries.claim(presence.worker_id, now=now, limit=500, per_endpoint=500)
        mine = [one for one in held if one.delivery.account_id == account]
        others = [one.delivery.id for one in held if one.delivery.account_id != account]
        due_at = now + timedelta(minutes=10)
        settled = [
            Settled(
                delivery_id=one.delivery.id,
                endpoint_id=one.endpoint.id,
                attempt=kept(
                    Exchange(at=now, request=_request(one), outcome=outcome),
                    delivery=one.delivery,
                    endpoint=one.endpoint,
                    ok=status is DeliveryStatus.DELIVERED,
                ),
                status=status,
                due_at=due_at,
            )
            for one in mine
        ]
        with house.services.open_work() as work:
            work.deliveries.settle(presence.worker_id, settled)
            work.deliveries.release(presence.worker_id, others)


def deliveries_of(house: House, account: AccountId, **which: Any) -> Sequence[Listed]:  # noqa: ANN401
    with house.services.open_work() as work:
        return work.deliveries.search(account, DeliveryFilter(**which), limit=100)


def _request(one: Held) -> Request:
    return Request(
        method="POST",
        url=one.endpoint.url,
        headers=(("Content-Type", "application/json"), *one.endpoint.secrets.headers),
        body=b'{"event_type":"doc_created"}',
        deadline_seconds=20,
    )
