"""What this dialect answers, as an OpenAPI document made from its routes: for tools, and for our tests."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lacre.dialects.zapsign import wire
from lacre.dialects.zapsign.door import Open, Verbs
from lacre.dialects.zapsign.routes import (
    account,
    batch,
    creating,
    documents,
    ending,
    models,
    partners,
    past,
    placing,
    signers,
    templates,
    timestamp,
    validating,
    webhooks,
)
from lacre.dialects.zapsign.template_wire import (
    DocumentOfTemplate,
    ExtraOfTemplate,
    FormSaid,
    NewTemplate,
    TemplateSaid,
)
from lacre.dialects.zapsign.wire import Said

PATH = "/api/v1/openapi.json"
Json: TypeAlias = dict[str, Any]
Answering: TypeAlias = Callable[..., Response]

BODIES: Mapping[Answering, type[Said]] = {
    creating.create: wire.NewDocument,
    creating.create_later: wire.NewDocument,
    creating.add_extra: wire.NewExtraDocument,
    documents.change: wire.DocumentChange,
    documents.reorder: wire.DisplayOrder,
    ending.cancel: wire.Cancellation,
    ending.refuse_by_user: wire.UserRefusal,
    ending.reprocess: wire.Reprocessing,
    placing.place: wire.Placement,
    signers.add: wire.NewSigner,
    signers.change: wire.SignerSaid,
    batch.sign: wire.Batch,
    models.create: DocumentOfTemplate,
    models.create_later: DocumentOfTemplate,
    models.add_extra: ExtraOfTemplate,
    templates.create: NewTemplate,
    templates.update: TemplateSaid,
    templates.update_form: FormSaid,
    webhooks.create: wire.NewWebhook,
    webhooks.add_headers: wire.WebhookHeaders,
    webhooks.delete_headers: wire.WebhookHeaders,
    webhooks.delete: wire.WebhookNamed,
    timestamp.with_seal: wire.ToStamp,
    timestamp.without_seal: wire.ToStamp,
    account.create_user: wire.NewUser,
    partners.open_company: wire.NewCompany,
    partners.update_payment_status: wire.PaymentStatus,
}
"""What each reads. A test sees to it that none is forgotten."""
QUERIES: Mapping[Answering, tuple[str, ...]] = {
    documents.index: (
        "page", "status", "folder_path", "deleted", "signer_email", "created_from", "created_to",
        "sort_order", "include_signers",
    ),
    templates.index: ("page",),
    account.users: ("page",),
    partners.usage: ("start_date", "end_date"),
    past.show: ("download_pdf",),
}  # fmt: skip
_NAMED = re.compile(r"\{(\w+)\}")
_UUIDS = ("doc", "signer", "template")
_REF = "#/components/schemas/{model}"
_FILE: Json = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}


def document_of(paths: Mapping[str, Verbs], *, public_url: str) -> Json:
    kinds = sorted(set(BODIES.values()), key=lambda kind: kind.__name__)
    _, schemas = models_json_schema([(kind, "validation") for kind in kinds], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lacre, in ZapSign's words", "version": "1"},
        "servers": [{"url": public_url}],
        "security": [{"api_token": []}, {"api_token_in_query": []}],
        "paths": {f"{path}/": _operations(path, verbs) for path, verbs in paths.items()},
        "components": {"schemas": schemas.get("$defs", {}), "securitySchemes": _SECURITY},
    }


def route(paths: Mapping[str, Verbs], *, public_url: str) -> Route:
    """For everybody: it says nothing about anybody."""
    said = document_of(paths, public_url=public_url)

    def show(_: Request) -> Response:
        return JSONResponse(said)

    return Route(PATH, show, methods=["GET"])


_SECURITY: Json = {
    "api_token": {"type": "http", "scheme": "bearer"},
    "api_token_in_query": {"type": "apiKey", "in": "query", "name": "api_token"},
}


def _operations(path: str, verbs: Verbs) -> Json:
    return {verb.lower(): _operation(path, verb, one) for verb, one in verbs.items()}


def _operation(path: str, verb: str, one: Answering | Open) -> Json:
    handler: Answering = one.handler if isinstance(one, Open) else one
    said: Json = {
        "operationId": f"{verb.lower()} {path}".replace("/api/v1/", "").replace("/", "_").replace(" ", "_"),
        "summary": _summary(handler),
        "parameters": list(_parameters(path, handler)),
        "responses": {"200": {"description": "Done."}, "default": {"description": "Why not."}},
    }
    if isinstance(one, Open):
        said["security"] = []
    if handler is validating.validate:
        said["requestBody"] = {"content": {"multipart/form-data": {"schema": _FILE}}}
    if handler in BODIES:
        schema = {"$ref": _REF.format(model=BODIES[handler].__name__)}
        said["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return said


def _summary(handler: Answering) -> str:
    return (inspect.getdoc(handler) or handler.__name__.replace("_", " ").capitalize()).splitlines()[0]


def _parameters(path: str, handler: Answering) -> Iterator[Json]:
    for name in _NAMED.findall(path):
        schema = {"type": "string", "minLength": 1} | ({"format": "uuid"} if name in _UUIDS else {})
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    for name in QUERIES.get(handler, ()):
        yield {"name": name, "in": "query", "schema": {"type": "string"}}
