"""A kept file as an answer: ranges, its name (RFC 6266), and nothing that a browser could run."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lacre.documents.files import Files
from lacre.kit.ids import Digest
from lacre.kit.refusal import NotFound
from lacre.web.layout.translations import spoken, words_in

_LOG = structlog.get_logger("lacre.files")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_SAFE = {
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "accept-ranges": "bytes",
}


SIGNED, RECORD = "signed", "record"


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is given out, and what a browser saves it as."""

    digest: Digest
    name: str
    suffix: str = ""
    """`SIGNED` or `RECORD`: said behind the name, in the file's language."""
    language: str = "pt-br"
    inline: bool = False
    media_type: str = "application/pdf"
    extension: str = ".pdf"


def give(files: Files, request: Request, given: Given) -> Response:
    """Raises `NotFound` for what the storage lost."""
    size, tag = _size(files, given.digest), f'"{given.digest}"'
    headers = {**_SAFE, "etag": tag, "content-disposition": disposition(given)}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range") if request.headers.get("if-range", tag) == tag else None
    span = _span(asked, size)
    if span is None:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    start, end = span
    headers["content-length"] = str(end - start)
    if asked is not None and _RANGE.fullmatch(asked):
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    status = 206 if "content-range" in headers else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=given.media_type)
    chunks = files.stream(given.digest, start=start, end=end)
    return StreamingResponse(chunks, status, headers=headers, media_type=given.media_type)


def _size(files: Files, digest: Digest) -> int:
    try:
        return files.size(digest)
    except LookupError:
        _LOG.error("file_lost", digest=digest)
        raise NotFound("file") from None


def disposition(given: Given) -> str:
    """An ASCII name for old clients beside the true one; no sign in it ends the header or names a folder."""
    said = words_in(spoken(given.language)).gettext(given.suffix) if given.suffix else ""
    name = _file_name(given.name, said, given.extension)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%;]', "_", plain)
    kind = "inline" if given.inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _file_name(name: str, suffix: str, extension: str) -> str:
    clean = "".join("_" if sign in '/\\:*?"<>|' else sign for sign in name if sign.isprintable())
    stem = re.sub(r"(\.(pdf|docx))+$", "", clean, flags=re.IGNORECASE).strip(" .")[:120] or "document"
    return f"{stem} ({suffix}){extension}" if suffix else f"{stem}{extension}"


def _span(asked: str | None, size: int) -> tuple[int, int] | None:
    """From and up to (not including); a range that is not understood is the whole file (RFC 9110)."""
    found = _RANGE.fullmatch(asked or "")
    if not found or found.group(0) == "bytes=-":
        return 0, size
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None
