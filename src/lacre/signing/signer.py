"""A person in an envelope: who they are, what is asked of them, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lacre.kit.ids import SignerId
from lacre.kit.json import Json


class SignerStatus(StrEnum):
    NEW = "new"
    VIEWED = "viewed"
    READ = "read"
    SIGNED = "signed"
    REFUSED = "refused"


class Role(StrEnum):
    SIGNER = "signer"
    OBSERVER = "observer"
    """Gets a copy at the end; signs nothing."""


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Photo(StrEnum):
    """Pictures that a signer takes of themself and of their identity document."""

    SELFIE = "selfie"
    DOCUMENT = "document"
    """The front of it."""
    DOCUMENT_BACK = "document_back"


@dataclass(frozen=True, kw_only=True)
class SignerOptions:
    """What is asked of a signer and what they may change in the page."""

    lock_name: bool = False
    lock_email: bool = False
    lock_phone: bool = False
    ask_email: bool = True
    ask_phone: bool = True
    hide_email: bool = False
    hide_phone: bool = False
    """Hidden in the signature record, not from the sender."""
    ask_tax_id: bool = False
    check_tax_id: bool = False
    draw: bool = True
    """A drawn, typed or uploaded signature is asked for; otherwise the name is set in type."""
    email_code: bool = False
    """A code sent by e-mail is asked for before signing."""
    sms_code: bool = False
    whatsapp_code: bool = False
    certificate: bool = False
    """They sign with an ICP-Brasil certificate of their own."""
    selfie: bool = False
    document_photo: bool = False
    notify_by: tuple[Channel, ...] = ()
    message: str = ""
    redirect_url: str = ""
    signature_anchor: str = ""
    initials_anchor: str = ""

    @property
    def code_channel(self) -> Channel | None:
        """How the code that is asked for before signing comes; `None` when none is."""
        asked = (
            (self.email_code, Channel.EMAIL),
            (self.sms_code, Channel.SMS),
            (self.whatsapp_code, Channel.WHATSAPP),
        )
        return next((channel for wanted, channel in asked if wanted), None)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """Which must be taken; the back of the document is not asked for, since not every one has any."""
        asked = ((self.selfie, Photo.SELFIE), (self.document_photo, Photo.DOCUMENT))
        return tuple(photo for wanted, photo in asked if wanted)


@dataclass(kw_only=True)
class Signer:
    id: SignerId
    name: str
    email: str = ""
    phone_country: str = "55"
    phone: str = ""
    tax_id: str = ""
    role: Role = Role.SIGNER
    qualification: str = ""
    """Free words such as "testemunha": "Assinou como testemunha"."""
    group: int = 0
    """Who share a number sign together; smaller numbers sign first, when the envelope is sequential."""
    external_id: str = ""
    options: SignerOptions = field(default_factory=SignerOptions)
    dialect_data: Mapping[str, Json] = field(default_factory=dict)
    """What the sender's dialect must echo and nobody else understands."""

    status: SignerStatus = SignerStatus.NEW
    link_generation: int = 0
    """Counts up when the link is renewed; older links are dead then."""
    times_viewed: int = 0
    last_viewed_at: datetime | None = None
    read_at: datetime | None = None
    signed_at: datetime | None = None
    refused_at: datetime | None = None
    identified_at: datetime | None = None
    """When the code that was asked for was last confirmed."""
    latitude: str | None = None
    longitude: str | None = None
    ip: str = ""
    notified: Mapping[Channel, int] = field(default_factory=dict)
    last_notified_at: datetime | None = None
    removed_at: datetime | None = None

    @property
    def signs(self) -> bool:
        return self.role is Role.SIGNER and self.removed_at is None

    @property
    def waits(self) -> bool:
        """Still owes a signature."""
        return self.signs and self.status not in (SignerStatus.SIGNED, SignerStatus.REFUSED)
