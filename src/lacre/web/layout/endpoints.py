"""Plain functions as endpoints: forms are read before they run, in a thread where they may block."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

MAX_FIELDS = 2_000
# a drawing travels as text in a field; Base64 grows it by a third
MAX_FIELD_BYTES = 12_000_000


def with_form(
    handler: Callable[[Request, FormData], Response], *, max_files: int = 4
) -> Callable[[Request], Awaitable[Response]]:
    """`handler` with the form that came; uploads lie on disk until it is done."""

    async def endpoint(request: Request) -> Response:
        reading = request.form(max_files=max_files, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
        async with reading as form:
            return await run_in_threadpool(handler, request, form)

    return endpoint
