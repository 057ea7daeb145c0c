"""Pictures and files of one envelope, to a signer who holds its link."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lacre.kit.ids import Digest, DocumentId
from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.signing.attaching import visible_to
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.layout import PageSize
from lacre.signing.signer import Signer
from lacre.web.signer.view import ORIGINAL
from lacre.web.streaming import RECORD, SIGNED, Given, give

DEFAULT_WIDTH = 960
# an original never changes: its digest is its name
_KEPT = {"cache-control": "private, max-age=86400, immutable"}


def picture(services: Services, request: Request, envelope: Envelope, *, sealed_too: bool) -> Response:
    document = _document(request, envelope)
    page, width = request.path_params["page"] - 1, _width(request)
    digest = _meant(document, request.query_params.get("of", ORIGINAL), sealed_too)
    with services.files.local(digest) as file:
        try:
            drawn = services.pages.picture(file, digest, page=page, width=width)
        except LookupError as lost:
            raise NotFound("page") from lost
    return Response(drawn, media_type="image/webp", headers=_KEPT)


def sealed_pages(services: Services, envelope: Envelope) -> dict[DocumentId, Sequence[PageSize]]:
    """Nothing for a file whose pages cannot be measured: its original is shown then."""
    found: dict[DocumentId, Sequence[PageSize]] = {}
    for document in envelope.documents:
        if document.sealed is None:
            continue
        with services.files.local(document.sealed) as file, suppress(LookupError):
            found[document.id] = services.pages.sizes(file)
    return found


def original(services: Services, request: Request, envelope: Envelope) -> Response:
    document = _document(request, envelope)
    given = Given(digest=document.original, name=document.name, inline="show" in request.query_params)
    return give(services.files, request, given)


def signed(services: Services, request: Request, envelope: Envelope) -> Response:
    document = _document(request, envelope)
    if document.sealed is None:
        raise NotFound("file")
    given = Given(
        digest=document.sealed,
        name=document.name,
        suffix=SIGNED,
        language=envelope.language,
        inline="show" in request.query_params,
    )
    return give(services.files, request, given)


def record(services: Services, request: Request, envelope: Envelope) -> Response:
    if envelope.record is None:
        raise NotFound("file")
    given = Given(digest=envelope.record, name=envelope.title, suffix=RECORD, language=envelope.language)
    return give(services.files, request, given)


def attachment(services: Services, request: Request, envelope: Envelope, reader: Signer) -> Response:
    """What somebody brought, to whom it may be shown."""
    wanted = request.path_params["attachment"]
    for _, one, brought in visible_to(envelope, reader):
        if one.id == wanted:
            headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
            return StreamingResponse(
                services.files.stream(brought.file), media_type=brought.kind, headers=headers
            )
    raise NotFound("attachment")


def _meant(document: Document, edition: str, sealed_too: bool) -> Digest:
    """A page that was opened before another signature came asks for an edition that is gone."""
    if edition == ORIGINAL:
        return document.original
    if not sealed_too or document.sealed is None:
        raise NotFound("page")
    return document.sealed


def _document(request: Request, envelope: Envelope) -> Document:
    place: int = request.path_params["document"] - 1
    if not 0 <= place < len(envelope.documents):
        raise NotFound("document")
    return envelope.documents[place]


def _width(request: Request) -> int:
    asked = request.query_params.get("w", "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else DEFAULT_WIDTH
