"""Pictures and files of one envelope, to a signer who holds its link."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lacre.kit.ids import AccountId, Digest, DocumentId, EnvelopeId
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


@dataclass(frozen=True, kw_only=True)
class PageAsked:
    """A page of a document that whoever asks may see."""

    envelope_id: EnvelopeId
    owner: AccountId
    digest: Digest
    page: int
    width: int


def page_asked(request: Request, envelope: Envelope, *, sealed_too: bool) -> PageAsked:
    document = _document(request, envelope)
    return PageAsked(
        envelope_id=envelope.id,
        owner=envelope.account_id,
        digest=_meant(document, request.query_params.get("of", ORIGINAL), sealed_too),
        page=request.path_params["page"] - 1,
        width=_width(request),
    )


def picture(services: Services, asked: PageAsked) -> Response:
    with services.files.local(asked.digest) as file:
        try:
            drawn = services.pages.picture(
                file, asked.digest, page=asked.page, width=asked.width, owner=asked.owner
            )
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
