"""ArqSIGN's URLs, translated into our actions."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import Route

from lacre.dialects.arqsign.door import Verbs, doors, no
from lacre.dialects.arqsign.errors import NO_METHOD, Declined
from lacre.dialects.arqsign.routes import account, attachments, ending, reading, reference, sending, webhooks
from lacre.dialects.door import nowhere
from lacre.services import Services

_PROCESS = "/api/v{version:int}/processo/{process}"
PATHS: Mapping[str, Verbs] = {
    f"/api/v{{version:int}}{sending.PATH}": {"POST": sending.send},
    _PROCESS: {"GET": reading.read},
    f"{_PROCESS}/reenviar-processo": {"PATCH": sending.resend, "POST": sending.resend},
    f"{_PROCESS}/status-do-processo": {"GET": reading.status},
    f"{_PROCESS}/dados-signatarios": {"GET": reading.signers},
    f"{_PROCESS}/cancelar-processo": {"PATCH": ending.cancel},
    f"{_PROCESS}/buscar-anexos-signatarios": {"POST": attachments.find},
    "/api/v{version:int}/processo/{file}/registro-assinaturas": {"GET": reading.record},
    "/api/v{version:int}/diretorio/buscar-pastas": {"POST": account.folders},
    "/api/v{version:int}/usuarios/buscar-usuarios": {"POST": account.users},
    "/api/v{version:int}/conta/papeis-signatarios": {"GET": account.roles},
    "/api/v{version:int}/conta/buscar-consumo-itens-assinatura": {"POST": account.usage},
    "/api/v{version:int}/conta/dados-assinatura": {"GET": account.subscription},
    "/api/v{version:int}/confwebhook/{webhook}/alterar-status": {"PATCH": webhooks.turn},
    "/api/v{version:int}/confwebhook": {"POST": webhooks.create, "GET": webhooks.index},
}
_FAMILIES = ("processo", "diretorio", "usuarios", "conta", "confwebhook")
STRAYS = (
    *(f"/api/v1/{family}" for family in _FAMILIES),
    *(f"/api/v1/{family}/{{rest:path}}" for family in _FAMILIES),
    "/api/v2",
    "/api/v2/{rest:path}",
    "/api/v3",
    "/api/v3/{rest:path}",
)
"""What else is theirs: of version 1, which is ZapSign's too, what begins as theirs does."""


def routes(services: Services) -> list[Route]:
    """Everything that this dialect answers; their versions mean the same here."""
    strays = nowhere(STRAYS, lambda: no(services, Declined(404, NO_METHOD)))
    return [reference.route(PATHS, public_url=services.public_url), *doors(services, PATHS), *strays]
