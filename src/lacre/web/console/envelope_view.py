"""What a document's page shows, worked out once so that templates only lay it out."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from lacre.documents.links import Variant
from lacre.kit.ids import DocumentId, EventId, SignerId
from lacre.services import Services, Work
from lacre.signing import events
from lacre.signing.audit import AuditEntry, first_break
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Channel, Role, Signer, SignerStatus
from lacre.web.console import words
from lacre.web.console.telling import CodeToTell, code_of, codes_to_tell
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.replay import Wanted
from lacre.webhooks.repositories import Listed

Occasion: TypeAlias = tuple[str, datetime]
"""What happened, and when."""

FEW = 8
MOST = 1_000
"""Deliveries shown on a document's page; the rest stand in their own list."""


class Standing(StrEnum):
    """How a document stands: its status, and what a status alone does not say."""

    DRAFT = "draft"
    PENDING = "pending"
    SEALING = "sealing"
    """Everybody signed; the files are not finished."""
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELED = "canceled"
    EXPIRED = "expired"
    DELETED = "deleted"


def standing(envelope: Envelope) -> Standing:
    if envelope.deleted_at is not None:
        return Standing.DELETED
    if envelope.status is EnvelopeStatus.PENDING and envelope.everyone_signed:
        return Standing.SEALING
    return Standing(envelope.status)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A document in the list."""

    envelope: Envelope

    @property
    def standing(self) -> Standing:
        return standing(self.envelope)

    @property
    def signers(self) -> list[Signer]:
        return self.envelope.active_signers

    @property
    def signed(self) -> int:
        return sum(one.status is SignerStatus.SIGNED for one in self.signers)


class Place(StrEnum):
    """Where a signer stands, as one word."""

    SIGNED = "signed"
    REFUSED = "refused"
    READ = "read"
    VIEWED = "viewed"
    ASKED = "asked"
    """Was told, has not opened it."""
    UNTOLD = "untold"
    """No message goes to them: the sender hands out the link."""
    LATER = "later"
    """Others sign first."""
    COPY = "copy"
    """Only gets a copy."""
    RELEASED = "released"
    """Enough others signed."""
    CLOSED = "closed"
    """Did not sign, and cannot any more."""


@dataclass(frozen=True, kw_only=True)
class SignerView:
    signer: Signer
    order: int
    """0 when there is no order."""
    place: Place
    url: str = ""
    """The signing link, while it is of use."""
    failure: str = ""
    """Why the last message to them did not arrive."""
    kept: bool = False
    """Whether it stayed here, as nothing leaves by its way."""
    address_wrong: bool = False
    """Whether that was a mail: another address may help."""
    photos: Sequence[tuple[str, str]] = ()
    """Each with its link, by what it shows."""
    attached: Sequence[tuple[str, str, str]] = ()
    """What it was asked for as, the file's name, and its link."""
    locked_out: bool = False
    code: CodeToTell | None = None
    remindable: bool = False
    remindable_at: datetime | None = None
    """Set while a reminder would come too soon after the last message."""


@dataclass(frozen=True, kw_only=True)
class FileView:
    document: Document
    original_url: str
    sealed_url: str = ""
    working: bool = False
    """A newer signed file is being made."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One or more audit entries in a row that say the same."""

    entry: AuditEntry
    who: str
    times: int = 1
    event_id: EventId | None = None
    """What webhooks were told of it; kept less long than the log."""

    @property
    def words(self) -> str:
        if self.entry.what == events.SIGNER_NOTIFIED:
            return words.MESSAGES[self.entry.message_kept]
        return words.EVENTS.get(self.entry.what, self.entry.what)

    @property
    def icon(self) -> str:
        return "archive" if self.entry.message_kept else words.ICONS.get(self.entry.what, "minus")

    @property
    def ip(self) -> str:
        """Only of decisions; the signature record holds the rest."""
        return str(self.entry.detail.get("ip") or "") if self.entry.what in words.DECISIONS else ""

    @property
    def reason(self) -> str:
        """As somebody gave it."""
        return str(self.entry.detail.get("reason") or "")

    @property
    def trouble(self) -> str:
        """A reason that is a code of ours, in words."""
        return words.NOT_PROVED.get(self.reason, "") if self.entry.what == words.FAILED_TO_PROVE else ""


