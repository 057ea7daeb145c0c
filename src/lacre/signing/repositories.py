"""What signing keeps, and the one transaction it is kept in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from lacre.accounts.account import HoldersWork
from lacre.kit.events import Outbox
from lacre.kit.ids import (
    AccountId,
    DocumentId,
    EndpointId,
    EnvelopeId,
    FolderId,
    PhotoId,
    SignerId,
    TemplateId,
)
from lacre.kit.jobs import Jobs
from lacre.kit.json import Json, JsonObject
from lacre.signing.audit import AuditEntry
from lacre.signing.code import PendingCode
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.evidence import Identification
from lacre.signing.signer import Photo
from lacre.signing.template import Template


@dataclass(frozen=True, kw_only=True)
class EnvelopeFilter:
    """Which envelopes a list shows; what is not given does not narrow it."""

    statuses: tuple[EnvelopeStatus, ...] = ()
    deleted: bool | None = False
    """`None` shows both."""
    text: str = ""
    """Found in the title, a signer's name or e-mail; case and accents don't matter."""
    signer_email: str = ""
    folder: str = ""
    external_id: str = ""
    created_by: str = ""
    """The e-mail of the person who sent it."""
    created_from: date | None = None
    created_to: date | None = None
    """Inclusive, in the days of Brasília."""
    after: EnvelopeId | None = None
    """Only those that a list, newest first, shows after this one."""


@dataclass(frozen=True, kw_only=True)
class EnvelopePage:
    items: tuple[Envelope, ...]
    total: int


class Envelopes(Protocol):
    """Every read names its account, or a secret link: no account sees another's.

    The getters lock the row until the transaction ends, and raise `NotFound`.
    """

    def add(self, envelope: Envelope) -> None: ...

    def save(self, envelope: Envelope) -> None: ...

    def next_number(self, account_id: AccountId) -> int:
        """Without gaps or doubles; also given to further documents of an envelope."""
        ...

    def get(self, account_id: AccountId, envelope_id: EnvelopeId) -> Envelope: ...

    def by_document(self, account_id: AccountId, document_id: DocumentId) -> Envelope: ...

    def by_signer(self, account_id: AccountId, signer_id: SignerId) -> Envelope: ...

    def by_link(self, link: str) -> tuple[Envelope, SignerId]:
        """From the secret token of a signing link, in any account; dead and unknown links alike fail."""
        ...

    def for_job(self, envelope_id: EnvelopeId) -> Envelope:
        """For the worker, which serves every account."""
        ...

    def of_signer(self, signer_id: SignerId) -> Envelope:
        """For the worker, as `for_job`."""
        ...

    def by_file_link(self, document_id: DocumentId) -> Envelope:
        """For whoever holds a temporary link that was checked, in any account; without locking."""
        ...

    def for_check(self, envelope_id: EnvelopeId) -> Envelope:
        """For the public verify page, which is reached from the printed record; without locking."""
        ...

    def find(
        self,
        account_id: AccountId,
        which: EnvelopeFilter,
        *,
        offset: int,
        limit: int,
        newest_first: bool = True,
    ) -> EnvelopePage:
        """Without locking; counts all that are meant, which `listed` saves whoever does not show it."""
        ...

    def listed(
        self,
        account_id: AccountId,
        which: EnvelopeFilter,
        *,
        offset: int = 0,
        limit: int,
        newest_first: bool = True,
    ) -> Sequence[Envelope]:
        """Without locking."""
        ...

    def totals(self, account_id: AccountId, which: EnvelopeFilter) -> Mapping[EnvelopeStatus, int]:
        """How many are in each status; a status that none is in may be missing."""
        ...


class Folders(Protocol):
    """Where envelopes were put at some time, also those that are empty now."""

    def keep(self, account_id: AccountId, path: str) -> None:
        """Again and again without harm; the root is not kept."""
        ...

    def path(self, account_id: AccountId, folder_id: FolderId) -> str:
        """Raises `NotFound`."""
        ...

    def paths(self, account_id: AccountId) -> Sequence[str]:
        """All but the root, in the order of the alphabet."""
        ...


class AuditLog(Protocol):
    def append(
        self, envelope_id: EnvelopeId, *, at: datetime, actor: str, what: str, detail: JsonObject
    ) -> None: ...

    def entries(self, envelope_id: EnvelopeId) -> Sequence[tuple[AuditEntry, str]]:
        """Each with the hash kept beside it, oldest first."""
        ...

    def signed_by(
        self, account_id: AccountId, means: Identification, since: datetime, until: datetime
    ) -> int:
        """How many acts say that their signer was identified by these means."""
        ...


class Codes(Protocol):
    """Codes that wait to be typed; one a signer."""

    def put(self, signer_id: SignerId, code: PendingCode) -> None: ...

    def get(self, signer_id: SignerId) -> PendingCode | None: ...

    def sent_since(self, signer_id: SignerId, since: datetime) -> int: ...


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """A mail, or a message to a phone, as it was written; shown in the console, sent or not."""

    account_id: AccountId
    envelope_id: EnvelopeId | None
    signer_id: SignerId | None
    to: str
    subject: str
    html: str
    text: str
    kind: str
    at: datetime
    outcome: str
    """kept · sent · failed"""
    detail: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)
    endpoint_id: EndpointId | None = None
    """When it warns of one."""

    @property
    def channel(self) -> str:
        """email · sms · whatsapp"""
        return str(self.facts.get("channel") or "email")


class Mails(Protocol):
    def keep(self, mail: KeptMail) -> None: ...

    def of_envelope(self, account_id: AccountId, envelope_id: EnvelopeId) -> Sequence[KeptMail]: ...

    def of_endpoint(self, account_id: AccountId, endpoint_id: EndpointId) -> Sequence[KeptMail]: ...

    def sent_between(self, account_id: AccountId, since: datetime, until: datetime) -> Mapping[str, int]:
        """How many messages left by each channel, from `since` up to `until`."""
        ...


@dataclass(frozen=True, kw_only=True)
class TemplatePage:
    items: tuple[Template, ...]
    total: int


class Templates(Protocol):
    """The getters raise `NotFound`, also of another account's."""

    def add(self, template: Template) -> None: ...

    def save(self, template: Template) -> None: ...

    def get(self, account_id: AccountId, template_id: TemplateId) -> Template:
        """A deleted one too. Locks it until the transaction ends."""
        ...

    def for_form(self, template_id: TemplateId) -> Template:
        """For the public form, whose link is the id; no deleted one, without locking."""
        ...

    def find(self, account_id: AccountId, *, offset: int, limit: int) -> TemplatePage:
        """Newest first, without locking."""
        ...


