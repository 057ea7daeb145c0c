"""Their paths as clients write them: in any case, with slashes twice, or with `/v2` before all of it."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_THEIRS = re.compile(
    r"/*(?:v[12]/+)?api/+(v[123])/+((?:processo|diretorio|usuarios|conta|confwebhook)(?:/.*)?)", re.IGNORECASE
)


class Tidied:
    """Passes their requests on with one spelling of the path, and all others as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            tidy = tidied(scope["path"])
            if tidy != scope["path"]:
                scope = {**scope, "path": tidy, "raw_path": tidy.encode()}
        await self._app(scope, receive, send)


def tidied(path: str) -> str:
    """`//v2//API/v2/Processo/X` → `/api/v2/processo/x`; a path that is not theirs stays."""
    found = _THEIRS.fullmatch(path)
    if found is None:
        return path
    version, rest = found.groups()
    return f"/api/{version}/{re.sub('/+', '/', rest)}".lower()
