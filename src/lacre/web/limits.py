"""What a request may be and how long it and its answer may take; the server itself bounds neither."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = "The request is larger than this server takes ({0} MB)."
TOO_SLOW = "The request did not arrive within {0:.0f} s."
TOO_LONG = "The address is longer than this server reads."
TWO_HOSTS = "The request names more than one host."
STRANGE_FORM = "Forms are read as UTF-8."
LONGEST_PATH = 2_000
LINGERS_SECONDS, SILENT_SECONDS = 10.0, 0.5
"""How long a refused body is still taken, and how long nothing of it may come meanwhile."""
LINGERS_TIMES = 2
"""And up to how many times what is taken of a body that is not refused."""
_LEAST_REFUSAL = 400
_CHARSET = b"charset"
_UTF8 = re.compile(rb';\s*charset="?utf-?8"?(?=\s*(?:;|$))')


class BodyBroken(HTTPException):
    """Went past a limit while it was being read; whoever reads there may answer it in their own form."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason, headers={"connection": "close"})


class NotRead(ClientDisconnect):
    """The client does not take its answer."""


@dataclass(frozen=True)
class BodyLimits:
    """ASGI middleware: 413 past `max_bytes`, 408 when the whole body has not come within `seconds`.

    `wider`: by the end of a path, in small letters, how much is taken there if that is more.

    A client that leaves a piece of its answer lying for as long is cut off. One that is refused may finish
    what it is sending, for a while: most read no answer before, and none at all once they are cut off.
    """

    app: ASGIApp
    max_bytes: int
    seconds: float
    wider: Mapping[str, int] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _BoundedBody(receive, self._most(scope["path"]), self.seconds, scope)
        answer = _Watched(send, self.seconds, body)
        try:
            _check_plausible(scope)
            await self.app(scope, body.receive, answer.send)
        except HTTPException as broken:
            if not answer.begun:
                refusal = PlainTextResponse(broken.detail, broken.status_code, broken.headers)
                await refusal(scope, receive, answer.send)
        except ClientDisconnect:
            pass  # the server closes what is left unfinished

    def _most(self, path: str) -> int:
        ends = path.rstrip("/").lower()
        return max(self.max_bytes, *(most for end, most in self.wider.items() if ends.endswith(end)), 0)


def _check_plausible(scope: Scope) -> None:
    """Refuses what no honest client sends, before anybody looks closer."""
    if len(scope["path"]) > LONGEST_PATH:
        raise HTTPException(414, TOO_LONG)
    if sum(name == b"host" for name, _ in scope["headers"]) > 1:
        raise HTTPException(400, TWO_HOSTS)
    if any(name == b"content-type" and _is_strange_form(value) for name, value in scope["headers"]):
        raise HTTPException(415, STRANGE_FORM)


def _is_strange_form(content_type: bytes) -> bool:
    """Parsers decode forms as they are told to: by other codecs, also to signs that no file can hold."""
    said = content_type.lower()
    return said.startswith(b"multipart/") and _CHARSET in _UTF8.sub(b"", said)


def _announced(scope: Scope) -> int:
    said = _header(scope, b"content-length")
    return int(said[:19]) if said.isdigit() else 0


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


class _BoundedBody:
    def __init__(self, receive: Receive, max_bytes: int, seconds: float, scope: Scope) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._ends_at = asyncio.get_running_loop().time() + seconds
        self._announced = _announced(scope)
        # it sends nothing before it is told to go on, which asking for the body does
        self._waits = bool(_header(scope, b"expect"))
        self._read = 0
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:
            # what comes now is the client hanging up: that may take as long as the answer does
            return await self._receive()
        self._check_size(self._announced)
        message = self._counted(await self._in_time())
        self._check_size(self._read)
        return message

    async def linger(self) -> None:
        """Takes what is still being sent, and keeps nothing of it."""
        ends_at = min(self._ends_at, asyncio.get_running_loop().time() + LINGERS_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout_at(ends_at):
                while self._worth_taking:
                    async with asyncio.timeout(SILENT_SECONDS):
                        self._counted(await self._receive())

    @property
    def _worth_taking(self) -> bool:
        """An end of it can be hoped for."""
        end = max(self._announced, self._read)
        return not self._complete and not self._waits and end <= LINGERS_TIMES * self._max_bytes

    def _counted(self, message: Message) -> Message:
        self._waits = False
        self._read += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        return message

    async def _in_time(self) -> Message:
        try:
            async with asyncio.timeout_at(self._ends_at):
                return await self._receive()
        except TimeoutError:
            raise BodyBroken(408, TOO_SLOW.format(self._seconds)) from None

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise BodyBroken(413, TOO_LARGE.format(self._max_bytes // 1_000_000))


class _Watched:
    def __init__(self, send: Send, seconds: float, body: _BoundedBody) -> None:
        self._send = send
        self._seconds = seconds
        self._body = body
        self.begun = False

    async def send(self, message: Message) -> None:
        if not self.begun and message.get("status", 0) >= _LEAST_REFUSAL:
            await self._body.linger()
        self.begun = True
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(message)
        except TimeoutError:
            raise NotRead from None
