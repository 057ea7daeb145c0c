"""Every request comes in here: its token, its pace, its body; and every refusal goes out here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lacre.accounts.account import User
from lacre.dialects.door import is_form, routes_of, scratch, spooled, verb_of
from lacre.dialects.origin import origin_of
from lacre.dialects.turns import Turns
from lacre.dialects.zapsign import errors, rate
from lacre.dialects.zapsign.auth import Caller, caller_of, token_of
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.wire import Said
from lacre.kit.ids import AccountId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services
from lacre.signing.announcing import Actor
from lacre.signing.evidence import Origin

Model = TypeVar("Model", bound=Said)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request, whoever sends it."""

    services: Services
    origin: Origin
    now: datetime
    path: Mapping[str, str]
    url_path: str
    query: QueryParams
    raw: bytes
    texts: Mapping[str, Path]
    """Long Base64 texts of the body, on disk, by what stands for each in the JSON."""
    file: Path | None = None
    """What a form brought as `file`."""

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


@dataclass(frozen=True, kw_only=True)
class Call(Visit):
    """One request whose sender is known."""

    account_id: AccountId
    by: Actor
    user: User | None = None
    """Who asks, when it is a person and not a system."""


Handler = Callable[[Call], Response]


_STRANGERS = AccountId("strangers")


@dataclass(frozen=True)
class Open:
    """A call that needs no token."""

    handler: Callable[[Visit], Response]
    queue: AccountId = _STRANGERS
    """Whose turns they share: who sends slow files keeps nobody from signing in."""


Verbs = Mapping[str, Handler | Open]
BASE64_KEYS = (b"base64_pdf", b"base64_docx", b"url")


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
                return no(declined)
            except Refusal as refusal:
                return no(errors.declined(refusal))
            except HTTPException as broken:
                return no(errors.broken_off(broken.status_code, broken.headers))

    async def _answer(self, request: Request, held: ExitStack) -> Response:
        """Who asks is known before the body is read: strangers fill no disk."""
        verb = verb_of(request, self.verbs)
        if verb is None:
            said = f'Método "{request.method}" não é permitido.'
            raise Declined(405, said, headers={"Allow": ", ".join(self.verbs)})
        if isinstance(verb, Open):
            rate.count(self.services, origin_of(request).ip, now=self.services.clock())
            visit = await self._visit(request, held)
            async with self.turns.turn(verb.queue):
                return await run_in_threadpool(verb.handler, visit)
        caller = await run_in_threadpool(self._recognise, request)
        visit = await self._visit(request, held)
        async with self.turns.turn(caller.account_id):
            return await run_in_threadpool(verb, _call(visit, caller))

    def _recognise(self, request: Request) -> Caller:
        """Valid tokens are paced by themselves, everybody else by address."""
        now = self.services.clock()
        try:
            caller = caller_of(self.services, _token(request), now=now)
        except Declined:
            rate.count(self.services, origin_of(request).ip, now=now)
            raise
        rate.count(self.services, caller.name, now=now)
        return caller

    async def _visit(self, request: Request, held: ExitStack) -> Visit:
        file: Path | None = None
        raw: bytes = b""
        texts: Mapping[str, Path] = {}
        if is_form(request):
            file = await _form_file(request, scratch(self.services, held))
        else:
            raw, texts = await spooled(request, self.services, held, BASE64_KEYS)
        if b"\\u0000" in raw:
            raise Declined(400, errors.NULL_SIGN)
        return Visit(
            services=self.services,
            origin=origin_of(request),
            now=self.services.clock(),
            path=request.path_params,
            url_path=request.url.path,
            query=request.query_params,
            raw=raw,
            texts=texts,
            file=file,
        )


def _call(visit: Visit, caller: Caller) -> Call:
    return Call(
        **vars(visit),
        account_id=caller.account_id,
        by=Actor(name=caller.name, origin=visit.origin),
        user=caller.user,
    )


async def _form_file(request: Request, make_folder: Callable[[], Path]) -> Path | None:
    """Its part called `file`, on disk."""
    async with request.form(max_files=1, max_fields=20) as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            return None
        into = make_folder() / "form.pdf"
        await run_in_threadpool(_copy, part, into)
        return into


def _copy(part: UploadFile, into: Path) -> None:
    with into.open("wb") as file:
        shutil.copyfileobj(part.file, file, 1024 * 1024)


def no(declined: Declined) -> Response:
    return JSONResponse(declined.body, declined.status, headers=declined.headers)


def _token(request: Request) -> str:
    return token_of(request.headers.get("authorization", ""), request.query_params.get("api_token", ""))
