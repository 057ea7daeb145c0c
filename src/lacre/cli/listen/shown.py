"""An event in one line for people, or whole for programs."""

from __future__ import annotations

import json

from lacre.kit.json import JsonObject
from lacre.kit.times import parse_rfc3339

_WIDEST = len("signer.authentication_failed")
_ABOUT = ("envelope_id", "extraction_id", "invoice_id")


def line(event: JsonObject) -> str:
    """`12:00:03  signer.signed  env_…  evt_…`, in the time of this machine."""
    at = parse_rfc3339(str(event["created_at"])).astimezone()
    about = next((str(event[name]) for name in _ABOUT if event.get(name)), "-")
    return f"{at:%H:%M:%S}  {event['type']!s:<{_WIDEST}}  {about:<36}  {event['id']}"


def whole(event: JsonObject) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
