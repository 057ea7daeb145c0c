"""What the signature record says: the facts, without a word of how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lacre.kit.ids import Digest
from lacre.signing.evidence import Evidence


@dataclass(frozen=True)
class Picture:
    """A drawn or uploaded signature: PNG, JPEG or WebP bytes."""

    image: bytes


@dataclass(frozen=True)
class Handwriting:
    """A signature or initials as typed; set in a handwriting face."""

    text: str


Ink = Picture | Handwriting
"""A mark with its bytes at hand, ready to be set."""


@dataclass(frozen=True, kw_only=True)
class RecordDocument:
    """One document of the envelope; `final` is known only once it is sealed for the last time."""

    name: str
    pages: int
    original: Digest
    final: Digest | None = None


@dataclass(frozen=True, kw_only=True)
class RecordSigner:
    """One signer; what is hidden in the record (e-mail, phone) is simply left empty by the caller."""

    seal_name: str
    name: str
    email: str = ""
    phone: str = ""
    tax_id: str = ""
    qualification: str = ""
    """Free words such as "testemunha"."""
    status: str = "pending"
    """pending · signed · refused · released"""
    order: int = 0
    """Their place in the order of signing; 0 when there is none."""
    refusal: str = ""
    said: tuple[tuple[str, str], ...] = ()
    """What they were asked to say, and said."""
    brought: tuple[tuple[str, Digest], ...] = ()
    """What they were asked to bring, and the digest of each file."""
    evidence: Evidence | None = None
    ink: Ink | None = None


@dataclass(frozen=True, kw_only=True)
class RecordEvent:
    """One line of the timeline; `what` is an event type, or text that is shown as it is."""

    at: datetime
    who: str
    what: str
    detail: str = ""
    kept: bool = False
    """A message that stayed in the console, as nothing leaves by its channel."""


@dataclass(frozen=True, kw_only=True)
class HistoryContents:
    """Everything that happened, as a sheet of its own; `detail` of an event is a whole sentence here."""

    title: str
    shown_id: str
    created_at: datetime
    created_by: str
    documents: tuple[tuple[str, str], ...]
    """Name and token."""
    events: tuple[RecordEvent, ...]
    language: str = "pt-br"


@dataclass(frozen=True, kw_only=True)
class SealAuthority:
    """In whose name the files are sealed."""

    name: str
    icp_brasil: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordContents:
    """Everything a record page or the separate record PDF is set from."""

    title: str
    shown_id: str
    documents: tuple[RecordDocument, ...]
    signers: tuple[RecordSigner, ...]
    created_at: datetime
    created_by: str = ""
    status: str = "pending"
    """pending · completed · refused · canceled · expired"""
    finished_at: datetime | None = None
    verify_url: str
    events: tuple[RecordEvent, ...] = ()
    authority: SealAuthority
    chain_head: str = ""
    """Head of the hash-chained audit log when the record was made."""
    language: str = "pt-br"
