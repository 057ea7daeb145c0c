"""Endpoints, deliveries and outcomes as tests need them: sensible, and different where told."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId
from lacre.webhooks.delivery import Attempt, Delivery, DeliveryStatus, KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Answer, NoAnswer, Reason, Request, Timings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACCOUNT = AccountId("11111111-1111-4111-8111-111111111111")
TIMINGS = Timings(dns=0.001, connect=0.002, tls=0.003, first_byte=0.01, total=0.0123)
PROMISE = Promise(waits=(timedelta(seconds=10), timedelta(minutes=1)), jitter=0.1)


def an_endpoint(url: str = "https://client.example/hook", **changes: Any) -> Endpoint:  # noqa: ANN401
    endpoint = Endpoint(
        id=EndpointId("22222222-2222-4222-8222-222222222222"),
        account_id=ACCOUNT,
        number=0,
        dialect="plain",
        url=url,
        types=(),
        created_at=NOON,
    )
    return dataclasses.replace(endpoint, **changes)


def an_event(**changes: Any) -> Event:  # noqa: ANN401
    event = Event(
        type="test.happened",
        account_id=ACCOUNT,
        subject_id="envelope-1",
        at=NOON,
        facts={"title": "Contrato"},
    )
    return replace(event, **changes)


def a_kept_event(**changes: Any) -> KeptEvent:  # noqa: ANN401
    return KeptEvent(id=EventId("33333333-3333-4333-8333-333333333333"), event=an_event(**changes))


def a_delivery(**changes: Any) -> Delivery:  # noqa: ANN401
    delivery = Delivery(
        id=DeliveryId("44444444-4444-4444-8444-444444444444"),
        account_id=ACCOUNT,
        event_id=a_kept_event().id,
        endpoint_id=an_endpoint().id,
        status=DeliveryStatus.HELD,
        attempts=0,
        created_at=NOON,
        due_at=NOON,
    )
    return replace(delivery, **changes)


def an_answer(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
    return Answer(
        status=status,
        headers=tuple((headers or {}).items()),
        body=body,
        truncated=False,
        address="127.0.0.1",
        timings=TIMINGS,
    )


def no_answer(reason: Reason = "deadline") -> NoAnswer:
    return NoAnswer(reason=reason, detail="nothing came", timings=TIMINGS)


def a_request(**changes: Any) -> Request:  # noqa: ANN401
    request = Request(
        method="POST",
        url="https://client.example/hook",
        headers=(("Content-Type", "application/json"),),
        body=b"{}",
        deadline_seconds=20,
    )
    return replace(request, **changes)


def an_attempt(delivery_id: DeliveryId, **changes: Any) -> Attempt:  # noqa: ANN401
    attempt = Attempt(
        delivery_id=delivery_id,
        number=1,
        at=NOON,
        milliseconds=12,
        ok=False,
        status_code=500,
        reason="",
        request_digest="0" * 64,
        request_body=b"{}",
        response_body=b"",
    )
    return replace(attempt, **changes)
