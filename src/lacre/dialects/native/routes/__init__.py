"""Our own API as one application behind its door, and the page that documents it."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from lacre.dialects.native import catalogue, problems
from lacre.dialects.native.door import OPENAPI, Door
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.reference.page import Reference
from lacre.dialects.native.routes import (
    companies,
    customers,
    deliveries,
    document_types,
    documents,
    endpoints,
    envelopes,
    event_types,
    events,
    extractions,
    invoices,
    items,
    replays,
    samples,
    schemas,
    signers,
    templates,
    webhook_settings,
)
from lacre.dialects.native.wire.problem import Problem
from lacre.kit.outage import AWAY, COME_BACK_SECONDS, Outage, is_outage
from lacre.kit.refusal import Refusal
from lacre.services import Services

_LOG = structlog.get_logger("lacre.web")
PATH = "/api/lacre/v1"
PARTS = (
    envelopes,
    documents,
    signers,
    templates,
    endpoints,
    webhook_settings,
    samples,
    event_types,
    events,
    deliveries,
    replays,
    invoices,
    companies,
    schemas,
    customers,
    items,
    extractions,
    document_types,
)
TAGS = (
    "envelopes",
    "documents",
    "signers",
    "templates",
    "endpoints",
    "event-types",
    "events",
    "deliveries",
    "replays",
    "invoices",
    "companies",
    "customers",
    "items",
    "extractions",
)
DESCRIPTION = """\
`Authorization: Bearer <api_key>` with every request. JSON in and out; times are RFC 3339 in UTC; ids carry a
prefix that says what they name. Lists answer `{"data": [...], "next": "..."}`: pass `next` as `cursor` for
what follows. A POST with an `Idempotency-Key` does its work once, however often it is sent within a day.
Errors are RFC 9457 problem details: decide by `code`.

Files come as Base64, as a URL, or in a `multipart/form-data` request whose part `json` is the JSON and whose
other parts are the files."""


def routes(services: Services) -> list[BaseRoute]:
    """Everything that this dialect answers."""
    api = application(services)
    return [Mount(PATH, Door(api, services)), *Reference(api.openapi).routes()]


def application(services: Services) -> FastAPI:
    api = FastAPI(
        title="Lacre",
        version="1",
        description=DESCRIPTION,
        openapi_url=OPENAPI,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        generate_unique_id_function=lambda route: route.name,
        separate_input_output_schemas=False,
        responses={"default": _PROBLEM},
    )
    for part in PARTS:
        api.include_router(part.router)
    api.openapi = lambda: _openapi(api, services)  # type: ignore[method-assign]
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(Declined, _declined)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _not_served)
    api.add_exception_handler(Outage, _away)
    api.add_exception_handler(OSError, _away)
    api.add_exception_handler(Exception, _broke)
    return api


def _openapi(api: FastAPI, services: Services) -> dict[str, Any]:
    if api.openapi_schema is None:
        api.openapi_schema = _described(api, services)
    return api.openapi_schema


def _described(api: FastAPI, services: Services) -> dict[str, Any]:
    described = get_openapi(
        title=api.title,
        version=api.version,
        description=api.description,
        routes=api.routes,
        tags=[{"name": name} for name in TAGS],
        servers=[{"url": f"{services.public_url}{PATH}"}],
    )
    for path in described["paths"].values():
        for operation in path.values():
            operation["summary"] = operation["summary"].capitalize()
    parts = described.setdefault("components", {})
    parts["securitySchemes"] = {"api_key": {"type": "http", "scheme": "bearer"}}
    described["security"] = [{"api_key": []}]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= problem.pop("$defs") | {"Problem": problem} | catalogue.components()
    described["webhooks"] = catalogue.webhooks()
    return described


_PROBLEM: dict[str, Any] = {
    "description": "What went wrong.",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - as registered
    return problems.of_refusal(refusal)


def _declined(_: Request, declined: Exception) -> Response:
    assert isinstance(declined, Declined)  # noqa: S101 - as registered
    return problems.of_declined(declined)


def _invalid(_: Request, invalid: Exception) -> Response:
    assert isinstance(invalid, RequestValidationError)  # noqa: S101 - as registered
    return problems.of_validation(invalid.errors(), invalid.body)


def _not_served(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)  # noqa: S101 - as registered
    return problems.of_status(problem.status_code, problem.detail, headers=problem.headers)


def _away(request: Request, problem: Exception) -> Response:
    if not is_outage(problem):
        raise problem
    _LOG.warning("outage", path=request.url.path, problem=str(problem))
    return problems.of_status(503, AWAY, headers={"Retry-After": str(COME_BACK_SECONDS)})


def _broke(_: Request, __: Exception) -> Response:
    """The server's log says where; the frame raises it on after this answer."""
    return problems.of_status(500, "This is our fault; it is in the server's log.")
