"""Signers as they are said and shown."""

from __future__ import annotations

from pydantic import Field

from lacre.dialects.native.wire.places import NewField, ShownField
from lacre.dialects.native.wire.values import (
    Instant,
    Line,
    MailAddress,
    Name,
    Said,
    Shown,
    TaxId,
    Text,
    WebAddress,
)
from lacre.signing.signer import Channel, Photo, Role, SignerStatus


class SaidOptions(Said):
    """What is asked of a signer. What is not said keeps its value."""

    lock_name: bool = False
    lock_email: bool = False
    lock_phone: bool = False
    ask_email: bool = True
    ask_phone: bool = True
    hide_email: bool = Field(default=False, description="Left out of the signature record.")
    hide_phone: bool = Field(default=False, description="Left out of the signature record.")
    ask_tax_id: bool = False
    draw: bool = Field(
        default=True,
        description="A signature is drawn, typed or uploaded; otherwise the name is set in type.",
    )
    email_code: bool = Field(default=False, description="A code sent by e-mail is asked for before signing.")
    sms_code: bool = Field(default=False, description="A code sent by SMS is asked for before signing.")
    whatsapp_code: bool = Field(
        default=False, description="A code sent by WhatsApp is asked for before signing. One code at most."
    )
    prove_tax_id: bool = Field(
        default=False, description="The CPF or CNPJ that you gave has to be typed before signing."
    )
    certificate: bool = Field(
        default=False, description="They sign with an ICP-Brasil certificate of their own."
    )
    selfie: bool = Field(default=False, description="A photo of their face is taken in the page.")
    document_photo: bool = Field(
        default=False, description="Front and back of their identity document are photographed in the page."
    )
    notify_by: tuple[Channel, ...] = Field(
        default=(), max_length=4, description="By default e-mail, where an address is given."
    )
    message: Text = ""
    redirect_url: WebAddress = ""


class SaidSigner(Said):
    """What is not said keeps its value."""

    name: Name = ""
    email: MailAddress = ""
    phone_country: Line = Field(default="55", max_length=8)
    phone: Line = Field(default="", max_length=32)
    tax_id: TaxId = Field(default="", description="CPF or CNPJ.")
    role: Role = Role.SIGNER
    qualification: Line = Field(default="", examples=["testemunha"])
    group: int = Field(
        default=1,
        ge=1,
        le=1000,
        description="Who share a number sign together; smaller numbers sign first in a sequential envelope.",
    )
    external_id: Line = ""
    options: SaidOptions = SaidOptions()
    fields: list[NewField] = Field(
        default_factory=list, max_length=500, description="On change they replace all earlier ones."
    )


class NewSigner(SaidSigner):
    """A signer to add."""

    name: Name


class ShownOptions(Shown):
    lock_name: bool
    lock_email: bool
    lock_phone: bool
    ask_email: bool
    ask_phone: bool
    hide_email: bool
    hide_phone: bool
    ask_tax_id: bool
    draw: bool
    email_code: bool
    sms_code: bool
    whatsapp_code: bool
    prove_tax_id: bool
    certificate: bool
    selfie: bool
    document_photo: bool
    notify_by: tuple[Channel, ...]
    message: str
    redirect_url: str


class ShownSigner(Shown):
    id: str
    name: str
    email: str
    phone_country: str
    phone: str
    tax_id: str
    role: Role
    qualification: str
    group: int
    external_id: str
    options: ShownOptions
    fields: list[ShownField]
    status: SignerStatus
    their_turn: bool = Field(description="Whether the signing order lets them sign now.")
    signing_url: str | None = Field(description="Secret: whoever has it signs as them.")
    times_viewed: int
    last_viewed_at: Instant | None
    read_at: Instant | None
    signed_at: Instant | None
    refused_at: Instant | None
    released_at: Instant | None = Field(description="When enough others of their group had signed.")
    identified_at: Instant | None
    failed_attempts: int = Field(description="At 3 they are locked out, until you let them try again.")
    last_notified_at: Instant | None
    removed_at: Instant | None
    ip: str
    latitude: str | None
    longitude: str | None


class SignerList(Shown):
    data: list[ShownSigner]
    next: str | None = None


class ShownPhoto(Shown):
    photo: Photo
    url: str = Field(description="A JPEG, for 60 minutes.")
    sha256: str


class PhotoList(Shown):
    data: list[ShownPhoto]
