"""The catalogue of what webhooks tell: each body as JSON Schema, made of the shapes that word it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from lacre.dialects.native import words
from lacre.dialects.native.wire.deliveries import ShownEvent
from lacre.dialects.native.words import EventType

DRAFT = "https://json-schema.org/draft/2020-12/schema"
COMPONENTS = "#/components/schemas/{model}"
HEADERS: Mapping[str, str] = {
    "webhook-id": "The event's id: the same in every attempt and replay.",
    "webhook-timestamp": "Of this attempt, in seconds since 1970.",
    "webhook-signature": "`v1,` and an HMAC-SHA256, one for each secret that is valid, with spaces between.",
}
"""Of the usual form of signature."""


class _Untitled(GenerateJsonSchema):
    """No property needs its own name for a title."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's own
        return False


@cache
def schema(kind: EventType) -> dict[str, Any]:
    """Of a whole body, as an endpoint is told it that everything is told."""
    _, said = models_json_schema([(kind.tells, "serialization")], schema_generator=_Untitled)
    return {
        "$schema": DRAFT,
        "title": kind.name,
        "description": kind.means,
        **_message(kind, f"#/$defs/{kind.tells.__name__}"),
        "$defs": said["$defs"],
    }


def webhooks() -> dict[str, Any]:
    """The same as the part of an OpenAPI document that says what is sent."""
    return {kind.name: {"post": _operation(kind)} for kind in told()}


def components() -> dict[str, Any]:
    """The shapes that this part names."""
    shapes = dict.fromkeys(kind.tells for kind in told())
    _, said = models_json_schema([(one, "serialization") for one in shapes], ref_template=COMPONENTS)
    named: dict[str, Any] = said["$defs"]
    return named


def told() -> list[EventType]:
    """What an endpoint may hear, and what it is sent for a test, by name."""
    kinds = [*words.EVENT_TYPES.values(), words.TESTED_TYPE]
    return sorted(kinds, key=lambda kind: kind.name)


def _operation(kind: EventType) -> dict[str, Any]:
    body = _message(kind, COMPONENTS.format(model=kind.tells.__name__))
    return {
        "operationId": f"told_{kind.name.replace('.', '_')}",
        "summary": kind.name,
        "description": kind.means,
        "parameters": [_header(name, means) for name, means in HEADERS.items()],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"2XX": {"description": "It arrived; anything else is tried again."}},
        "security": [],
    }


def _header(name: str, means: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": means,
        "schema": {"type": "string"},
    }


def _message(kind: EventType, data: str) -> dict[str, Any]:
    """Of a body whose `data` is what that names."""
    whole = ShownEvent.model_json_schema(mode="serialization", schema_generator=_Untitled)
    properties = whole["properties"]
    properties["type"] |= {"const": kind.name}
    properties["data"] = {"$ref": data, "description": properties["data"]["description"]}
    return {"type": "object", "properties": properties, "required": whole["required"]}
