"""What this dialect answers, as an OpenAPI document made from its routes: for tools, and for our tests."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from starlette.routing import Route

from lacre.dialects import reference as shared
from lacre.dialects.idexa.door import KEY_HEADERS, PREFIX, Handler, Verbs
from lacre.dialects.idexa.routes import documents, webhooks
from lacre.dialects.idexa.wire import NewWebhook

PATH = f"{PREFIX}/openapi.json"
Json: TypeAlias = dict[str, Any]
_NAMED = re.compile(r"\{(\w+)\}")
_FORM: Json = {
    "type": "object",
    "required": ["files", "type"],
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1},
        "type": {"type": "integer"},
        "pages": {"type": "string", "examples": ["1,2,5-10"]},
        "externalId": {"type": "string", "maxLength": 255},
    },
}
_SECURITY: Json = {name: {"type": "apiKey", "in": "header", "name": name} for name in KEY_HEADERS}


def document_of(paths: Mapping[str, Verbs], *, public_url: str) -> Json:
    """Each path twice: as the first generation has it, and as the second."""
    both = {f"{start}{path}": verbs for path, verbs in paths.items() for start in (PREFIX, "")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lacre, in IDEXA's words", "version": "1"},
        "servers": [{"url": public_url}],
        "security": [{name: []} for name in KEY_HEADERS],
        "paths": {path: _operations(path, verbs) for path, verbs in both.items()},
        "components": {"securitySchemes": _SECURITY},
    }


def route(paths: Mapping[str, Verbs], *, public_url: str) -> Route:
    return shared.route(PATH, document_of(paths, public_url=public_url))


def _operations(path: str, verbs: Verbs) -> Json:
    return {verb.lower(): _operation(path, verb, handler) for verb, handler in verbs.items()}


def _operation(path: str, verb: str, handler: Handler) -> Json:
    said: Json = {
        "operationId": f"{verb.lower()}{path}".replace("/", "_"),
        "summary": _summary(handler),
        "parameters": list(_parameters(path, handler)),
        "responses": {"200": {"description": "Done."}, "default": {"description": "Why not."}},
    }
    if handler is documents.upload:
        said["requestBody"] = {"content": {"multipart/form-data": {"schema": _FORM}}, "required": True}
    if handler is webhooks.create:
        schema = NewWebhook.model_json_schema()
        said["requestBody"] = {"content": {"application/json": {"schema": schema}}, "required": True}
    return said


def _summary(handler: Handler) -> str:
    return (inspect.getdoc(handler) or handler.__name__.replace("_", " ").capitalize()).splitlines()[0]


def _parameters(path: str, handler: Handler) -> Iterator[Json]:
    for name in _NAMED.findall(path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    if handler is documents.index:
        yield {"name": "externalId", "in": "query", "schema": {"type": "string"}}
