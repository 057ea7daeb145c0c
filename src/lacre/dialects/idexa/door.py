"""Every request comes in here: its key, then its body; and every refusal goes out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lacre.accounts.account import ApiKey
from lacre.dialects.door import forms_of, is_form, open_to_all, verb_of
from lacre.dialects.idexa import errors
from lacre.dialects.idexa.errors import Declined
from lacre.dialects.idexa.wire import Said
from lacre.dialects.turns import Turns
from lacre.kit.ids import AccountId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services

DIALECT = "idexa"
KEY_HEADERS = ("X-API-KEY", "IDEXA-API-KEY")
PREFIX = "/api_document"
"""Of the first generation; the second has none."""
MOST_FILES = 50
LARGEST_JSON = 1024 * 1024
Model = TypeVar("Model", bound=Said)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request whose sender is known."""

    services: Services
    account_id: AccountId
    key_id: str
    generation: int
    now: datetime
    path: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes = b""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Of a form, those that are texts."""
    files: tuple[UploadFile, ...] = ()
    """Of a form, in their order."""

    def named(self, what: str) -> str:
        """The id in the path; nothing else than a UUID can be one."""
        found = as_uuid(self.path[what])
        if found is None:
            raise NotFound(what)
        return found

    def read(self, kind: type[Model]) -> Model:
        try:
            said = from_json(self.raw.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
        except ValueError as problem:
            raise Declined(400, errors.MALFORMED) from problem
        return _validated(kind, said)

    def read_fields(self, kind: type[Model]) -> Model:
        return _validated(kind, self.fields)


Handler = Callable[[Call], Response]
Verbs = Mapping[str, Handler]


def doors(services: Services, paths: Mapping[str, Verbs]) -> list[Route]:
    """Each path of both generations."""
    turns = Turns()
    return [
        open_to_all(form, Door(services, turns, verbs, generation).enter)
        for path, verbs in paths.items()
        for generation, start in ((1, PREFIX), (2, ""))
        for form in forms_of(f"{start}{path}")
    ]


@dataclass(frozen=True)
class Door:
    services: Services
    turns: Turns
    verbs: Verbs
    generation: int

    async def enter(self, request: Request) -> Response:
        try:
            async with AsyncExitStack() as held:
                return await self._answer(request, held)
        except Declined as declined:
            return no(declined)
        except Refusal as refusal:
            return no(errors.declined(refusal))
        except HTTPException as broken:
            return no(errors.broken_off(broken.status_code, broken.headers))

    async def _answer(self, request: Request, held: AsyncExitStack) -> Response:
        """Who asks is known before the body is read: strangers fill no disk."""
        verb = verb_of(request, self.verbs)
        if verb is None:
            raise Declined(405, errors.NO_METHOD, headers={"Allow": ", ".join(self.verbs)})
        key = await run_in_threadpool(self._recognise, request)
        call = await self._call(request, key, held)
        async with self.turns.turn(key.account_id):
            return await run_in_threadpool(verb, call)

    def _recognise(self, request: Request) -> ApiKey:
        """Either header, in either generation: clients in the middle of a move mix them."""
        said = (request.headers.get(name, "").strip() for name in KEY_HEADERS)
        secret = next((one for one in said if one), "")
        if not secret:
            raise Declined(401, errors.UNAUTHORIZED)
        with self.services.open_work() as work:
            key = work.accounts.key_by_digest(self.services.tokens.digest(secret), DIALECT)
        if key is None:
            raise Declined(401, errors.UNAUTHORIZED)
        return key

    async def _call(self, request: Request, key: ApiKey, held: AsyncExitStack) -> Call:
        form = await _form(request, held)
        texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        if any("\0" in value for value in texts.values()):
            raise Declined(400, errors.MALFORMED)
        return Call(
            services=self.services,
            account_id=key.account_id,
            key_id=key.id,
            generation=self.generation,
            now=self.services.clock(),
            path=request.path_params,
            query=request.query_params,
            raw=b"" if is_form(request) else await _json(request),
            fields=texts,
            files=tuple(value for _, value in form.multi_items() if isinstance(value, UploadFile)),
        )


async def _form(request: Request, held: AsyncExitStack) -> FormData:
    if not is_form(request):
        return FormData()
    return await held.enter_async_context(request.form(max_files=MOST_FILES, max_fields=50))


async def _json(request: Request) -> bytes:
    """Webhooks are small."""
    said = bytearray()
    async for piece in request.stream():
        said += piece
        if len(said) > LARGEST_JSON:
            raise Declined(413, errors.BROKEN_OFF[413])
    if b"\\u0000" in said:
        raise Declined(400, errors.MALFORMED)
    return bytes(said)


def _validated(kind: type[Model], said: object) -> Model:
    try:
        return kind.model_validate(said)
    except ValidationError as problem:
        raise errors.invalid(problem) from problem


def no(declined: Declined) -> Response:
    return JSONResponse(declined.body, declined.status, headers=declined.headers)
