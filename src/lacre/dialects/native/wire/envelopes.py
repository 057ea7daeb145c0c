"""Envelopes and documents as they are said and shown."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lacre.dialects.native.wire.signers import NewSigner, ShownSigner
from lacre.dialects.native.wire.values import (
    Instant,
    Limit,
    Line,
    MailAddress,
    Name,
    Said,
    Shown,
    Text,
    WebAddress,
)
from lacre.kit.json import Json
from lacre.signing.envelope import MAX_DOCUMENTS, EnvelopeStatus

Language = Literal["pt-br", "en", "es"]
Metadata = Annotated[
    dict[Line, Text], Field(max_length=50, description="Your own; shown again, and in every webhook.")
]


class NewDocument(Said):
    """A PDF or DOCX: exactly one of `base64`, `url`, `upload` and `template_id`."""

    name: Name | None = Field(default=None, description="By default the file's own, or the envelope's title.")
    base64: str | None = None
    url: WebAddress | None = None
    upload: Name | None = Field(
        default=None, description="The name of the part of a multipart/form-data request that holds the file."
    )

    template_id: Line | None = None
    answers: dict[Line, Text] = Field(
        default_factory=dict,
        max_length=500,
        description="By variable, without braces; put in as plain text. Other variables become nothing.",
    )

    @model_validator(mode="after")
    def _says_one_source(self) -> Self:
        if sum(one is not None for one in (self.base64, self.url, self.upload, self.template_id)) != 1:
            raise ValueError("say exactly one of base64, url, upload and template_id")
        return self


class SaidBranding(Said):
    name: Line = ""
    logo_url: WebAddress = ""
    color: str = Field(default="", pattern=r"^(#[0-9a-fA-F]{6})?$")


class NewEnvelope(Said):
    """Sent at once, unless `send` is false: then it is a draft."""

    title: Name
    documents: list[NewDocument] = Field(
        default_factory=list,
        max_length=MAX_DOCUMENTS,
        description="May be left out when files come as form parts.",
    )
    signers: list[NewSigner] = Field(default_factory=list, max_length=200)
    send: bool = True
    language: Language | None = Field(default=None, description="By default the installation's.")
    sequential: bool | None = Field(
        default=None,
        description="Whether groups sign one after the other; by default when any group is given.",
    )
    expires_at: Limit | None = None
    allow_refusal: bool = False
    silent: bool = Field(default=False, description="No mail goes to signers; you hand out the links.")
    reminder_days: int = Field(
        default=0, ge=0, le=365, description="A reminder every so many days, three at most."
    )
    observers: list[MailAddress] = Field(default_factory=list, max_length=20)
    branding: SaidBranding = SaidBranding()
    hide_original: bool = Field(default=False, description="Signers may not download the original.")
    sealed_only_when_complete: bool = False
    folder: Line = "/"
    external_id: Line = ""
    metadata: Metadata = Field(default_factory=dict)


class EnvelopeChange(Said):
    """What is not said stays as it is; `"expires_at": null` takes the limit away."""

    title: Name | None = None
    folder: Name | None = None
    expires_at: Limit | None = None
    document_names: dict[Line, Name] = Field(
        default_factory=dict, max_length=MAX_DOCUMENTS, description="New names by document id."
    )


class Cancellation(Said):
    reason: Text = ""


class Resending(Said):
    renew_links: bool = Field(
        default=False, description="Makes new signing links; the old ones are dead then."
    )
    expires_at: Limit | None = Field(default=None, description="By default as it was.")


class Reprocessing(Said):
    resend_webhooks: bool = Field(
        default=False, description="Tells its past events again to whoever listens today."
    )
    rebuild_files: bool = Field(default=False, description="Makes the sealed files anew from the evidence.")
    types: list[str] = Field(default_factory=list, max_length=100, description="Only events of these types.")
    last_only: bool = Field(default=False, description="Only the last of them.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.resend_webhooks or self.rebuild_files):
            raise ValueError("say resend_webhooks, rebuild_files or both")
        return self


class Reprocessed(Shown):
    deliveries: int = Field(description="How many webhooks were queued.")
    rebuilding: bool


class ShownDocument(Shown):
    """Its links work for 60 minutes."""

    id: str = Field(description="`doc_…`")
    name: str = Field(description="As people see it.")
    size: int = Field(description="Bytes of the original.")
    pages: int = Field(description="How many pages it has.")
    sha256: str = Field(description="Of the original.")
    came_signed: int = Field(description="How many signatures it carried when it came.")
    signatures: int = Field(description="How many of the envelope's acts the sealed file holds.")
    level: str = Field(description="PAdES level reached: B-B, B-T, B-LT, or empty while there is none.")
    original_url: str = Field(description="The file as it came.")
    sealed_url: str | None = Field(description="The signed file, once there is one.")
    sealed_sha256: str | None = Field(description="Of the signed file.")
    record_url: str | None = Field(description="The signature record, once the envelope is completed.")


class ShownBranding(Shown):
    name: str = Field(description="Shown instead of the sender's.")
    logo_url: str = Field(description="A picture, or empty.")
    color: str = Field(description="Such as `#0b5a6b`, or empty.")


class ListedEnvelope(Shown):
    id: str = Field(description="`env_…`")
    number: int = Field(description="Counts up within the account.")
    title: str = Field(description="As people see it.")
    status: EnvelopeStatus = Field(description="How it stands.")
    external_id: str = Field(description="Yours, or empty.")
    folder: str = Field(description="Where it lies; `/` is the top.")
    created_at: Instant = Field(description="When it was made.")
    updated_at: Instant = Field(description="When it last changed.")
    sent_at: Instant | None = Field(description="When it was opened to its signers.")
    expires_at: Instant | None = Field(description="Its limit, if it has one.")
    finished_at: Instant | None = Field(description="When it was completed, refused, canceled or expired.")
    deleted_at: Instant | None = Field(description="When it was hidden and closed.")
    reason: str = Field(description="Why it was refused or canceled.")


class ShownEnvelope(ListedEnvelope):
    language: str = Field(description="Of its pages and messages: `pt-br`, `en` or `es`.")
    sequential: bool = Field(description="Whether groups sign one after the other.")
    allow_refusal: bool = Field(description="Whether signers may refuse.")
    silent: bool = Field(description="Whether no mail goes to signers.")
    reminder_days: int = Field(description="A reminder every so many days; 0: none.")
    observers: list[str] = Field(description="E-mail addresses that get a copy.")
    branding: ShownBranding = Field(description="How it looks to signers.")
    hide_original: bool = Field(description="Whether signers may not download the original.")
    sealed_only_when_complete: bool = Field(description="Whether signed files are shown only at the end.")
    created_through: str = Field(description="Where it was made: `api`, or the console.")
    metadata: dict[str, str] = Field(description="Your own, by name.")
    template_id: str | None = Field(description="What its document was made of, if it was.")
    answers: dict[str, str] = Field(description="By the template's variables.")
    verify_url: str = Field(description="Where anyone checks the sealed file.")
    documents: list[ShownDocument] = Field(description="The files of the envelope.")
    signers: list[ShownSigner] = Field(description="Signers and observers, without those who were removed.")


class EnvelopeList(Shown):
    data: list[ListedEnvelope]
    next: str | None


class DocumentList(Shown):
    data: list[ShownDocument]
    next: str | None = None


class ShownAudit(Shown):
    """An entry as it is hashed: SHA-256 over `previous` and the canonical JSON of the first five."""

    position: int
    at: Instant
    actor: str
    what: str
    detail: dict[str, Json]
    previous: str
    hash: str


class AuditList(Shown):
    data: list[ShownAudit]
    intact: bool
    first_break: int | None = Field(description="Position of the first entry that was changed or is missing.")
    next: str | None = None
