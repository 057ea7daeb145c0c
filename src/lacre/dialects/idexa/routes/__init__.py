"""IDEXA's URLs of both generations, translated into our actions."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import Route

from lacre.dialects.door import nowhere
from lacre.dialects.idexa.door import PREFIX, Verbs, doors, no
from lacre.dialects.idexa.errors import NOT_FOUND, Declined
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
STRAYS = (PREFIX, f"{PREFIX}/{{rest:path}}", "/documents/{rest:path}", "/document_webhooks/{rest:path}")


def routes(services: Services) -> list[Route]:
    """Everything that this dialect answers."""
    strays = nowhere(STRAYS, lambda: no(Declined(404, NOT_FOUND)))
    return [reference.route(PATHS, public_url=services.public_url), *doors(services, PATHS), *strays]
