"""What a dialect answers, as an OpenAPI document made from its routes: for tools, and for our tests."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json: TypeAlias = dict[str, Any]
Answering: TypeAlias = Callable[..., Response]
_NAMED = re.compile(r"\{(\w+)\}")
_MODE: Literal["validation"] = "validation"
"""Of schemas: as clients send it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call: a verb at a path, and who answers it."""

    path: str
    verb: str
    handler: Answering
    status: int | Literal["2XX"] = 200
    """Of success."""
    queries: tuple[str, ...] = ()
    body: Json | None = None
    """By content type, where it is no JSON."""
    is_open: bool = False
    """To strangers."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    title: str
    security: Json
    """Its security schemes."""
    requirements: list[Json]
    """Any one of these lets somebody in."""
    bodies: Mapping[Answering, Any]
    """What each handler reads, as a type. A test sees to it that none is forgotten."""
    kinds: Collection[str] = ("application/json",)
    """Content types that those bodies come in."""
    ids: Collection[str] = field(default=())
    """Of what is named in paths, those that are GUIDs."""

    def document(self, asked: Iterable[Asked], *, public_url: str) -> Json:
        """In OpenAPI's own words."""
        schemas, shared = _schemas(self.bodies)
        paths: dict[str, Json] = {}
        for one in asked:
            paths.setdefault(one.path, {})[one.verb.lower()] = self._operation(one, schemas)
        return {
            "openapi": "3.1.0",
            "info": {"title": self.title, "version": "1"},
            "servers": [{"url": public_url}],
            "security": self.requirements,
            "paths": paths,
            "components": {"schemas": shared, "securitySchemes": self.security},
        }

    def _operation(self, one: Asked, schemas: Mapping[Answering, Json]) -> Json:
        name = re.sub(r"/(api/)?v\d/", "", f"{one.verb.lower()} {one.path.rstrip('/')}")
        said: Json = {
            "operationId": name.replace("/", "_").replace(" ", "_"),
            "summary": _summary(one.handler),
            "parameters": list(self._parameters(one)),
            "responses": {str(one.status): {"description": "Done."}, "default": {"description": "Why not."}},
        }
        if one.is_open:
            said["security"] = []
        if one.body is not None:
            said["requestBody"] = {"content": one.body}
        if one.handler in schemas:
            schema = {"schema": schemas[one.handler]}
            said["requestBody"] = {"content": dict.fromkeys(self.kinds, schema)}
        return said

    def _parameters(self, one: Asked) -> Iterator[Json]:
        for name in _NAMED.findall(one.path):
            schema = {"type": "string", "minLength": 1} | ({"format": "uuid"} if name in self.ids else {})
            yield {"name": name, "in": "path", "required": True, "schema": schema}
        for name in one.queries:
            yield {"name": name, "in": "query", "schema": {"type": "string"}}


def route(path: str, document: Callable[[], Json]) -> Route:
    """For everybody: it says nothing about anybody. Made when it is asked for: no start waits for it."""
    made = cache(document)

    def show(_: Request) -> Response:
        return JSONResponse(made())

    return Route(path, show, methods=["GET"])


def _schemas(bodies: Mapping[Answering, Any]) -> tuple[dict[Answering, Json], Json]:
    """Of each handler's body, and what they have in common."""
    named = [(str(number), _MODE, TypeAdapter(kind)) for number, kind in enumerate(bodies.values())]
    found, shared = TypeAdapter.json_schemas(named, ref_template="#/components/schemas/{model}")
    by_handler = {one: found[str(number), _MODE] for number, one in enumerate(bodies)}
    return by_handler, shared.get("$defs", {})


def _summary(handler: Answering) -> str:
    return (inspect.getdoc(handler) or handler.__name__.replace("_", " ").capitalize()).splitlines()[0]
