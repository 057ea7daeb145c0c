"""What machines ask: whether the process lives, and whether it can work."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.kit.outage import Outage
from lacre.services import Services


@dataclass(frozen=True)
class Health:
    services: Services

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/healthz", self.lives),
            Route("/readyz", self.works),
        ]

    def lives(self, _: Request) -> Response:
        return PlainTextResponse("ok")

    def works(self, _: Request) -> Response:
        """503 when no worker is there: what is sent would be kept, but not sealed or told."""
        try:
            with self.services.open_work() as work:
                workers = work.census.workers()
        except Outage:
            return JSONResponse({"database": "away"}, status_code=503)
        said = {"database": "ok", "workers": workers}
        return JSONResponse(said, status_code=200 if workers else 503)
