"""What the log says of a request, also of one whose sender did not wait for the answer."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send

from lacre.services import Unmeasured
from lacre.web.access_log import HUNG_UP, AccessLog

REQUEST: dict[str, Any] = {"type": "http", "method": "GET", "path": "/app/", "client": ("203.0.113.7", 4_000)}


class _Counted(Unmeasured):
    def __init__(self) -> None:
        self.answers: list[tuple[object, ...]] = []

    def answered(self, *told: object, **_: object) -> None:
        self.answers.append(told)


def test_who_hangs_up_before_their_turn_is_told_of_and_breaks_nothing() -> None:
    counted = _Counted()

    async def hang_up() -> None:
        asked = asyncio.create_task(AccessLog(_never, lambda: 0.0, counted)(REQUEST, _receive, _send))
        await asyncio.sleep(0)
        asked.cancel()
        await asked

    asyncio.run(hang_up())

    assert counted.answers == [("GET /app/", HUNG_UP, 0.0)]


async def _never(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.Event().wait()


async def _receive() -> Any:  # noqa: ANN401 - nothing is read
    raise AssertionError


async def _send(_: Any) -> None:  # noqa: ANN401 - nothing is answered
    raise AssertionError
