"""What this dialect answers, as an OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from starlette.routing import Route

from lacre.dialects import reference
from lacre.dialects.arqsign import wire
from lacre.dialects.arqsign.auth import FIRST, SECOND
from lacre.dialects.arqsign.door import Verbs
from lacre.dialects.arqsign.routes import account, attachments, reading, sending, webhooks
from lacre.dialects.reference import Answering, Asked, Json, Reference

PATH = "/api/v2/openapi.json"
"""Beside ZapSign's, which has that of version 1."""
BODIES: Mapping[Answering, Any] = {
    sending.send: wire.NewProcess,
    sending.resend: wire.ResentList,
    attachments.find: wire.AttachmentsAsked,
    account.folders: wire.FoldersAsked,
    account.users: wire.UsersAsked,
    account.usage: wire.UsageAsked,
    webhooks.create: wire.NewWebhook,
    webhooks.turn: wire.NewStatus,
}
"""What each reads. A test sees to it that none is forgotten."""
_SECOND_VERSION = (sending.send, sending.resend, reading.read)
"""Of theirs; the others are in their first. Here both mean the same."""
_REFERENCE = Reference(
    title="Lacre, in ArqSIGN's words",
    security={name: {"type": "apiKey", "in": "header", "name": name} for name in (FIRST, SECOND)},
    requirements=[{FIRST: [], SECOND: []}],
    bodies=BODIES,
    ids=("process", "file", "webhook"),
)


def document_of(paths: Mapping[str, Verbs], *, public_url: str) -> Json:
    return _REFERENCE.document(_asked(paths), public_url=public_url)


def route(paths: Mapping[str, Verbs], *, public_url: str) -> Route:
    return reference.route(PATH, partial(document_of, paths, public_url=public_url))


def path_of(path: str, handler: Answering) -> str:
    """In the version that theirs has it in."""
    return path.replace("v{version:int}", "v2" if handler in _SECOND_VERSION else "v1")


def _asked(paths: Mapping[str, Verbs]) -> Iterator[Asked]:
    for path, verbs in paths.items():
        for verb, one in verbs.items():
            status = 201 if one is reading.status else 200
            yield Asked(path=path_of(path, one), verb=verb, handler=one, status=status)
