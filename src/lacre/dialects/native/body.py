"""What a request brings: JSON, or a form of JSON and files; long texts and files wait on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from lacre.dialects.door import is_form, spooled
from lacre.dialects.native.problems import Declined
from lacre.services import Services
from lacre.signing.envelope import MAX_DOCUMENTS

JSON_PART = "json"
BASE64_KEYS = (b"base64",)
_MAX_FILES, _MAX_FIELDS = MAX_DOCUMENTS, 4
_CHUNK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Posted:
    json: bytes
    digest: str
    """Of what was meant: a form sent again has other boundaries, but the same parts."""
    texts: Mapping[str, Path] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)


async def read(request: Request, services: Services, held: AsyncExitStack) -> Posted:
    """What it keeps on disk is gone when `held` ends."""
    named = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    if is_form(request):
        return await _read_form(request, named, held)
    return await _read_json(request, named, services, held)


async def _read_json(
    request: Request, digest: hashlib._Hash, services: Services, held: AsyncExitStack
) -> Posted:
    json, texts = await spooled(request, services, held, BASE64_KEYS, see=digest.update)
    return Posted(json=json, digest=digest.hexdigest(), texts=texts)


async def _read_form(request: Request, digest: hashlib._Hash, held: AsyncExitStack) -> Posted:
    try:
        form = await request.form(max_files=_MAX_FILES, max_fields=_MAX_FIELDS)
    except MultiPartException as problem:
        raise Declined("malformed_form", problem.message) from problem
    held.push_async_callback(form.close)
    files = _files(form)
    text = form.get(JSON_PART, "{}")
    json = text.encode() if isinstance(text, str) else b""
    digest.update(json)
    await run_in_threadpool(_digest_files, files, digest)
    return Posted(json=json, digest=digest.hexdigest(), files=files)


def _files(form: FormData) -> dict[str, UploadFile]:
    files: dict[str, UploadFile] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            continue
        if name in files:
            raise Declined("malformed_form", f"Two files are called {name!r}: give each part its own name.")
        files[name] = value
    return files


def _digest_files(files: Mapping[str, UploadFile], digest: hashlib._Hash) -> None:
    for name, upload in files.items():
        digest.update(f"\n{name}\n{upload.filename}\n{upload.size}\n".encode())
        while piece := upload.file.read(_CHUNK):
            digest.update(piece)
        upload.file.seek(0)