@dataclass(frozen=True, kw_only=True)
class EnvelopeView:
    envelope: Envelope
    signers: Sequence[SignerView]
    files: Sequence[FileView]
    record_url: str
    timeline: Sequence[Moment]
    entries: int
    broken_at: int | None
    """Position of the first audit entry that is not what was written; `None` when the chain holds."""
    mails: Sequence[KeptMail]
    deliveries: Sequence[Listed]
    delivery_count: int
    on_their_way: int
    """Deliveries not settled yet."""
    listeners: int
    """Webhooks that would hear of this document."""
    has_mail_server: bool
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        return standing(self.envelope)

    @property
    def files_ready(self) -> int:
        return sum(not one.working for one in self.files)

    @property
    def working(self) -> bool:
        return any(one.working for one in self.files)

    @property
    def going_out(self) -> bool:
        """Whether some first attempt is to be seen any moment."""
        settled = (DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED)
        fresh = [one for one in self.deliveries if not one.delivery.attempts]
        return any(one.delivery.status not in settled for one in fresh)

    @property
    def rebuilding(self) -> bool:
        """Whether what is being made is a new edition of a file that there is already."""
        return any(
            one.document.sealed_structure != self.envelope.structure for one in self.files if one.sealed_url
        )

    @property
    def may_reseal(self) -> bool:
        return bool(self.envelope.acts)

    @property
    def may_resend(self) -> bool:
        undone = self.envelope.open or self.envelope.status is EnvelopeStatus.EXPIRED
        return undone and self.envelope.deleted_at is None

    @property
    def may_cancel(self) -> bool:
        return self.envelope.open and self.envelope.deleted_at is None


def view_of(
    services: Services, work: Work, envelope: Envelope, now: datetime, **shown_again: Mapping[str, str]
) -> EnvelopeView:
    """`shown_again`: what was `typed` into a form that came back, and its `errors`."""
    log = work.audit.entries(envelope.id)
    entries = [entry for entry, _ in log]
    which = DeliveryFilter(subject_id=envelope.id)
    deliveries = work.deliveries.search(envelope.account_id, which, limit=FEW)
    endpoints = work.endpoints.of_account(envelope.account_id)
    mails = work.mails.of_envelope(envelope.account_id, envelope.id)
    codes = codes_to_tell(mails, now)
    return EnvelopeView(
        envelope=envelope,
        signers=[
            replace(_signer(services, envelope, one, entries, now), code=code_of(codes, one))
            for one in _shown_signers(envelope)
        ],
        files=[_file(services, envelope, one, now) for one in envelope.documents],
        record_url=_record_url(services, envelope, now),
        timeline=timeline(envelope, entries, _events_of(work, envelope, now)),
        entries=len(log),
        broken_at=first_break(entries, [kept for _, kept in log]),
        mails=mails,
        deliveries=deliveries,
        delivery_count=work.deliveries.count(envelope.account_id, which, most=MOST),
        on_their_way=on_their_way(work, envelope),
        listeners=sum(one.subject_id in (None, envelope.id) for one in endpoints),
        has_mail_server=services.mailer is not None,
        **shown_again,
    )


def on_their_way(work: Work, envelope: Envelope) -> int:
    unsettled = (DeliveryStatus.QUEUED, DeliveryStatus.WAITING, DeliveryStatus.HELD)
    which = DeliveryFilter(subject_id=envelope.id, statuses=unsettled)
    return work.deliveries.count(envelope.account_id, which, most=MOST)


def timeline(
    envelope: Envelope, entries: Sequence[AuditEntry], events_of: Mapping[Occasion, deque[EventId]]
) -> list[Moment]:
    """Oldest first; what repeats itself is said once, with how often."""
    names = {one.id: one.name for one in envelope.signers}
    told: list[Moment] = []
    for entry in entries:
        if entry.what in words.SAID_TWICE:
            continue
        same = events_of.get((entry.what, entry.at))
        event_id = same.popleft() if same else None
        moment = Moment(entry=entry, who=_who(envelope, entry, names), event_id=event_id)
        last = told[-1] if told else None
        if last and (last.words, last.who) == (moment.words, moment.who) and not moment.reason:
            told[-1] = replace(moment, times=last.times + 1)
        else:
            told.append(moment)
    return told


