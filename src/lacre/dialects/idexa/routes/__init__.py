"""IDEXA's URLs of both generations, translated into our actions."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import Route

from lacre.dialects.idexa.door import Verbs, doors
from lacre.dialects.idexa.routes import documents, reference, webhooks
from lacre.services import Services

PATHS: Mapping[str, Verbs] = {
    "/documents/upload": {"POST": documents.upload},
    # where the first generation's upload was is not known: both are answered
    "/documents": {"GET": documents.index, "POST": documents.upload},
    "/documents/{document}": {"GET": documents.read},
    "/document_webhooks": {"GET": webhooks.index, "POST": webhooks.create},
    "/document_webhooks/{webhook}": {"GET": webhooks.read, "DELETE": webhooks.delete},
}


def routes(services: Services) -> list[Route]:
    """Everything that this dialect answers."""
    return [reference.route(PATHS, public_url=services.public_url), *doors(services, PATHS)]
