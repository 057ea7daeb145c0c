"""What a receiver of ZapSign's webhooks hears of an event, and the file that says what it must hear."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.kit.events import Event
from lacre.kit.ids import EndpointId, EventId, SignerId
from lacre.kit.json import Json
from lacre.signing.envelope import Envelope
from lacre.signing.snapshot import freeze
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.request import Request
from tests.support.contracts import ACCOUNT, NOON, PlainLinks

GOLDEN = Path(__file__).parents[1] / "dialects" / "zapsign"
ATTEMPT_AT = NOON + timedelta(hours=2)


def happened(event_type: str, envelope: Envelope, /, *, who: SignerId | None = None, **detail: Json) -> Event:
    """As `announce` makes it."""
    facts: dict[str, Json] = {"envelope": freeze(envelope), "signer_id": who, **detail}
    at = NOON + timedelta(minutes=6)
    return Event(type=event_type, account_id=ACCOUNT, subject_id=envelope.id, at=at, facts=facts)


def listener(**changes: object) -> Endpoint:
    endpoint = Endpoint(
        id=EndpointId("22222222-2222-4222-8222-222222222222"),
        account_id=ACCOUNT,
        number=7,
        dialect="zapsign",
        url="https://client.test/hook",
        types=(),
        created_at=NOON,
    )
    for name, value in changes.items():
        setattr(endpoint, name, value)
    return endpoint


def request(event: Event, endpoint: Endpoint | None = None, *, now: datetime = ATTEMPT_AT) -> Request:
    kept = KeptEvent(id=EventId("33333333-3333-4333-8333-333333333333"), event=event)
    return ZapsignWording().request(kept, endpoint or listener(), links=PlainLinks(), attempt=1, now=now)


def heard(event: Event) -> bytes:
    return request(event).body


def golden(name: str) -> bytes:
    """The file is laid out for readers; on the wire the same keys, in the same order, without the spaces."""
    said = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return json.dumps(said, separators=(",", ":")).encode()


def as_object(value: Json) -> dict[str, Json]:
    assert isinstance(value, Mapping)
    return dict(value)
