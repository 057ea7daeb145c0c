"""ArqSIGN's URLs, translated into our actions."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import Route

from lacre.dialects.arqsign.door import Verbs, doors
from lacre.dialects.arqsign.routes import account, attachments, ending, reading, reference, sending, webhooks
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


def routes(services: Services) -> list[Route]:
    """Everything that this dialect answers; their versions 1 and 2 mean the same here."""
    return [reference.route(PATHS, public_url=services.public_url), *doors(services, PATHS)]