@dataclass(frozen=True, kw_only=True)
class KeptPhoto:
    """Of a signer or their identity document: JPEG, encrypted where it lies, for the sender alone."""

    id: PhotoId
    account_id: AccountId
    envelope_id: EnvelopeId
    signer_id: SignerId
    kind: Photo
    jpeg: bytes = field(repr=False)
    at: datetime


class Photos(Protocol):
    def keep(self, photo: KeptPhoto) -> None: ...

    def forget(self, photo_id: PhotoId) -> None:
        """One that another took the place of."""
        ...

    def by_link(self, photo_id: PhotoId) -> bytes:
        """For whoever holds a temporary link that was checked; raises `NotFound` once it was removed."""
        ...


class SigningWork(Outbox, HoldersWork, Protocol):
    """One transaction; leaving its context cleanly commits everything, an exception nothing."""

    @property
    def day(self) -> timedelta:
        """How long a day lasts: 24 hours, or less in a sandbox that runs fast (`LACRE_TIME_SCALE`)."""
        ...

    @property
    def envelopes(self) -> Envelopes: ...

    @property
    def folders(self) -> Folders: ...

    @property
    def templates(self) -> Templates: ...

    @property
    def audit(self) -> AuditLog: ...

    @property
    def codes(self) -> Codes: ...

    @property
    def mails(self) -> Mails: ...

    @property
    def photos(self) -> Photos: ...

    @property
    def jobs(self) -> Jobs: ...
