"""What our webhooks say, held against the catalogue: nothing is missing, and nothing more is there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import jsonschema_rs

from lacre.dialects.native import catalogue, words


def flaws(body: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Of a whole body, by its own type."""
    return [f"{one.instance_path} {one.message}" for one in _validator(body["type"]).iter_errors(body)]


def check(bodies: Iterable[Any]) -> None:
    """Those of them that are bodies of ours."""
    wrong = {one["type"]: flaws(one) for one in bodies if is_ours(one) and flaws(one)}
    assert wrong == {}


def is_ours(body: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(body, dict) and {*body} == {"id", "type", "created_at", "data"}


def closed(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Stricter than what is published, to which properties may be added."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: closed(one) for name, one in schema.items()}
    return shut | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else shut


@cache
def _validator(name: str) -> Any:  # noqa: ANN401 - untyped
    kind = words.of_event(words.SAMPLES[name])
    assert kind is not None, name
    return jsonschema_rs.Draft202012Validator(closed(catalogue.schema(kind)), validate_formats=True)