def _events_of(work: Work, envelope: Envelope, now: datetime) -> Mapping[Occasion, deque[EventId]]:
    """In their order: one was announced with each entry of the log."""
    found: dict[Occasion, deque[EventId]] = defaultdict(deque)
    wanted, until = Wanted(since=envelope.created_at, subject_id=envelope.id), now + timedelta(seconds=1)
    for one in work.replays.look(envelope.account_id, wanted, until, after=None, limit=MOST):
        found[one.type, one.place.at].append(one.id)
    return found


def _who(envelope: Envelope, entry: AuditEntry, names: Mapping[SignerId, str]) -> str:
    """The signer whom it is about, else who did it; empty for the system."""
    named = str(entry.detail.get("signer_id") or entry.actor.removeprefix("signer:"))
    if SignerId(named) in names:
        return names[SignerId(named)]
    if entry.actor.startswith("key:"):
        return envelope.options.created_by or "API"
    return "" if entry.actor == "system" else entry.actor.removeprefix("user:")


def _shown_signers(envelope: Envelope) -> list[Signer]:
    kept = [one for one in envelope.signers if one.removed_at is None]
    return sorted(kept, key=lambda one: one.group) if envelope.options.sequential else kept


def _signer(
    services: Services, envelope: Envelope, signer: Signer, entries: Sequence[AuditEntry], now: datetime
) -> SignerView:
    asked = envelope.open and envelope.deleted_at is None and signer.waits
    channels = not envelope.options.silent and bool(signer.options.notify_by)
    again_at = signer.remindable_at
    token = services.links.signer_token(signer.id, signer.link_generation)
    last = _last_message(signer, entries)
    failed = last if asked and last and last.detail.get("reason") else None
    return SignerView(
        signer=signer,
        order=signer.group + 1 if envelope.options.sequential and signer.role is Role.SIGNER else 0,
        place=place_of(envelope, signer),
        url=services.links.signing_url(token, one_click=signer.options.one_click) if asked else "",
        failure=str(failed.detail["reason"]) if failed else "",
        kept=last is not None and last.message_kept,
        address_wrong=failed is not None and failed.detail.get("channel") == Channel.EMAIL,
        photos=[
            (kind.value, _url(services, DocumentId(taken.id), Variant.PHOTO, now))
            for kind, taken in signer.photos.items()
        ],
        attached=[
            (one.name, brought.name, _url(services, DocumentId(brought.file), Variant.LOOSE, now))
            for one in signer.options.attachments
            if (brought := signer.attached.get(one.id)) is not None
        ],
        locked_out=asked and signer.locked_out,
        remindable=asked and channels and envelope.their_turn(signer),
        remindable_at=again_at if again_at and again_at > now else None,
    )


def place_of(envelope: Envelope, signer: Signer) -> Place:
    decided = {SignerStatus.SIGNED: Place.SIGNED, SignerStatus.REFUSED: Place.REFUSED}
    if signer.status in decided:
        return decided[signer.status]
    if signer.role is Role.OBSERVER:
        return Place.COPY
    if signer.released_at is not None:
        return Place.RELEASED
    if not envelope.open:
        return Place.CLOSED
    if not envelope.their_turn(signer):
        return Place.LATER
    if signer.status in (SignerStatus.READ, SignerStatus.VIEWED):
        return Place(signer.status)
    told = not envelope.options.silent and bool(signer.options.notify_by)
    return Place.ASKED if told else Place.UNTOLD


def _last_message(signer: Signer, entries: Sequence[AuditEntry]) -> AuditEntry | None:
    """To them, however it fared."""
    about = (events.SIGNER_NOTIFIED, events.SIGNER_DELIVERY_FAILED)
    mine = [one for one in entries if one.what in about and one.detail.get("signer_id") == signer.id]
    return mine[-1] if mine else None


def _file(services: Services, envelope: Envelope, document: Document, now: datetime) -> FileView:
    behind = document.sealed_acts < len(envelope.acts)
    stale = document.sealed is not None and document.sealed_structure != envelope.structure
    return FileView(
        document=document,
        original_url=_url(services, document.id, Variant.ORIGINAL, now),
        sealed_url=_url(services, document.id, Variant.SEALED, now) if document.sealed else "",
        working=behind or stale,
    )


def _record_url(services: Services, envelope: Envelope, now: datetime) -> str:
    if envelope.record is None:
        return ""
    return _url(services, envelope.documents[0].id, Variant.RECORD, now)


def _url(services: Services, document_id: DocumentId, variant: Variant, now: datetime) -> str:
    return services.links.file_url(document_id, variant, now=now)
