"""Replays as they are asked for and shown."""

from __future__ import annotations

from pydantic import Field

from lacre.dialects.native.wire.values import Instant, Line, Said, Shown, Since
from lacre.webhooks.replay import ReplayStatus, Scope


class NewReplay(Said):
    """What is told again. What is not said does not narrow it."""

    since: Since = Field(description="Events from then on.")
    until: Since | None = Field(None, description="Events before then; by default up to now.")
    scope: Scope = Field(
        Scope.ALL,
        description=(
            "`all`; `failed`: what was given up or still fails, and never arrived;"
            " `missing`: what an endpoint never had a delivery of, because it came later."
        ),
    )
    types: list[Line] = Field(default_factory=list, max_length=100, description="Only these event types.")
    envelope_id: Line | None = Field(None, description="Only what is about it; or about one of these:")
    extraction_id: Line | None = None
    invoice_id: Line | None = None
    endpoint_id: Line | None = None


class ReplayPreview(Shown):
    """What such a replay would make now."""

    events: int
    deliveries: int = Field(description="That would be made.")
    hurried: int = Field(description="Deliveries that wait for another try and would go out at once instead.")
    exact: bool = Field(description="False: it is at least this much; no more was counted.")


class ShownReplay(Shown):
    id: str
    status: ReplayStatus
    scope: Scope
    since: Instant
    until: Instant
    types: list[str]
    envelope_id: str | None
    extraction_id: str | None
    invoice_id: str | None
    endpoint_id: str | None
    share: float = Field(description="How much is done, 0 to 1.")
    events: int = Field(description="Looked at so far.")
    events_total: int | None = Field(description="Of the span; null when they are too many to count.")
    deliveries: int = Field(description="Made so far; after a stop, those that were tried or are in hand.")
    hurried: int = Field(description="That waited for another try and were sent at once instead.")
    asked_by: str
    created_at: Instant
    finished_at: Instant | None


class ReplayList(Shown):
    data: list[ShownReplay]
    next: str | None


class ToldAgain(Shown):
    deliveries: int = Field(description="On their way, with those that were so already.")
