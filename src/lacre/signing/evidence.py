"""What we keep about an act: when, from where, how identified, what was seen and accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lacre.kit.ids import ActId, Digest, DocumentId, FieldId, SignerId
from lacre.signing.signer import Photo

TERMS_VERSION = "2026-11"
"""Version of the text by which a signer accepts electronic signature (MP 2.200-2/2001, art. 10, § 2)."""


class Identification(StrEnum):
    """How we know who acts; more than one may hold."""

    LINK = "link"
    EMAIL_CODE = "email_code"
    SMS_CODE = "sms_code"
    WHATSAPP_CODE = "whatsapp_code"
    TOLD_CODE = "told_code"
    """A code that could not be sent to them: their sender told it."""
    CERTIFICATE = "certificate"
    """Their own ICP-Brasil certificate."""
    TAX_ID = "tax_id"
    """They typed the CPF or CNPJ that the sender knows."""
    PASSCODE = "passcode"
    """They knew the code that the sender had chosen."""
    SELFIE = "selfie"
    DOCUMENT_PHOTO = "document_photo"
    ACCOUNT = "account"
    """They are a user of the sender's account, who asked for it over its API."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a request came from; behind carrier-grade NAT only address and port together name a line."""

    ip: str = ""
    port: int = 0
    user_agent: str = ""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a signer's own certificate says, and what was found out about it when they signed."""

    subject: str
    """Its common name."""
    issuer: str
    serial: str
    """Hexadecimal, as certificates are quoted."""
    digest: Digest
    begins_at: datetime
    ends_at: datetime
    tax_id: str = ""
    """The person's CPF, as ICP-Brasil's otherName 2.16.76.1.3.1 has it."""
    company_tax_id: str = ""
    """A company's CNPJ, 2.16.76.1.3.3; the certificate speaks for that then, and for no person."""
    trusted: bool = False
    """Its chain ends in a root that this installation trusts."""
    revoked: bool | None = None
    """`None`: neither a responder nor a list of its authority could be had."""

    @property
    def holder_tax_id(self) -> str:
        return self.company_tax_id or self.tax_id


@dataclass(frozen=True, kw_only=True)
class Evidence:
    at: datetime
    time_source: str
    origin: Origin
    identified_by: tuple[Identification, ...]
    seen: tuple[Digest, ...]
    """Digest of each document as it was shown, in the envelope's order."""
    terms_version: str
    latitude: str | None = None
    longitude: str | None = None
    """Decimal degrees, as the browser gave them with the signer's consent."""
    photos: Mapping[Photo, Digest] = field(default_factory=dict)
    """Kept beside the sealed file, never in it."""
    certificate: Certificate | None = None
    """With which they signed, if with one of their own."""


class TimeSource(StrEnum):
    """Whose time an act bears, and whether the machine's kernel knew it to be synchronised."""

    SERVER = "server"
    SERVER_SYNCHRONISED = "server_synchronised"
    SERVER_UNSYNCHRONISED = "server_unsynchronised"


class MarkKind(StrEnum):
    DRAWN = "drawn"
    TYPED = "typed"
    UPLOADED = "uploaded"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a signature or initials look like: a picture, or a text set in a handwriting face."""

    kind: MarkKind
    image: Digest | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One signer's act of signing, complete: the sealed file can be built again from it."""

    id: ActId
    signer_id: SignerId
    evidence: Evidence
    mark: Mark
    initials: Mark | None = None
    values: Mapping[FieldId, str] = field(default_factory=dict)
    signed_files: Mapping[DocumentId, Digest] = field(default_factory=dict)
    """Each file as the signer's own key signed it: that cannot be done again without them."""


def act_of(acts: Sequence[Act], signer_id: SignerId) -> Act | None:
    """What this signer did, if they signed."""
    return next((act for act in acts if act.signer_id == signer_id), None)
