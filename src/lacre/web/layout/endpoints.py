"""Plain functions as endpoints: forms are read before they run, in a thread where they may block."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

MAX_FIELDS = 2_000
# a drawing travels as text in a field; Base64 grows it by a third
MAX_FIELD_BYTES = 12_000_000
MOST_BYTES = 1_000_000
"""Of a form that only people's words are in: it is held in memory, whoever sent it."""
COME_BACK_SECONDS = 30


class Queue:
    """So many at once, so many who wait, the others are asked to come back: for what strangers may ask."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._hands = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._there = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        if self._there >= self._most:
            raise HTTPException(503, headers={"retry-after": str(COME_BACK_SECONDS)})
        self._there += 1
        try:
            yield
        finally:
            self._there -= 1

    def turn(self) -> asyncio.Semaphore:
        return self._hands


class Turns:
    """So many at once of one link, and of all links together: who asks for much keeps only itself waiting."""

    def __init__(self, *, of_one: int, of_all: int, waiting: int) -> None:
        self._of_one, self._waiting = of_one, waiting
        self._hands = asyncio.Semaphore(of_all)
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def turn(self, link: str) -> AsyncIterator[None]:
        line = self._lines.setdefault(link, _Line(asyncio.Semaphore(self._of_one)))
        if line.there >= self._of_one + self._waiting:
            raise HTTPException(503, headers={"retry-after": str(COME_BACK_SECONDS)})
        line.there += 1
        try:
            async with line.hands, self._hands:
                yield
        finally:
            line.there -= 1
            if not line.there:
                del self._lines[link]


@dataclass
class _Line:
    hands: asyncio.Semaphore
    there: int = 0


def in_turn(
    handler: Callable[[Request], Response], turns: Turns, link: Callable[[Request], str]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        async with turns.turn(link(request)):
            return await run_in_threadpool(handler, request)

    return endpoint


def with_form(
    handler: Callable[[Request, FormData], Response],
    *,
    most_bytes: int | None = MOST_BYTES,
    max_files: int = 0,
    max_fields: int = MAX_FIELDS,
    known: Callable[[Request], object] | None = None,
    queue: Queue | None = None,
    turn: Callable[[Request], AbstractAsyncContextManager[None]] | None = None,
) -> Callable[[Request], Awaitable[Response]]:
    """`handler` with the form that came; uploads lie on disk until it is done.

    `known` refuses strangers before anything of theirs is read; `turn` is waited for with the form in hand.
    """

    async def endpoint(request: Request) -> Response:
        if known is not None:
            await run_in_threadpool(known, request)
        async with queue.place() if queue else nullcontext():
            reading = _bounded(request, most_bytes).form(
                max_files=max_files, max_fields=max_fields, max_part_size=MAX_FIELD_BYTES
            )
            mine = turn(request) if turn else nullcontext()
            async with reading as form, mine, queue.turn() if queue else nullcontext():
                return await run_in_threadpool(handler, request, form)

    return endpoint


def _bounded(request: Request, most_bytes: int | None) -> Request:
    read = 0

    async def receive() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if most_bytes is not None and read > most_bytes:
            raise HTTPException(413, headers={"connection": "close"})
        return message

    return Request(request.scope, receive)
