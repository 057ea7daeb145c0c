"""How large a request body may be and how long it may take; the server itself bounds neither."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = "The request is larger than this server takes ({0} MB)."
TOO_SLOW = "The request did not arrive within {0:.0f} s."


class BodyBroken(Exception):
    """A body that went past a limit while it was being read."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class BodyLimits:
    """ASGI middleware: 413 past `max_bytes`, 408 when the whole body has not come within `seconds`."""

    app: ASGIApp
    max_bytes: int
    seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _BoundedBody(receive, self.max_bytes, self.seconds)
        answer = _Watched(send)
        try:
            if _announced(scope) > self.max_bytes:
                raise body.too_large()
            await self.app(scope, body.receive, answer.send)
        except BodyBroken as broken:
            if not answer.begun:
                refusal = PlainTextResponse(broken.reason, broken.status, {"connection": "close"})
                await refusal(scope, receive, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


class _BoundedBody:
    def __init__(self, receive: Receive, max_bytes: int, seconds: float) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._ends_at = asyncio.get_running_loop().time() + seconds
        self._read = 0
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:
            # what comes now is the client hanging up: that may take as long as the answer does
            return await self._receive()
        message = await self._in_time()
        self._read += len(message.get("body", b""))
        if self._read > self._max_bytes:
            raise self.too_large()
        self._complete = not message.get("more_body", False)
        return message

    async def _in_time(self) -> Message:
        try:
            async with asyncio.timeout_at(self._ends_at):
                return await self._receive()
        except TimeoutError:
            raise BodyBroken(408, TOO_SLOW.format(self._seconds)) from None

    def too_large(self) -> BodyBroken:
        return BodyBroken(413, TOO_LARGE.format(self._max_bytes // 1_000_000))


class _Watched:
    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        self.begun = True
        await self._send(message)
