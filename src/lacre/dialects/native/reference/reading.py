"""An OpenAPI document as what a page shows of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from lacre.dialects.native import problems

_CODE = re.compile(r"`([^`]+)`")
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A property or a parameter."""

    name: str
    kind: Markup
    required: bool
    text: Markup


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    title: str
    text: Markup
    parameters: list[Row]
    body: Markup | None
    answer: Markup | None
    status: str


@dataclass(frozen=True)
class Shape:
    name: str
    text: Markup
    rows: list[Row]


@dataclass(frozen=True)
class Event:
    name: str
    text: Markup
    data: Markup


@dataclass(frozen=True)
class Api:
    text: list[Markup]
    server: str
    groups: dict[str, list[Operation]]
    shapes: list[Shape]
    events: list[Event]
    codes: list[tuple[str, int, str]]


def read(openapi: Json) -> Api:
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in openapi["tags"]}
    for path, methods in openapi["paths"].items():
        for method, said in methods.items():
            groups[said["tags"][0]].append(_operation(method, path, said))
    return Api(
        text=[_marked(part) for part in openapi["info"]["description"].split("\n\n")],
        server=openapi["servers"][0]["url"],
        groups=groups,
        shapes=[_shape(name, said) for name, said in sorted(openapi["components"]["schemas"].items())],
        events=[_event(name, said["post"]) for name, said in openapi["webhooks"].items()],
        codes=list(_codes()),
    )


def _operation(method: str, path: str, said: Json) -> Operation:
    status, answered = next(iter(said["responses"].items()))
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        title=said["summary"],
        text=_marked(said.get("description", "")),
        parameters=[_parameter(one) for one in said.get("parameters", ())],
        body=_content(said.get("requestBody", {})),
        answer=_content(answered),
        status=status,
    )


def _event(name: str, said: Json) -> Event:
    body = said["requestBody"]["content"]["application/json"]["schema"]
    return Event(name, _marked(said["description"]), _kind(body["properties"]["data"]))


def _parameter(said: Json) -> Row:
    return Row(said["name"], _kind(_given(said["schema"])), said["required"], _about(said["schema"] | said))


def _given(schema: Json) -> Json:
    """A parameter that may be left out need not be said to be null."""
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return kinds[0] if len(kinds) == 1 else schema


def _content(said: Json) -> Markup | None:
    schema = said.get("content", {}).get("application/json", {}).get("schema")
    return _kind(schema) if schema else None


def _shape(name: str, said: Json) -> Shape:
    required = said.get("required", ())
    rows = [
        Row(each, _kind(schema), each in required, _about(schema))
        for each, schema in said.get("properties", {}).items()
    ]
    rows += [Row(repr(value), Markup(""), False, Markup("")) for value in said.get("enum", ())]
    return Shape(name, _marked(said.get("description", "")), rows)


def _kind(schema: Json) -> Markup:
    """A link to a shape, or what JSON calls it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#shape-{0}">{0}</a>').format(name)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return Markup(" or ").join(_kind(one) for one in schema[several])
    if schema.get("type") == "array":
        return Markup("list of {}").format(_kind(schema.get("items", {})))
    if "enum" in schema:
        return Markup(" · ").join(Markup("<code>{}</code>").format(one) for one in schema["enum"])
    return escape(schema.get("format") or schema.get("type") or "any")


def _about(schema: Json) -> Markup:
    parts = [_marked(schema.get("description", ""))]
    default = schema.get("default")
    if default not in (None, "", [], {}):
        parts.append(Markup("Default <code>{}</code>.").format(json.dumps(default)))
    return Markup(" ").join(part for part in parts if part)


def _marked(text: str) -> Markup:
    """Backquotes become code; nothing else is understood."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped above


def _codes() -> Iterator[tuple[str, int, str]]:
    for kind, status in sorted(problems.STATUSES.items(), key=lambda one: one[0].__name__):
        # whatever it is made of: only its words are shown
        refusal = kind.__new__(kind, "…", "…")
        yield refusal.code, status, refusal.message
