"""Links that let people and systems in without a password: made from ids when needed, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from lacre.kit.ids import DocumentId, EnvelopeId, SignerId, TemplateId

FILE_LINK_LIFE = timedelta(minutes=60)


class Variant(StrEnum):
    """Which file of a document (or of its envelope) a temporary link gives out."""

    ORIGINAL = "original"
    SEALED = "sealed"
    VOIDED = "voided"
    """Refused or canceled, as every page of it says."""
    RECORD = "record"
    PHOTO = "photo"
    """Of a signer: the id is then the photo's."""
    LOOSE = "loose"
    """A file that belongs to no document: its digest stands where others have the document's id."""
    INVOICE = "invoice"
    """The paper of a service invoice: the id is then the invoice's."""
    INVOICE_FILE = "invoice_file"
    """A file about one: the id is then the asset's."""
    TEMPLATE = "template"
    """A text document that documents are made of; the id is then the template's."""


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """What a temporary link says, once its signature and its end have been checked."""

    document_id: DocumentId
    variant: Variant


class Links(Protocol):
    def signer_token(self, signer_id: SignerId, generation: int) -> str:
        """The secret in a signing link, in the shape of a version 4 UUID; another for each generation."""
        ...

    def signing_url(self, token: str, *, one_click: bool = False) -> str: ...

    def file_url(
        self, document_id: DocumentId, variant: Variant, *, now: datetime, life: timedelta = FILE_LINK_LIFE
    ) -> str:
        """Works from `now` for as long as `life`."""
        ...

    def open_file(self, document_id: str, query: str, *, now: datetime) -> FileLink | None:
        """The inverse, from the path's id and the query string; `None` when false, altered or over."""
        ...

    def return_tag(self, signer_id: SignerId, address: str) -> str:
        """Part of the address that a mail to them comes back to: proves that it was ours, and to whom.

        42 letters and digits, of one case.
        """
        ...

    def returned(self, tag: str) -> SignerId | None:
        """Whom a tag names; what it proves, `return_tag` says again."""
        ...

    def form_url(self, template_id: TemplateId) -> str:
        """Where anyone fills a template's form in; fixed, and as public as it is made."""
        ...

    def verify_url(self, envelope_id: EnvelopeId) -> str:
        """Where anyone checks the sealed file and sees the record; printed in it with a QR code."""
        ...
