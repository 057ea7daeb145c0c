"""Temporary links: whoever holds one may fetch the file it names, until it ends."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lacre.documents.links import FileLink, Variant
from lacre.kit.ids import AssetId, Digest, PhotoId, TemplateId
from lacre.kit.refusal import NotFound
from lacre.services import Services, Work
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.template import Template
from lacre.web.streaming import RECORD, SIGNED, Given, give

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class TemporaryLinks:
    services: Services

    def routes(self) -> list[BaseRoute]:
        return [Route("/files/{document_id}", self.fetch, methods=["GET", "HEAD"])]

    def fetch(self, request: Request) -> Response:
        services = self.services
        asked, query = request.path_params["document_id"], request.url.query
        link = services.links.open_file(asked, query, now=services.clock())
        if link is None:
            raise NotFound("file")
        if link.variant is Variant.LOOSE:
            return give(services.files, request, self._loose(Digest(link.document_id)))
        if link.variant is Variant.INVOICE_FILE:
            return give(services.invoice_files, request, self._of_invoice(AssetId(link.document_id)))
        if link.variant is Variant.PHOTO:
            return self._photo(PhotoId(link.document_id))
        with services.open_work() as work:
            given = _found(work, link)
        return give(services.files, request, given)

    def _loose(self, digest: Digest) -> Given:
        """A PDF, a picture that a signer attached, or what they drew."""
        try:
            start = self.services.files.read_at(digest, 0, _LONGEST_START)
        except LookupError:
            raise NotFound("file") from None
        for beginning, media_type, extension in _PICTURES:
            if start.startswith(beginning):
                return Given(
                    digest=digest, name="file", inline=True, media_type=media_type, extension=extension
                )
        return Given(digest=digest, name="document", inline=True)

    def _of_invoice(self, asset_id: AssetId) -> Given:
        with self.services.open_work() as work:
            asset = work.books.invoices.for_asset_link(asset_id).asset(asset_id)
        if asset.digest is None:
            raise NotFound("file")
        kept = self.services.invoice_files.read_at(asset.digest, 0, 1)
        media, extension = _KINDS.get(kept, ("application/pdf", ".pdf"))
        return Given(
            digest=asset.digest,
            name=asset.kind.value,
            inline=extension == ".pdf",
            media_type=media,
            extension=extension,
        )

    def _photo(self, photo_id: PhotoId) -> Response:
        with self.services.open_work() as work:
            jpeg = work.photos.by_link(photo_id)
        return Response(jpeg, media_type="image/jpeg", headers=_APART)


_KINDS = {b"<": ("application/xml", ".xml"), b"{": ("application/json", ".json")}
"""Of files about invoices, by how they begin."""
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg", ".jpg"), (b"\x89PNG\r\n\x1a\n", "image/png", ".png"))
_LONGEST_START = 8
_APART = {"cache-control": "private, no-store", "content-security-policy": "sandbox; default-src 'none'"}


def _found(work: Work, link: FileLink) -> Given:
    if link.variant is Variant.TEMPLATE:
        return _source(work.templates.for_form(TemplateId(link.document_id)))
    return _given(work.envelopes.by_file_link(link.document_id), link)


def _source(template: Template) -> Given:
    return Given(digest=template.source, name=template.name, media_type=DOCX, extension=".docx")


def _given(envelope: Envelope, link: FileLink) -> Given:
    document = next(one for one in envelope.documents if one.id == link.document_id)
    digest, suffix = _meant(envelope, document, link.variant)
    if digest is None:
        raise NotFound("file")
    return Given(digest=digest, name=document.name, suffix=suffix, language=envelope.language, inline=True)


def _meant(envelope: Envelope, document: Document, variant: Variant) -> tuple[Digest | None, str]:
    choices = {
        Variant.ORIGINAL: (document.original, ""),
        Variant.SEALED: (document.sealed, SIGNED),
        Variant.VOIDED: (document.voided, ""),
        Variant.RECORD: (envelope.record, RECORD),
    }
    return choices[variant]
