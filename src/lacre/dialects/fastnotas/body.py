"""What a request brings: JSON, form fields, or a form with files; all of it as one object."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from lacre.dialects.fastnotas import errors
from lacre.dialects.fastnotas.errors import Declined
from lacre.dialects.fastnotas.form import MOST_FIELDS, nested

LARGEST = 2 * 1024 * 1024
"""A certificate has a few kilobytes."""
TOO_LARGE = "The request is larger than this server takes."
_MULTIPART, _FORM = "multipart/form-data", "application/x-www-form-urlencoded"


async def read(request: Request) -> object:
    """Clients that call their forms JSON are understood as well."""
    raw = await _bounded(request)
    kind = request.headers.get("content-type", "").lower()
    if not raw.strip():
        return {}
    if kind.startswith(_MULTIPART):
        return await _form(request, raw, request.headers["content-type"])
    if "json" in kind or raw.lstrip()[:1] in (b"{", b"["):
        return await _json_or_form(request, raw, kind)
    return await _form(request, raw, _FORM)


async def _json_or_form(request: Request, raw: bytes, kind: str) -> object:
    try:
        return _json(raw)
    except Declined:
        if "application/json" in kind or raw.lstrip()[:1] in (b"{", b"["):
            raise
        return await _form(request, raw, _FORM)


def _json(raw: bytes) -> object:
    if b"\\u0000" in raw:
        raise Declined(400, errors.MALFORMED)
    try:
        return from_json(raw.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError as problem:
        raise Declined(400, errors.MALFORMED) from problem


async def _form(request: Request, raw: bytes, kind: str) -> dict[str, Any]:
    try:
        async with _again(request, raw, kind).form(max_files=4, max_fields=MOST_FIELDS) as form:
            return nested([(name, await _value(one)) for name, one in form.multi_items()])
    except MultiPartException as problem:
        raise Declined(400, problem.message) from problem


async def _value(one: UploadFile | str) -> str | bytes:
    """Files here are small: a certificate is held in memory."""
    if isinstance(one, UploadFile):
        return await one.read()
    if "\0" in one:
        raise Declined(400, "Caracteres nulos não são permitidos.")
    return one


async def _bounded(request: Request) -> bytes:
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > LARGEST:
            raise HTTPException(413, TOO_LARGE)
    return bytes(raw)


def _again(request: Request, raw: bytes, kind: str) -> Request:
    """The same request, to be read once more, as what it says or is taken to be."""
    waiting = [raw]

    async def receive() -> Message:
        body = waiting.pop() if waiting else b""
        return {"type": "http.request", "body": body, "more_body": False}

    others = [(name, value) for name, value in request.scope["headers"] if name != b"content-type"]
    scope = {**request.scope, "headers": [*others, (b"content-type", kind.encode("latin-1"))]}
    return Request(scope, receive)
