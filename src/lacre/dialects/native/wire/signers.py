"""Signers as they are said and shown."""

from __future__ import annotations

from typing import Any

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


def _without_default(schema: dict[str, Any]) -> None:
    """It would be no value that can be said."""
    del schema["default"]


class SaidSigner(Said):
    """What is not said keeps its value."""

    name: Name = Field(default="", json_schema_extra=_without_default)
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
    lock_name: bool = Field(description="Whether the signer may not change the name.")
    lock_email: bool = Field(description="Whether the signer may not change the e-mail.")
    lock_phone: bool = Field(description="Whether the signer may not change the phone.")
    ask_email: bool = Field(description="Whether an e-mail is asked for.")
    ask_phone: bool = Field(description="Whether a phone is asked for.")
    hide_email: bool = Field(description="Whether it is left out of the signature record.")
    hide_phone: bool = Field(description="Whether it is left out of the signature record.")
    ask_tax_id: bool = Field(description="Whether the CPF or CNPJ is asked for.")
    draw: bool = Field(description="Whether a signature is drawn, typed or uploaded.")
    email_code: bool = Field(description="Whether a code sent by e-mail is asked for.")
    sms_code: bool = Field(description="Whether a code sent by SMS is asked for.")
    whatsapp_code: bool = Field(description="Whether a code sent by WhatsApp is asked for.")
    prove_tax_id: bool = Field(description="Whether the CPF or CNPJ that you gave has to be typed.")
    certificate: bool = Field(description="Whether they sign with an ICP-Brasil certificate.")
    selfie: bool = Field(description="Whether a photo of their face is taken.")
    document_photo: bool = Field(description="Whether their identity document is photographed.")
    notify_by: tuple[Channel, ...] = Field(
        description="How they are reached; empty: by e-mail, where an address is given."
    )
    message: str = Field(description="A word of the sender to this signer.")
    redirect_url: str = Field(description="Where the page leads after signing.")


class ShownSigner(Shown):
    id: str = Field(description="`sig_…`")
    name: str = Field(description="As the sender or they themselves wrote it.")
    email: str = Field(description="Empty if none was given.")
    phone_country: str = Field(description="Such as `55`.")
    phone: str = Field(description="Empty if none was given.")
    tax_id: str = Field(description="CPF or CNPJ, or empty.")
    role: Role = Field(description="Observers get a copy and sign nothing.")
    qualification: str = Field(description="As what they sign, such as a witness.")
    group: int = Field(description="Who share a number sign together; smaller numbers first.")
    external_id: str = Field(description="Yours, or empty.")
    options: ShownOptions = Field(description="What is asked of them.")
    fields: list[ShownField] = Field(description="Where they sign and what they fill in.")
    status: SignerStatus = Field(description="How far they are.")
    their_turn: bool = Field(description="Whether the signing order lets them sign now.")
    signing_url: str | None = Field(description="Secret: whoever has it signs as them.")
    times_viewed: int = Field(description="How often they opened their link.")
    last_viewed_at: Instant | None = Field(description="When they last opened it.")
    read_at: Instant | None = Field(description="When they confirmed having read everything.")
    signed_at: Instant | None = Field(description="When they signed.")
    refused_at: Instant | None = Field(description="When they refused.")
    released_at: Instant | None = Field(description="When enough others of their group had signed.")
    identified_at: Instant | None = Field(description="When they confirmed the code they were sent.")
    failed_attempts: int = Field(description="At 3 they are locked out, until you let them try again.")
    last_notified_at: Instant | None = Field(description="When a message last went to them.")
    removed_at: Instant | None = Field(description="When they were taken out.")
    ip: str = Field(description="From where they signed, or empty.")
    latitude: str | None = Field(description="Where they were, if they told.")
    longitude: str | None = Field(description="Where they were, if they told.")


class SignerList(Shown):
    data: list[ShownSigner]
    next: str | None = None


class ShownPhoto(Shown):
    photo: Photo
    url: str = Field(description="A JPEG, for 60 minutes.")
    sha256: str


class PhotoList(Shown):
    data: list[ShownPhoto]
