"""Endpoints and event types as they are said and shown, and what an endpoint's options hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from lacre.dialects.native.wire.authorization import Header, SaidAuthorization, ShownAuthorization
from lacre.dialects.native.wire.values import Instant, Said, Shown, Text
from lacre.webhooks.endpoint import EndpointStatus, Standing
from lacre.webhooks.headers import MAX_HEADERS
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import LONGEST_WAIT, MOST_SECONDS, MOST_WAITS, Preset
from lacre.webhooks.rate import LONGEST_SECONDS, MOST_COUNT
from lacre.webhooks.scheme import Scheme
from lacre.webhooks.secret import LONGEST_OVERLAP_DAYS, USUAL_OVERLAP_DAYS

PLACES = (":id", ":type", ":envelope_id", ":extraction_id", ":invoice_id", ":external_id", ":signer_id")
"""Of an event, in a URL."""


class Content(StrEnum):
    ENVELOPE = "envelope"
    """Its own particulars."""
    SIGNERS = "signers"
    """Signers and observers."""
    DOCUMENTS = "documents"
    RECORD = "record"


class Files(StrEnum):
    NONE = "none"
    LINK = "link"
    BASE64 = "base64"


LONGEST_WAIT_SECONDS = int(LONGEST_WAIT.total_seconds())

Dialect: TypeAlias = Annotated[
    str,
    Field(
        max_length=40,
        description="In whose form it is told: `native`, or that of a vendor that this installation stands in"
        " for; `types` are then in that vendor's words.",
    ),
]
Method: TypeAlias = Literal["POST", "PUT", "PATCH", "GET", "DELETE"]
FillUrl: TypeAlias = Annotated[
    bool,
    Field(
        description=f"Whether these places in the URL are filled at each event: {', '.join(PLACES)}.",
        examples=[False],
    ),
]
Signatures: TypeAlias = Annotated[
    list[Scheme],
    Field(max_length=len(Scheme), description="The forms that sign each request, several at once or none."),
]
Wait: TypeAlias = Annotated[int, Field(ge=1, le=LONGEST_WAIT_SECONDS)]
Retry: TypeAlias = Annotated[
    Preset | Annotated[list[Wait], Field(min_length=1, max_length=MOST_WAITS)],
    Field(
        description="A promise by its name, or the waits between attempts in seconds: "
        f"up to {MOST_WAITS}, each up to 7 days, up to 30 days together.",
        examples=["standard", [10, 60, 600, 3600]],
    ),
]
Deadline: TypeAlias = Annotated[
    int, Field(ge=1, le=MOST_SECONDS, description="Seconds for the whole exchange, answer included.")
]
Success: TypeAlias = Annotated[Literal["2xx", "200"], Field(description="Which answers count as success.")]
Include: TypeAlias = Annotated[
    list[Content],
    Field(max_length=len(Content), description="What of an envelope is told; its ids and status always are."),
]
TellFiles: TypeAlias = Annotated[
    Files,
    Field(description="How sealed documents and the record are told: as links, inside as Base64, or not."),
]
Pem: TypeAlias = Annotated[str, Field(max_length=70_000)]


class SaidLimit(Said):
    """Attempts are spread evenly: half a second's worth, and at least one, may go at once."""

    count: int = Field(ge=1, le=MOST_COUNT, description="Attempts, retries too.")
    seconds: int = Field(default=1, ge=1, le=LONGEST_SECONDS)


class ShownLimit(Shown):
    count: int
    seconds: int


class Options(Shown):
    """Kept with an endpoint."""

    method: Method = "POST"
    fill_url: bool = False
    signatures: tuple[Scheme, ...] = (Scheme.STANDARD,)
    include: tuple[Content, ...] = tuple(Content)
    files: Files = Files.LINK


