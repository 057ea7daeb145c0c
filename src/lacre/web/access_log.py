"""One line per request; secrets that stand in paths are cut short, queries are left out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lacre.services import Measures, Unmeasured

HUNG_UP = 499
"""As nginx has it: nobody is there to be answered."""
_LOG = structlog.get_logger("lacre.request")
_UUID = re.compile(r"([0-9a-f]{8})(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class AccessLog:
    """ASGI middleware. `stopwatch` gives seconds from some fixed moment."""

    app: ASGIApp
    stopwatch: Callable[[], float] = field(repr=False)
    measures: Measures = field(default_factory=Unmeasured)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        began = self.stopwatch()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except asyncio.CancelledError:
            # they hung up before their turn came: nothing broke, and the server would print where it waited
            status = HUNG_UP
        finally:
            took = self.stopwatch() - began
            _tell(scope, status, took)
            self.measures.answered(f"{scope['method']} {without_secrets(scope['path'])}", status, took)


def without_secrets(path: str) -> str:
    """A UUID in a path may be a signing link: only its first eight signs are told."""
    return _UUID.sub(r"\1…", path)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    _LOG.info(
        "request",
        method=scope["method"],
        path=without_secrets(scope["path"]),
        status=status,
        ms=round(seconds * 1000, 1),
        ip=(scope.get("client") or ("",))[0],
    )
