"""Every address of the console."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.services import Services
from lacre.web.console.catalogue import Catalogue
from lacre.web.console.companies import Companies
from lacre.web.console.deliveries import Deliveries
from lacre.web.console.door import Door, Page
from lacre.web.console.endpoints import Endpoints
from lacre.web.console.entering import Entrance
from lacre.web.console.envelopes import Envelopes
from lacre.web.console.events import Events
from lacre.web.console.extractions import Extractions
from lacre.web.console.groups import Groups
from lacre.web.console.invoices import Invoices
from lacre.web.console.keys import Keys
from lacre.web.console.models import Models
from lacre.web.console.replays import Replays
from lacre.web.console.sending import Sending
from lacre.web.console.session import Sessions
from lacre.web.console.types import Types
from lacre.web.layout.rendering import Renderer


@dataclass(frozen=True)
class Console:
    services: Services
    renderer: Renderer

    def routes(self) -> list[BaseRoute]:
        sessions = Sessions(self.services)
        door = Door(self.services, self.renderer, sessions)
        return [
            # what `lacre serve` says it listens at is what people open first
            Route("/", _home, methods=["GET"]),
            Route("/app", _home, methods=["GET"]),
            *Entrance(self.services, door, sessions).routes(),
            *Envelopes(door).routes(),
            *Sending(self.services, door).routes(),
            *Endpoints(door).routes(),
            *Catalogue(door).routes(),
            *Deliveries(door).routes(),
            *Events(door).routes(),
            *Replays(door).routes(),
            *Models(self.services, door).routes(),
            *Keys(door).routes(),
            *Groups(door).routes(),
            *Invoices(door).routes(),
            *Companies(door).routes(),
            *Extractions(self.services, door).routes(),
            *Types(door).routes(),
            door.page("/app/{rest:path}", lambda _: Page("console/nothing.html", status=404)),
        ]


def _home(_: Request) -> Response:
    return RedirectResponse("/app/", status_code=303)
