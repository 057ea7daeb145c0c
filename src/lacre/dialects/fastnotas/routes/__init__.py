"""Fast Notas' URLs, translated into our actions."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import Route

from lacre.dialects.door import nowhere
from lacre.dialects.fastnotas.door import Linked, Verbs, doors, no
from lacre.dialects.fastnotas.errors import NOT_FOUND, Declined
from lacre.dialects.fastnotas.routes import (
    assets,
    companies,
    customers,
    documents,
    items,
    operations,
    reference,
    schemas,
)
from lacre.services import Services

PATHS: Mapping[str, Verbs] = {
    "/v1/company": {"GET": companies.mine},
    # so spelt in the table of their page
    "/v1/campany": {"GET": companies.mine},
    "/v1/companies": {"GET": companies.index, "POST": companies.create},
    "/v1/companies/{id}": {"GET": companies.read, "PUT": companies.update, "DELETE": companies.delete},
    "/v1/customers": {"GET": customers.index, "POST": customers.create},
    "/v1/customers/{id}": {"GET": customers.read, "PUT": customers.update, "DELETE": customers.delete},
    "/v1/document_schemas": {"GET": schemas.index, "POST": schemas.create},
    "/v1/document_schemas/{id}": {"GET": schemas.read, "PUT": schemas.update, "DELETE": schemas.delete},
    "/v1/document_schemas/{id}/items": {"GET": items.of_schema},
    "/v1/items": {"GET": items.index, "POST": items.create},
    "/v1/items/{id}": {"GET": items.read, "PUT": items.update, "DELETE": items.delete},
    "/v1/documents": {"GET": documents.index, "POST": documents.create},
    "/v1/documents/{id}": {"GET": documents.read, "DELETE": documents.cancel},
    "/v1/documents/{id}/print": {"GET": Linked(documents.show_print, documents.show_print_to_guest)},
    "/v1/documents/{id}/operations": {"GET": operations.of_document},
    "/v1/documents/{id}/assets": {"GET": assets.of_document},
    "/v1/operations/{id}": {"GET": operations.read},
    "/v1/operations/{id}/transactions": {"GET": operations.transactions},
    "/v1/transactions/{id}": {"GET": operations.read_transaction},
    "/v1/assets/{id}": {"GET": assets.read},
    "/v1/assets/{id}/download": {"GET": assets.download},
}


def routes(services: Services) -> list[Route]:
    """Everything that this dialect answers."""
    described = reference.route(PATHS, public_url=services.public_url)
    strays = nowhere(("/v1", "/v1/{rest:path}"), lambda: no(Declined(404, NOT_FOUND)))
    return [described, *doors(services, PATHS), *strays]
