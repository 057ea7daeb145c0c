"""Pages as pictures: who asks for those of one envelope or account keeps only that waiting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lacre.services import Services
from lacre.web.layout.endpoints import Turns
from lacre.web.signer import serving
from lacre.web.signer.serving import PageAsked

OF_ENVELOPE, OF_ACCOUNT, OF_ALL = 2, 4, 8
"""At once, each in a thread: a page may take twenty seconds."""
WAITING = 1_000
"""In no thread: long documents, opened by many people at once."""


def _turns(of_one: int, of_all: int) -> Turns:
    return Turns(of_one=of_one, of_all=of_all, waiting=WAITING)


@dataclass(frozen=True)
class Drawing:
    services: Services
    asked: Callable[[Request], PageAsked]
    """What whoever asks may see."""
    turn: Callable[[Request], AbstractAsyncContextManager[None]]
    """For being told that."""
    envelopes: Turns = field(default_factory=partial(_turns, OF_ENVELOPE, WAITING))
    accounts: Turns = field(default_factory=partial(_turns, OF_ACCOUNT, OF_ALL))

    async def draw(self, request: Request) -> Response:
        async with self.turn(request):
            wanted = await run_in_threadpool(self.asked, request)
        async with self.envelopes.turn(wanted.envelope_id), self.accounts.turn(wanted.owner):
            return await run_in_threadpool(serving.picture, self.services, wanted)
