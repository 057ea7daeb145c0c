"""One request whose sender is known, and how it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

from fastapi import Depends, Header
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from lacre.accounts.answers import GivenAnswer
from lacre.documents.links import Links
from lacre.kit.ids import AccountId
from lacre.services import Services, Work
from lacre.signing.announcing import Actor

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Call:
    services: Services
    account_id: AccountId
    by: Actor
    now: datetime
    texts: Mapping[str, Path]
    """Long Base64 texts of the body, on disk, by what stands for each in the JSON."""
    files: Mapping[str, UploadFile]
    """Files of a form, by the names of their parts, in their order."""
    answer_key: str
    """The Idempotency-Key; empty when there is none."""
    request_digest: str
    turn: asyncio.Semaphore = field(repr=False)
    """The account's, held while the request is worked on."""

    @property
    def links(self) -> Links:
        return self.services.links

    @asynccontextmanager
    async def standing_aside(self) -> AsyncIterator[None]:
        """While it only waits, its turn is another request's."""
        self.turn.release()
        try:
            yield
        finally:
            await self.turn.acquire()

    def keep(self, work: Work, said: BaseModel, status: int = 200) -> Response:
        """The answer of a POST; given again when the same request comes again. Commits with its work."""
        text = said.model_dump_json()
        if self.answer_key:
            given = GivenAnswer(request_digest=self.request_digest, status=status, body=text)
            work.answers.keep(self.account_id, self.answer_key, given, now=self.now)
        return Response(text, status, media_type=JSON)


def answer(said: BaseModel, status: int = 200) -> Response:
    return Response(said.model_dump_json(), status, media_type=JSON)


async def _call_of(request: Request) -> Call:
    call: Call = request.state.call
    return call


async def _keyed_call_of(
    request: Request,
    _: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="A request sent again with the same key within a day does its work once.",
        ),
    ] = None,
) -> Call:
    return await _call_of(request)


Caller: TypeAlias = Annotated[Call, Depends(_call_of)]
Poster: TypeAlias = Annotated[Call, Depends(_keyed_call_of)]
"""The same, of a POST."""
