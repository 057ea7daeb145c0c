"""Every request comes in here: its key, then its body, then whether it was answered before."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lacre.accounts.account import ApiKey
from lacre.dialects.door import is_form
from lacre.dialects.native import body, problems
from lacre.dialects.native.body import Posted
from lacre.dialects.native.call import JSON, Call
from lacre.dialects.native.problems import Declined
from lacre.dialects.turns import Turns
from lacre.kit.refusal import Refusal
from lacre.services import Services
from lacre.signing.announcing import Actor
from lacre.signing.evidence import Origin

DIALECT = "native"
OPENAPI = "/openapi.json"
_LONGEST_KEY = 255


@dataclass(frozen=True)
class Door:
    """ASGI middleware. Who asks is known before the body is read: strangers fill no disk."""

    app: ASGIApp
    services: Services
    turns: Turns = field(default_factory=Turns)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_public(scope):
            await self.app(scope, receive, send)
            return
        async with AsyncExitStack() as held:
            request = Request(scope, receive)
            entered = await self._enter(request, held)
            if isinstance(entered, Response):
                await entered(scope, receive, send)
            else:
                call, posted = entered
                async with call.turn:
                    await self.app(_scope(request, call), _replayed(posted.json, receive), send)

    async def _enter(self, request: Request, held: AsyncExitStack) -> tuple[Call, Posted] | Response:
        try:
            key = await run_in_threadpool(_recognise, request, self.services)
            posted = await body.read(request, self.services, held)
            call = _call(request, self.services, key, posted, self.turns.turn(key.account_id))
            given = await run_in_threadpool(_given_before, call) if call.answer_key else None
            return given or (call, posted)
        except Declined as declined:
            return problems.of_declined(declined)
        except Refusal as refusal:
            return problems.of_refusal(refusal)
        except HTTPException as broken:
            return problems.of_status(broken.status_code, broken.detail, headers=broken.headers)


def _is_public(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) == OPENAPI


def _recognise(request: Request, services: Services) -> ApiKey:
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise problems.KeyMissing
    with services.open_work() as work:
        key = work.accounts.key_by_digest(services.tokens.digest(token.strip()), DIALECT)
    if key is None:
        raise problems.KeyUnknown
    return key


def _call(request: Request, services: Services, key: ApiKey, posted: Posted, turn: asyncio.Semaphore) -> Call:
    host, port = request.client or ("", 0)
    agent = request.headers.get("user-agent", "")[:500]
    return Call(
        services=services,
        account_id=key.account_id,
        by=Actor(name=f"key:{key.id}", origin=Origin(ip=host, port=port, user_agent=agent)),
        now=services.clock(),
        texts=posted.texts,
        files=posted.files,
        answer_key=_answer_key(request),
        request_digest=posted.digest,
        turn=turn,
    )


def _answer_key(request: Request) -> str:
    """Of a POST alone: the other methods may be repeated anyway."""
    said = request.headers.get("idempotency-key")
    if request.method != "POST" or said is None:
        return ""
    if not (0 < len(said) <= _LONGEST_KEY and said.isascii() and said.isprintable()):
        raise problems.IdempotencyKeyInvalid
    return said


def _given_before(call: Call) -> Response | None:
    with call.services.open_work() as work:
        given = work.answers.get(call.account_id, call.answer_key)
    if given is None:
        return None
    if given.request_digest != call.request_digest:
        raise problems.IdempotencyKeyReused
    return Response(given.body, given.status, media_type=JSON, headers={"Idempotency-Replayed": "true"})


def _scope(request: Request, call: Call) -> Scope:
    """Of a form the JSON alone goes on; its files are in the call."""
    scope = dict(request.scope)
    scope["state"] = {**scope.get("state", {}), "call": call}
    if is_form(request):
        others = [(name, value) for name, value in scope["headers"] if name != b"content-type"]
        scope["headers"] = [*others, (b"content-type", JSON.encode())]
    return scope


def _replayed(json: bytes, receive: Receive) -> Receive:
    waiting = [json]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
