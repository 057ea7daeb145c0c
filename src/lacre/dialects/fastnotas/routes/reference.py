"""What this dialect answers, as an OpenAPI document made from its routes: for tools, and for our tests."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from pydantic.json_schema import models_json_schema
from starlette.responses import Response
from starlette.routing import Route

from lacre.dialects import reference as shared
from lacre.dialects.fastnotas import wire
from lacre.dialects.fastnotas.door import Linked, Verbs
from lacre.dialects.fastnotas.routes import (
    assets,
    companies,
    customers,
    documents,
    items,
    operations,
    schemas,
)
from lacre.dialects.fastnotas.wire import Said

PATH = "/v1/openapi.json"
Json: TypeAlias = dict[str, Any]
Answering: TypeAlias = Callable[..., Response]

BODIES: Mapping[Answering, type[Said]] = {
    companies.create: wire.NewCompany,
    companies.update: wire.CompanyChange,
    customers.create: wire.NewCustomer,
    customers.update: wire.CustomerChange,
    schemas.create: wire.NewSchema,
    schemas.update: wire.SchemaChange,
    items.create: wire.NewItem,
    items.update: wire.ItemChange,
    documents.create: wire.NewDocument,
    documents.cancel: wire.Cancellation,
}
"""What each reads. A test sees to it that none is forgotten."""
LISTS: frozenset[Answering] = frozenset(
    {
        companies.index,
        customers.index,
        schemas.index,
        items.index,
        items.of_schema,
        documents.index,
        operations.of_document,
        operations.transactions,
        assets.of_document,
    }
)
_NAMED = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{model}"
_KINDS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


def document_of(paths: Mapping[str, Verbs], *, public_url: str) -> Json:
    kinds = sorted(set(BODIES.values()), key=lambda kind: kind.__name__)
    _, schemas_ = models_json_schema([(kind, "validation") for kind in kinds], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lacre, in Fast Notas' words", "version": "1"},
        "servers": [{"url": public_url}],
        "security": [{"api_key": []}],
        "paths": {path: _operations(path, verbs) for path, verbs in paths.items()},
        "components": {
            "schemas": schemas_.get("$defs", {}),
            "securitySchemes": {"api_key": {"type": "http", "scheme": "basic"}},
        },
    }


def route(paths: Mapping[str, Verbs], *, public_url: str) -> Route:
    return shared.route(PATH, document_of(paths, public_url=public_url))


def _operations(path: str, verbs: Verbs) -> Json:
    return {verb.lower(): _operation(path, verb, one) for verb, one in verbs.items()}


def _operation(path: str, verb: str, one: Answering | Linked) -> Json:
    handler: Answering = one.handler if isinstance(one, Linked) else one
    said: Json = {
        "operationId": f"{verb.lower()} {path}".replace("/v1/", "").replace("/", "_").replace(" ", "_"),
        "summary": _summary(handler),
        "parameters": list(_parameters(path, handler)),
        "responses": {"2XX": {"description": "Done."}, "default": {"description": "Why not."}},
    }
    if handler in BODIES:
        schema = {"$ref": _REF.format(model=BODIES[handler].__name__)}
        said["requestBody"] = {"content": {kind: {"schema": schema} for kind in _KINDS}}
    return said


def _summary(handler: Answering) -> str:
    return (inspect.getdoc(handler) or handler.__name__.replace("_", " ").capitalize()).splitlines()[0]


def _parameters(path: str, handler: Answering) -> Iterator[Json]:
    for name in _NAMED.findall(path):
        schema = {"type": "string", "minLength": 1, "format": "uuid"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    for name in ("page", "per_page", "query") if handler in LISTS else ():
        yield {"name": name, "in": "query", "schema": {"type": "string"}}
