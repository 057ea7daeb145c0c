"""Endpoints and event types as they are said and shown, and what an endpoint's options hold."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from lacre.dialects.native.wire.authorization import Header, SaidAuthorization, ShownAuthorization
from lacre.dialects.native.wire.values import Instant, Said, Shown, Text
from lacre.webhooks.endpoint import EndpointStatus
from lacre.webhooks.headers import MAX_HEADERS


class Options(Shown):
    """Kept with an endpoint: until when each of its older secrets stays valid, newest first."""

    ends: tuple[datetime, ...] = ()


class NewEndpoint(Said):
    url: str = Field(max_length=4000)
    types: list[str] = Field(
        default_factory=list, max_length=200, description="Event types it hears; none: every type."
    )
    headers: list[Header] = Field(
        default_factory=list, max_length=MAX_HEADERS, description="Sent with each request; never shown again."
    )
    description: Text = ""
    envelope_id: str | None = Field(default=None, description="Only events of this envelope.")
    authorization: SaidAuthorization | None = None
    secret: str | None = Field(
        default=None, max_length=200, description="`whsec_…`, when you bring your own; otherwise one is made."
    )


class EndpointChange(Said):
    """What is not said stays as it is."""

    url: str | None = Field(default=None, max_length=4000)
    types: list[str] | None = Field(default=None, max_length=200)
    headers: list[Header] | None = Field(
        default=None, max_length=MAX_HEADERS, description="Replaces all of them."
    )
    description: Text | None = None
    authorization: SaidAuthorization | None = None


class NewSecret(Said):
    secret: str | None = Field(default=None, max_length=200, description="Your own; otherwise one is made.")


class ShownEndpoint(Shown):
    id: str
    url: str
    types: list[str]
    headers: list[str] = Field(description="Their names alone.")
    authorization: ShownAuthorization | None
    description: str
    envelope_id: str | None
    status: EndpointStatus
    failing_since: Instant | None
    secrets: int = Field(description="How many signing secrets are valid now.")
    created_at: Instant


class CreatedEndpoint(ShownEndpoint):
    secret: str = Field(description="`whsec_…`; shown this once.")


class RotatedSecret(Shown):
    secret: str = Field(description="`whsec_…`; shown this once.")
    old_valid_until: Instant


class EndpointList(Shown):
    data: list[ShownEndpoint]
    next: str | None


class EndpointStats(Shown):
    waiting: int
    held: int
    delivered: int
    discarded: int
    total: int


class ShownEventType(Shown):
    name: str
    description: str


class EventTypeList(Shown):
    data: list[ShownEventType]
    next: str | None = None
