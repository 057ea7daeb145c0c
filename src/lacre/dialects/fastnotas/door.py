"""Every request comes in here: its key, its pace, its body; and every refusal goes out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lacre.dialects.door import routes_of, verb_of
from lacre.dialects.fastnotas import body, errors, rate
from lacre.dialects.fastnotas.auth import key_of
from lacre.dialects.fastnotas.errors import Declined
from lacre.dialects.fastnotas.rate import Standing
from lacre.dialects.fastnotas.wire import Said
from lacre.dialects.origin import origin_of
from lacre.dialects.turns import Turns
from lacre.documents.links import FileLink
from lacre.kit.ids import AccountId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services

Model = TypeVar("Model", bound=Said)
_GUESTS = AccountId("guests")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request whose sender is known."""

    services: Services
    account_id: AccountId
    now: datetime
    path: Mapping[str, str]
    query: QueryParams
    said: object
    """The body as one object, however it came."""

    def named(self, what: str = "id") -> str:
        """The id in the path; one that is no UUID does not exist."""
        return known(self.path[what])

    def read(self, kind: type[Model]) -> Model:
        try:
            return kind.model_validate(self.said)
        except ValidationError as problem:
            raise errors.invalid(problem) from problem


def known(said: str) -> str:
    """A UUID, or nothing that there is."""
    found = as_uuid(said)
    if found is None:
        raise NotFound("id")
    return found


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Linked:
    """A call that a link lets in without a key; `guest` answers it then."""

    handler: Handler
    guest: Callable[[Services, FileLink, datetime], Response]


Verbs = Mapping[str, Handler | Linked]


def doors(services: Services, paths: Mapping[str, Verbs]) -> list[Route]:
    turns = Turns()
    return routes_of(paths, lambda verbs: Door(services, turns, verbs).enter)


@dataclass(frozen=True)
class Door:
    services: Services
    turns: Turns
    verbs: Verbs

    async def enter(self, request: Request) -> Response:
        standing: list[Standing] = []
        answer = await self._answered(request, standing)
        for one in standing:
            answer.headers.update(one.headers)
        return answer

    async def _answered(self, request: Request, standing: list[Standing]) -> Response:
        try:
            return await self._answer(request, standing)
        except Declined as declined:
            return no(declined)
        except Refusal as refusal:
            return no(errors.declined(refusal))
        except HTTPException as broken:
            return no(errors.broken_off(broken.status_code, broken.headers))

    async def _answer(self, request: Request, standing: list[Standing]) -> Response:
        """Who asks is known before the body is read: strangers fill no memory."""
        verb = verb_of(request, self.verbs)
        if verb is None:
            raise Declined(405, errors.NOT_ALLOWED, headers={"Allow": ", ".join(self.verbs)})
        if isinstance(verb, Linked):
            link = self._link(request)
            if link is not None:
                await run_in_threadpool(self._count, origin_of(request).ip, standing)
                return await self._show_guest(verb, link)
            verb = verb.handler
        account_id = await run_in_threadpool(self._recognise, request, standing)
        said = await body.read(request)
        async with self.turns.turn(account_id):
            return await run_in_threadpool(verb, self._call(request, account_id, said))

    async def _show_guest(self, verb: Linked, link: FileLink) -> Response:
        async with self.turns.turn(_GUESTS):
            return await run_in_threadpool(verb.guest, self.services, link, self.services.clock())

    def _link(self, request: Request) -> FileLink | None:
        """Of a request without a key, whose query proves that we gave it."""
        if request.headers.get("authorization") or not request.url.query:
            return None
        asked = request.path_params.get("id", "")
        return self.services.links.open_file(asked, request.url.query, now=self.services.clock())

    def _recognise(self, request: Request, standing: list[Standing]) -> AccountId:
        """A company has its own pace, who is nobody their address's."""
        try:
            key = key_of(self.services, request.headers.get("authorization", ""))
        except Declined:
            self._count(origin_of(request).ip, standing)
            raise
        self._count(key.account_id, standing)
        return key.account_id

    def _count(self, who: str, standing: list[Standing]) -> None:
        standing.append(rate.count(self.services, who, now=self.services.clock()))

    def _call(self, request: Request, account_id: AccountId, said: object) -> Call:
        return Call(
            services=self.services,
            account_id=account_id,
            now=self.services.clock(),
            path=request.path_params,
            query=request.query_params,
            said=said,
        )


def no(declined: Declined) -> Response:
    return JSONResponse(declined.body, declined.status, headers=declined.headers)
