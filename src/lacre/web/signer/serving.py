"""Pictures and files of one envelope, to a signer who holds its link."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.signing.envelope import Document, Envelope
from lacre.web.streaming import Given, give

DEFAULT_WIDTH = 960
# an original never changes: its digest is its name
_KEPT = {"cache-control": "private, max-age=86400, immutable"}


def picture(services: Services, request: Request, envelope: Envelope) -> Response:
    document = _document(request, envelope)
    page, width = request.path_params["page"] - 1, _width(request)
    with services.files.local(document.original) as file:
        try:
            drawn = services.pages.picture(file, document.original, page=page, width=width)
        except LookupError as lost:
            raise NotFound("page") from lost
    return Response(drawn, media_type="image/webp", headers=_KEPT)


def original(services: Services, request: Request, envelope: Envelope) -> Response:
    document = _document(request, envelope)
    given = Given(
        digest=document.original, name=f"{document.name}.pdf", inline="show" in request.query_params
    )
    return give(services.files, request, given)


def signed(services: Services, request: Request, envelope: Envelope) -> Response:
    document = _document(request, envelope)
    if document.sealed is None:
        raise NotFound("file")
    given = Given(digest=document.sealed, name=f"{document.name}.pdf", suffix="signed")
    return give(services.files, request, given)


def record(services: Services, request: Request, envelope: Envelope) -> Response:
    if envelope.record is None:
        raise NotFound("file")
    return give(
        services.files, request, Given(digest=envelope.record, name=f"{envelope.title}.pdf", suffix="record")
    )


def _document(request: Request, envelope: Envelope) -> Document:
    place: int = request.path_params["document"] - 1
    if not 0 <= place < len(envelope.documents):
        raise NotFound("document")
    return envelope.documents[place]


def _width(request: Request) -> int:
    asked = request.query_params.get("w", "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else DEFAULT_WIDTH
