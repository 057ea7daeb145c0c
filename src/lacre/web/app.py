"""Every page for people, as one application that the server mounts behind the APIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from lacre.kit.outage import AWAY, COME_BACK_SECONDS, Outage, is_outage
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services
from lacre.web.access_log import without_secrets
from lacre.web.console.routes import Console
from lacre.web.files import TemporaryLinks
from lacre.web.form.routes import Forms
from lacre.web.health import Health
from lacre.web.layout.built import FOLDER, URL, BuiltFiles
from lacre.web.layout.rendering import Renderer
from lacre.web.layout.translations import accepted, spoken
from lacre.web.metrics import Metrics
from lacre.web.security import SecurityHeaders, headers_for
from lacre.web.signer.routes import SigningRoom
from lacre.web.verify.routes import VerifyPage

_LOG = structlog.get_logger("lacre.web")
BROKE = {
    "type": "about:blank",
    "title": "Internal Server Error",
    "status": 500,
    "code": "internal_error",
    "detail": "Something broke here. Try again in a while.",
}
"""What a system is told, whichever dialect it speaks: RFC 9457, with the `detail` that all of them read."""
UNAVAILABLE = {
    "type": "about:blank",
    "title": "Service Unavailable",
    "status": 503,
    "code": "unavailable",
    "detail": AWAY,
}


def build(
    services: Services, widget_messages: Mapping[str, str], more: Sequence[BaseRoute] = ()
) -> Starlette:
    """`widget_messages`: what a framed room posts outwards, by `loaded`, `signed` and `file_ready`."""
    renderer = Renderer()
    edge = Edge(services, renderer)
    return Starlette(
        routes=[
            Mount(URL, BuiltFiles(directory=FOLDER)),
            *Forms(services, renderer).routes(),
            *SigningRoom(services, renderer, widget_messages).routes(),
            *VerifyPage(services, renderer).routes(),
            *Console(services, renderer).routes(),
            *TemporaryLinks(services).routes(),
            *Health(services).routes(),
            *Metrics(services).routes(),
            *more,
        ],
        middleware=[Middleware(SecurityHeaders, encrypted=services.public_url.startswith("https://"))],
        exception_handlers={
            NotFound: edge.nothing_here,
            Refusal: edge.refused,
            HTTPException: edge.not_served,
            Outage: edge.away,
            OSError: edge.away,
            Exception: edge.broke,
        },
    )


@dataclass(frozen=True)
class Edge:
    """What people see when there is no page to show."""

    services: Services
    renderer: Renderer

    def nothing_here(self, request: Request, _: Exception) -> Response:
        return self._message(request, "nothing_here", 404)

    def refused(self, request: Request, refusal: Exception) -> Response:
        said = (type(refusal).__doc__ or "").strip()
        return self._message(request, "refused", 409, detail=said, arguments=refusal.args)

    def not_served(self, request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 400
        answer = self._message(request, "nothing_here" if status == 404 else "refused", status)
        answer.headers.update(getattr(problem, "headers", None) or {})
        return answer

    def away(self, request: Request, problem: Exception) -> Response:
        """Nothing broke, and it passes: a line in the log says what, and no trace."""
        if not is_outage(problem):
            raise problem
        _LOG.warning("outage", path=without_secrets(request.url.path), problem=str(problem))
        page = _wants_page(request)
        answer = self._message(request, "broke", 503) if page else JSONResponse(UNAVAILABLE, 503)
        answer.headers["retry-after"] = str(COME_BACK_SECONDS)
        return answer

    def broke(self, request: Request, problem: Exception) -> Response:
        """Said in the log with where it happened, and to the person without."""
        if isinstance(problem, ClientDisconnect):
            # nothing broke, and nobody is there to read this
            return Response(status_code=400)
        _LOG.error("page broke", path=without_secrets(request.url.path), exc_info=problem)
        answer = self._message(request, "broke", 500) if _wants_page(request) else JSONResponse(BROKE, 500)
        # the one answer that is made outside of the middleware
        answer.headers.update(headers_for(request.url.path))
        return answer

    def _message(
        self, request: Request, kind: str, status: int, detail: str = "", arguments: Sequence[object] = ()
    ) -> Response:
        return self.renderer.page(
            "layout/message.html",
            language_of(request, self.services.settings.lang),
            status=status,
            kind=kind,
            detail=detail,
            arguments=arguments,
        )


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def language_of(request: Request, default: str) -> str:
    wanted = accepted(request.headers.get("accept-language", ""))
    return spoken(request.query_params.get("lang"), *wanted, default)
