"""Every request comes in here: its keys, its pace, its body; and every refusal goes out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lacre.dialects.arqsign import errors, rate
from lacre.dialects.arqsign.auth import Caller, caller_of
from lacre.dialects.arqsign.errors import Declined
from lacre.dialects.door import routes_of, spooled, verb_of
from lacre.dialects.origin import origin_of
from lacre.dialects.turns import Turns
from lacre.kit.ids import AccountId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services
from lacre.signing.announcing import Actor

Model = TypeVar("Model")
FILE_KEYS = (b"arquivo",)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request whose sender is known."""

    services: Services
    account_id: AccountId
    by: Actor
    now: datetime
    path: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes
    texts: Mapping[str, Path]
    """Long Base64 texts of the body, on disk, by what stands for each in the JSON."""

    def named(self, what: str) -> str:
        """The id in the path; one that is no GUID does not exist."""
        found = as_uuid(self.path[what])
        if found is None:
            raise errors.unknown([self.path[what]])
        return found

    def read(self, kind: TypeAdapter[Model]) -> Model:
        """The body; what nobody knows in it is refused, as there."""
        try:
            said = from_json(self.raw.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
        except ValueError as problem:
            raise Declined(400, errors.WRONG) from problem
        try:
            return kind.validate_python(said)
        except ValidationError as problem:
            raise errors.invalid(problem) from problem


Handler = Callable[[Call], Response]
Verbs = Mapping[str, Handler]


def doors(services: Services, paths: Mapping[str, Verbs]) -> list[Route]:
    turns = Turns()
    return routes_of(paths, lambda verbs: Door(services, turns, verbs).enter)


@dataclass(frozen=True)
class Door:
    services: Services
    turns: Turns
    verbs: Verbs

    async def enter(self, request: Request) -> Response:
        with ExitStack() as held:
            try:
                return await self._answer(request, held)
            except Declined as declined:
                return no(self.services, declined)
            except NotFound as missing:
                return no(self.services, errors.unknown([str(missing.args[0]) if missing.args else ""]))
            except Refusal as refusal:
                return no(self.services, errors.declined(refusal))
            except HTTPException as broken:
                return no(self.services, errors.broken_off(broken.status_code, broken.headers))

    async def _answer(self, request: Request, held: ExitStack) -> Response:
        """Who asks is known before the body is read: strangers fill no disk."""
        handler = verb_of(request, self.verbs)
        if handler is None:
            raise Declined(404, errors.NO_METHOD)
        caller = await run_in_threadpool(self._recognise, request)
        call = await self._call(request, caller, held)
        async with self.turns.turn(caller.account_id):
            return await run_in_threadpool(handler, call)

    def _recognise(self, request: Request) -> Caller:
        caller = caller_of(self.services, request.headers)
        rate.count(self.services, caller.name, now=self.services.clock())
        return caller

    async def _call(self, request: Request, caller: Caller, held: ExitStack) -> Call:
        raw, texts = await spooled(request, self.services, held, FILE_KEYS)
        if b"\\u0000" in raw:
            raise Declined(400, errors.WRONG)
        return Call(
            services=self.services,
            account_id=caller.account_id,
            by=Actor(name=caller.name, origin=origin_of(request)),
            now=self.services.clock(),
            path=request.path_params,
            query=request.query_params,
            raw=raw,
            texts=texts,
        )


def no(services: Services, declined: Declined) -> Response:
    body = declined.body(services.settings.error_names)
    return JSONResponse(body, declined.status, headers=declined.headers)
