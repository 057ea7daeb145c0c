"""`/docs`: the API for readers. One page, no scripts, no third party."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.dialects.native.reference.reading import read

FOLDER = Path(__file__).parent


@dataclass
class Reference:
    openapi: Callable[[], dict[str, Any]]

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/docs", self.page, methods=["GET"]),
            Route("/docs/reference.css", self.styles, methods=["GET"]),
        ]

    def page(self, _: Request) -> Response:
        return HTMLResponse(self._html)

    def styles(self, _: Request) -> Response:
        return Response(self._css, media_type="text/css")

    @cached_property
    def _html(self) -> str:
        environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return environment.get_template("page.html").render(api=read(self.openapi()))

    @cached_property
    def _css(self) -> str:
        return (FOLDER / "reference.css").read_text(encoding="utf-8")
