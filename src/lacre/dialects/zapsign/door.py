"""Every request comes in here: its token, its pace, its body; and every refusal goes out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lacre.accounts.account import ApiKey
from lacre.dialects.bodies import Spool
from lacre.dialects.turns import Turns
from lacre.dialects.zapsign import errors
from lacre.dialects.zapsign.auth import key_of, token_of
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.rate import Minutes
from lacre.dialects.zapsign.wire import Said
from lacre.kit.ids import AccountId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services
from lacre.signing.announcing import Actor
from lacre.signing.evidence import Origin

Model = TypeVar("Model", bound=Said)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request whose sender is known."""

    services: Services
    account_id: AccountId
    by: Actor
    now: datetime
    path: Mapping[str, str]
    url_path: str
    query: QueryParams
    raw: bytes
    texts: Mapping[str, Path]
    """Long Base64 texts of the body, on disk, by what stands for each in the JSON."""

    def named(self, what: str) -> str:
        """The token in the path; nothing else than a UUID can be one."""
        token = as_uuid(self.path[what])
        if token is None:
            raise NotFound(what)
        return token

    def json(self) -> object:
        """An empty body is an empty object; what clients cannot mean is refused."""
        if not self.raw.strip():
            return {}
        try:
            return from_json(self.raw.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
        except ValueError as problem:
            raise Declined(400, errors.MALFORMED) from problem

    def read(self, kind: type[Model]) -> Model:
        try:
            return kind.model_validate(self.json())
        except ValidationError as problem:
            raise errors.invalid(problem) from problem


Handler = Callable[[Call], Response]
Verbs = Mapping[str, Handler]
BASE64_KEYS = (b"base64_pdf", b"base64_docx")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def doors(services: Services, paths: Mapping[str, Verbs]) -> list[Route]:
    """Each path with its slash and without, both answered directly: a redirect would turn POST into GET."""
    pace, turns = Minutes(), Turns()
    return [
        Route(form, partial(_enter, services=services, pace=pace, turns=turns, verbs=verbs), methods=METHODS)
        for path, verbs in paths.items()
        for form in (path, f"{path}/")
    ]


async def _enter(
    request: Request, *, services: Services, pace: Minutes, turns: Turns, verbs: Verbs
) -> Response:
    """Who asks is known before the body is read: strangers fill no disk."""
    with ExitStack() as held:
        try:
            handler = _handler(request.method, verbs)
            by = await run_in_threadpool(_recognise, request, services, pace)
            spool = Spool(partial(_scratch, services, held), keys=BASE64_KEYS, tag=services.tokens.uuid())
            held.callback(spool.close)
            async for piece in request.stream():
                spool.feed(piece)
            async with turns.turn(by.account_id):
                return await run_in_threadpool(handler, _call(request, services, by, spool))
        except Declined as declined:
            return _no(declined)
        except Refusal as refusal:
            return _no(errors.declined(refusal))
        except HTTPException as broken:
            return _no(errors.broken_off(broken.status_code, broken.headers))


def _handler(method: str, verbs: Verbs) -> Handler:
    # HEAD comes with GET
    handler = verbs.get("GET" if method == "HEAD" else method)
    if handler is None:
        raise Declined(405, f'Método "{method}" não é permitido.', headers={"Allow": ", ".join(verbs)})
    return handler


def _recognise(request: Request, services: Services, pace: Minutes) -> ApiKey:
    """Valid tokens are paced by themselves, everybody else by address."""
    now = services.clock()
    try:
        key = key_of(services, _token(request))
    except Declined:
        pace.count(_origin(request).ip, now=now)
        raise
    pace.count(key.id, now=now)
    return key


def _scratch(services: Services, held: ExitStack) -> Path:
    return held.enter_context(services.files.scratch())


def _call(request: Request, services: Services, key: ApiKey, spool: Spool) -> Call:
    raw = spool.finish()
    if b"\\u0000" in raw:
        raise Declined(400, errors.NULL_SIGN)
    return Call(
        services=services,
        account_id=key.account_id,
        by=Actor(name=f"key:{key.id}", origin=_origin(request)),
        now=services.clock(),
        path=request.path_params,
        url_path=request.url.path,
        query=request.query_params,
        raw=raw,
        texts=spool.texts,
    )


def _no(declined: Declined) -> Response:
    return JSONResponse(declined.body, declined.status, headers=declined.headers)


def _token(request: Request) -> str:
    return token_of(request.headers.get("authorization", ""), request.query_params.get("api_token", ""))


def _origin(request: Request) -> Origin:
    host, port = request.client or ("", 0)
    return Origin(ip=host, port=port, user_agent=request.headers.get("user-agent", "")[:500])
