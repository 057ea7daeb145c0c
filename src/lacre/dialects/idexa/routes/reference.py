"""What this dialect answers, as an OpenAPI document made from its routes: for tools, and for our tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from starlette.routing import Route

from lacre.dialects import reference
from lacre.dialects.idexa.door import KEY_HEADERS, PREFIX, Verbs
from lacre.dialects.idexa.routes import documents, webhooks
from lacre.dialects.idexa.wire import NewWebhook
from lacre.dialects.reference import Asked, Json, Reference

PATH = f"{PREFIX}/openapi.json"
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
_REFERENCE = Reference(
    title="Lacre, in IDEXA's words",
    security={name: {"type": "apiKey", "in": "header", "name": name} for name in KEY_HEADERS},
    requirements=[{name: []} for name in KEY_HEADERS],
    bodies={webhooks.create: NewWebhook},
    ids=("document", "webhook"),
)


def document_of(paths: Mapping[str, Verbs], *, public_url: str) -> Json:
    """Each path twice: as the first generation has it, and as the second."""
    both = {f"{start}{path}": verbs for path, verbs in paths.items() for start in (PREFIX, "")}
    return _REFERENCE.document(_asked(both), public_url=public_url)


def route(paths: Mapping[str, Verbs], *, public_url: str) -> Route:
    return reference.route(PATH, partial(document_of, paths, public_url=public_url))


def _asked(paths: Mapping[str, Verbs]) -> Iterator[Asked]:
    for path, verbs in paths.items():
        for verb, handler in verbs.items():
            yield Asked(
                path=path,
                verb=verb,
                handler=handler,
                queries=("externalId",) if handler is documents.index else (),
                body={"multipart/form-data": {"schema": _FORM}} if handler is documents.upload else None,
            )
