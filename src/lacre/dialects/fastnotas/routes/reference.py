"""What this dialect answers, as an OpenAPI document made from its routes: for tools, and for our tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from starlette.routing import Route

from lacre.dialects import reference
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
from lacre.dialects.reference import Answering, Asked, Json, Reference

PATH = "/v1/openapi.json"
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
_REFERENCE = Reference(
    title="Lacre, in Fast Notas' words",
    security={"api_key": {"type": "http", "scheme": "basic"}},
    requirements=[{"api_key": []}],
    bodies=BODIES,
    kinds=("application/json", "application/x-www-form-urlencoded", "multipart/form-data"),
    ids=("id",),
)


def document_of(paths: Mapping[str, Verbs], *, public_url: str) -> Json:
    return _REFERENCE.document(_asked(paths), public_url=public_url)


def route(paths: Mapping[str, Verbs], *, public_url: str) -> Route:
    return reference.route(PATH, partial(document_of, paths, public_url=public_url))


def _asked(paths: Mapping[str, Verbs]) -> Iterator[Asked]:
    for path, verbs in paths.items():
        for verb, one in verbs.items():
            handler: Answering = one.handler if isinstance(one, Linked) else one
            queries = ("page", "per_page", "query") if handler in LISTS else ()
            yield Asked(path=path, verb=verb, handler=handler, status="2XX", queries=queries)
