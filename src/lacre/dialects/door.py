"""What the doors of the dialects do alike; who asks, and how a refusal is said, is each one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lacre.dialects.bodies import Spool
from lacre.services import Services

Verb = TypeVar("Verb")
Verbs = TypeVar("Verbs")
Enter: TypeAlias = Callable[[Request], Awaitable[Response]]
Held: TypeAlias = ExitStack | AsyncExitStack
"""What ends with the request."""


def forms_of(path: str) -> tuple[str, str]:
    """With its slash and without, both answered directly: a redirect would turn POST into GET."""
    return path, f"{path}/"


def routes_of(paths: Mapping[str, Verbs], door: Callable[[Verbs], Enter]) -> list[Route]:
    """One door a path, which is told the verbs that it answers; all others come to it too, to be refused."""
    return [open_to_all(form, door(verbs)) for path, verbs in paths.items() for form in forms_of(path)]


def open_to_all(path: str, enter: Enter) -> Route:
    """Whatever the method: one that no list names would be refused by a page, and not in a vendor's words."""
    return Route(path, enter, methods=())


def nowhere(paths: Sequence[str], answer: Callable[[], Response]) -> list[Route]:
    """What else begins as a vendor's addresses do: refused in their words. Last, as it takes all."""

    async def enter(_: Request) -> Response:
        return answer()

    return [open_to_all(path, enter) for path in paths]


def verb_of(request: Request, verbs: Mapping[str, Verb]) -> Verb | None:
    """HEAD comes with GET."""
    return verbs.get("GET" if request.method == "HEAD" else request.method)


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


def scratch(services: Services, held: Held) -> Callable[[], Path]:
    """What makes a folder that lasts as long as the request."""
    return lambda: held.enter_context(services.files.scratch())


async def spooled(
    request: Request,
    services: Services,
    held: Held,
    keys: Sequence[bytes],
    *,
    see: Callable[[bytes], object] = bool,
) -> tuple[bytes, Mapping[str, Path]]:
    """The body, and on disk the long Base64 texts under `keys`, by what stands for each in the body.

    `see` gets every piece as it came.
    """
    spool = Spool(scratch(services, held), keys=keys, tag=services.tokens.uuid())
    held.callback(spool.close)
    async for piece in request.stream():
        see(piece)
        spool.feed(piece)
    return spool.finish(), spool.texts
