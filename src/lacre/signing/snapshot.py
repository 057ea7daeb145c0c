"""An envelope as JSON and back: how it is stored, and what an event's facts hold."""

from __future__ import annotations

from typing import cast

from pydantic import TypeAdapter

from lacre.kit.json import JsonObject
from lacre.signing.envelope import Envelope

_ENVELOPE: TypeAdapter[Envelope] = TypeAdapter(Envelope)


def freeze(envelope: Envelope) -> JsonObject:
    """Everything but secrets: links are made from ids when they are needed, and so are not in it."""
    return cast("JsonObject", _ENVELOPE.dump_python(envelope, mode="json"))


def thaw(frozen: JsonObject) -> Envelope:
    """Fields added since it was frozen get their defaults; raises `ValueError` on anything else missing."""
    return _ENVELOPE.validate_python(frozen)