class NewEndpoint(Said):
    """Of another dialect, its vendor says what is sent: what shapes or signs it cannot be chosen here."""

    url: str = Field(max_length=4000)
    dialect: Dialect = "native"
    types: list[str] = Field(
        default_factory=list, max_length=200, description="Event types it hears; none: every type."
    )
    headers: list[Header] = Field(
        default_factory=list, max_length=MAX_HEADERS, description="Sent with each request; never shown again."
    )
    description: Text = ""
    envelope_id: str | None = Field(default=None, description="Only events of this envelope.")
    template_id: str | None = Field(
        default=None, max_length=40, description="Only events of envelopes made from this template."
    )
    ordering: Ordering = Field(
        default=Ordering.NONE,
        description="`endpoint`: one delivery after the other; `subject`: the same within each envelope.",
    )
    rate_limit: SaidLimit | None = Field(default=None, description="None: as quickly as it answers.")
    authorization: SaidAuthorization | None = None
    method: Method = Field(default="POST", description="GET and DELETE are sent without a body.")
    fill_url: FillUrl = False
    signatures: Signatures = Field(default_factory=lambda: [Scheme.STANDARD])
    include: Include = Field(default_factory=lambda: list(Content))
    files: TellFiles = Files.LINK
    retry: Retry = Preset.STANDARD
    deadline_seconds: Deadline | None = Field(default=None, description="Unsaid: as the promise has it.")
    success: Success | None = Field(default=None, description="Unsaid: as the promise has it.")
    client_certificate: Pem = Field(
        default="",
        description="PEM, with its key, which is never shown: what we show to the receiver.",
    )
    ca_certificates: Pem = Field(
        default="", description="PEM: who may sign the receiver's certificate, instead of the well known."
    )
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
    template_id: str | None = Field(
        default=None, max_length=40, description="From the next event on; `null`: of every envelope again."
    )
    ordering: Ordering | None = Field(default=None, description="What waits already stands in it too.")
    rate_limit: SaidLimit | None = Field(default=None, description="`null`: none any more.")
    authorization: SaidAuthorization | None = None
    method: Method | None = None
    fill_url: FillUrl | None = None
    signatures: Signatures | None = None
    include: Include | None = None
    files: TellFiles | None = None
    retry: Retry | None = None
    deadline_seconds: Deadline | None = None
    success: Success | None = None
    client_certificate: Pem | None = Field(default=None, description="Empty: none any more.")
    ca_certificates: Pem | None = Field(default=None, description="Empty: the well known again.")


class NewTest(Said):
    type: str | None = Field(
        default=None, max_length=64, description="What is to be sent a sample of; otherwise `endpoint.test`."
    )


class NewSecret(Said):
    secret: str | None = Field(default=None, max_length=200, description="Your own; otherwise one is made.")
    overlap_days: int = Field(
        default=USUAL_OVERLAP_DAYS,
        ge=0,
        le=LONGEST_OVERLAP_DAYS,
        description="For how long the old one signs beside it; 0: it ends at once.",
    )


class Certificate(Shown):
    subject: str
    ends_at: Instant


class ShownEndpoint(Shown):
    """What is null is as its dialect has it."""

    id: str
    url: str
    dialect: str
    types: list[str]
    headers: list[str] = Field(description="Their names alone.")
    ordering: Ordering
    rate_limit: ShownLimit | None
    authorization: ShownAuthorization | None
    method: Method | None
    fill_url: bool | None
    signatures: list[Scheme] | None
    include: list[Content] | None
    files: Files | None
    retry: Preset | list[int]
    waits: list[int] = Field(description="What it comes to, in seconds: one more attempt than waits.")
    deadline_seconds: int
    success: Literal["2xx", "200"]
    stops_at: list[int] = Field(description="Answers that disable the endpoint at once.")
    public_keys: list[str] = Field(description="`whpk_…`: what verifies the form `ed25519`; newest first.")
    client_certificate: Certificate | None
    ca_certificates: list[Certificate]
    description: str
    envelope_id: str | None
    template_id: str | None
    status: EndpointStatus
    standing: Standing = Field(description="The status, or how an active one fares.")
    failing_since: Instant | None
    secrets: int = Field(description="How many signing secrets are valid now.")
    created_at: Instant


class CreatedEndpoint(ShownEndpoint):
    secret: str | None = Field(description="`whsec_…`; shown this once; none where nothing is signed.")


class RotatedSecret(Shown):
    secret: str = Field(description="`whsec_…`; shown this once.")
    old_valid_until: Instant


class EndpointList(Shown):
    data: list[ShownEndpoint]
    next: str | None


class ShownRate(Shown):
    """Over the clock's hours that the span touches: `last_hour` is this one and the one before it."""

    attempts: int
    failed: int
    success_rate: float | None = Field(description="From 0 to 1; none when nothing was attempted.")
    average_ms: float | None


class EndpointStats(Shown):
    """How many of its deliveries stand where, how it fares, and how its attempts went."""

    queued: int = Field(description="Behind another, in the order that the endpoint asked for.")
    waiting: int
    held: int
    delivered: int
    discarded: int
    total: int
    standing: Standing
    failing_since: Instant | None
    failures: int = Field(description="Attempts that failed in a row.")
    resting_until: Instant | None = Field(
        description="Nobody was found there: from then on one attempt at a time looks again."
    )
    last_status_code: int | None
    last_reason: str = Field(description="Why no answer came to the last that failed.")
    last_hour: ShownRate
    last_day: ShownRate
    last_week: ShownRate


class ShownEventType(Shown):
    name: str
    group: str = Field(description="What it happens to; empty of a vendor's type that is never told here.")
    description: str
    json_schema: dict[str, Any] | None = Field(
        description="JSON Schema (2020-12) of the whole body, as an endpoint is told it that everything is"
        " told; properties may be added to it. Null with `schemas=false`, and of other dialects."
    )
    example: dict[str, Any] | None = Field(
        description="What a test sends; null with `schemas=false`, and where files are put inside."
    )


class EventTypeList(Shown):
    data: list[ShownEventType]
    next: str | None = None
