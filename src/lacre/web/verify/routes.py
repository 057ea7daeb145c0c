"""The public check of a PDF; reached from a signature record, it compares with what Lacre keeps as well."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lacre.kit.ids import Digest, EnvelopeId, as_uuid
from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.verification import Verification
from lacre.web.layout.endpoints import Queue, with_form
from lacre.web.layout.rendering import Renderer
from lacre.web.layout.translations import accepted, spoken

FILE_MISSING = "Choose a PDF file first."
TOO_LARGE = "This file is larger than the {0} MB that this server checks."
CHUNK = 1 << 20
AT_ONCE, WAITING = 2, 30
"""Anybody may ask, with any file: those who come in numbers keep only each other waiting."""


class Kinship(StrEnum):
    """What a dropped file is to the envelope whose page it was dropped on."""

    SEALED = "sealed"
    ORIGINAL = "original"
    RECORD = "record"
    STRANGER = "stranger"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One dropped file, judged."""

    name: str
    size: int
    digest: Digest
    verification: Verification
    kinship: Kinship | None = None

    @property
    def verdict(self) -> str:
        """valid · changed · untrusted · stamped · unsigned · unreadable"""
        if self.verification.problem:
            return "unreadable"
        if self.verification.broken:
            return "changed"
        found = self.verification.signatures
        if not found:
            return "stamped" if self.verification.timestamps else "unsigned"
        return "valid" if all(one.trusted or one.ours for one in found) else "untrusted"


@dataclass(frozen=True)
class VerifyPage:
    services: Services
    renderer: Renderer

    def routes(self) -> list[BaseRoute]:
        queue = Queue(at_once=AT_ONCE, waiting=WAITING)
        return [
            Route("/verify", self.show, methods=["GET"]),
            Route("/verify", self._checking(queue), methods=["POST"]),
            Route("/verify/{envelope_id}", self.show, methods=["GET"]),
            Route("/verify/{envelope_id}", self._checking(queue), methods=["POST"]),
        ]

    def _checking(self, queue: Queue) -> Callable[[Request], Awaitable[Response]]:
        return with_form(self.check, most_bytes=None, max_files=1, queue=queue)

    def show(self, request: Request) -> Response:
        return self._page(request, self._envelope(request))

    def check(self, request: Request, form: FormData) -> Response:
        envelope = self._envelope(request)
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.size:
            return self._page(request, envelope, error=FILE_MISSING)
        if sent.size > self._most:
            return self._page(request, envelope, error=TOO_LARGE)
        return self._page(request, envelope, checked=self._judge(sent, envelope))

    def _judge(self, sent: UploadFile, envelope: Envelope | None) -> Checked:
        with self.services.files.scratch() as folder:
            file = folder / "dropped.pdf"
            digest = _write(sent, file)
            verification = self.services.verifier.verify(file)
        return Checked(
            name=sent.filename or "",
            size=sent.size or 0,
            digest=digest,
            verification=verification,
            kinship=_kinship(digest, envelope) if envelope else None,
        )

    def _envelope(self, request: Request) -> Envelope | None:
        asked = request.path_params.get("envelope_id")
        if asked is None:
            return None
        envelope_id = as_uuid(asked)
        if envelope_id is None:
            raise NotFound("envelope")
        with self.services.open_work() as work:
            return work.envelopes.for_check(EnvelopeId(envelope_id))

    def _page(
        self, request: Request, envelope: Envelope | None, *, checked: Checked | None = None, error: str = ""
    ) -> Response:
        wanted = accepted(request.headers.get("accept-language", ""))
        language = spoken(request.query_params.get("lang"), *wanted, self.services.settings.lang)
        return self.renderer.page(
            "verify/verify.html",
            language,
            status=422 if error else 200,
            envelope=envelope,
            checked=checked,
            error=error,
            here=request.url.path,
            most_megabytes=self.services.settings.max_upload_mb,
            chosen_language=request.query_params.get("lang"),
        )

    @property
    def _most(self) -> int:
        return self.services.settings.max_upload_mb * 1_000_000


def _write(sent: UploadFile, file: Path) -> Digest:
    taken = hashlib.sha256()
    with file.open("wb") as out:
        while chunk := sent.file.read(CHUNK):
            taken.update(chunk)
            out.write(chunk)
    return Digest(taken.hexdigest())


def _kinship(digest: Digest, envelope: Envelope) -> Kinship:
    if digest == envelope.record:
        return Kinship.RECORD
    return next((kin for one in envelope.documents if (kin := _kin(digest, one))), Kinship.STRANGER)


def _kin(digest: Digest, document: Document) -> Kinship | None:
    if digest == document.sealed:
        return Kinship.SEALED
    return Kinship.ORIGINAL if digest == document.original else None
