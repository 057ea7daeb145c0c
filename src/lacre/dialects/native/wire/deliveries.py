"""Events, deliveries and attempts as they are shown."""

from __future__ import annotations

from pydantic import Field

from lacre.dialects.native.wire.values import Instant, Shown
from lacre.kit.json import Json
from lacre.webhooks.delivery import DeliveryStatus


class ListedEvent(Shown):
    id: str
    type: str
    created_at: Instant
    envelope_id: str | None
    extraction_id: str | None
    invoice_id: str | None
    signer_id: str | None
    data: dict[str, Json] | None = Field(
        default=None, description="With `bodies`: what its webhook says, with links made now."
    )


class ShownEvent(Shown):
    """What a webhook says, with links made now."""

    id: str = Field(description="`evt_…`: the same in every attempt and every replay.")
    type: str = Field(description="What happened.")
    created_at: Instant = Field(description="When it happened.")
    data: dict[str, Json] = Field(
        description="What it is about, as it stood then; links are made anew for each attempt."
    )


class EventList(Shown):
    data: list[ListedEvent]
    next: str | None = Field(description="With `after`, never null: where to go on, now or in a year.")


class ShownDelivery(Shown):
    id: str
    status: DeliveryStatus = Field(
        description="`queued`: behind another, in the order that the endpoint asked for."
    )
    event_id: str
    event_type: str = Field(description="Empty for an event that this API has no word for.")
    sample: bool = Field(default=False, description="Made up, for a test.")
    envelope_id: str | None
    extraction_id: str | None
    invoice_id: str | None
    endpoint_id: str
    url: str
    attempts: int
    created_at: Instant
    due_at: Instant = Field(description="When the next attempt is made, while it waits.")
    settled_at: Instant | None
    replay_of: str | None
    last_status_code: int | None
    last_reason: str = Field(description="Why no answer came; empty when one came.")


class BriefAttempt(Shown):
    """An attempt without what was sent and heard."""

    id: str
    number: int
    at: Instant
    milliseconds: int
    ok: bool
    status_code: int | None
    reason: str
    problem: str


class ToldDelivery(ShownDelivery):
    made: list[BriefAttempt] = Field(description="Its attempts, oldest first.")


class ToldDeliveryList(Shown):
    data: list[ToldDelivery]
    next: str | None


class DeliveryList(Shown):
    data: list[ShownDelivery]
    next: str | None


class ShownAttempt(Shown):
    """One request and what came of it. Secrets in headers are masked; bodies are cut at 64 KB."""

    id: str
    number: int
    at: Instant
    milliseconds: int
    ok: bool
    status_code: int | None
    reason: str
    method: str
    url: str
    request_headers: list[tuple[str, str]]
    request_body: str | None
    request_sha256: str = Field(description="Of the whole body.")
    response_headers: list[tuple[str, str]]
    response_body: str | None
    truncated: bool
    address: str = Field(description="The IP that was spoken to.")
    timings: dict[str, float] = Field(description="Milliseconds.")
    problem: str


class TestDelivery(ShownDelivery):
    exchange: ShownAttempt | None = Field(
        default=None, description="With `wait`: the one attempt, once it is over."
    )


class AttemptList(Shown):
    data: list[ShownAttempt]
    next: str | None = None
