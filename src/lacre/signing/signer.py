"""A person in an envelope: who they are, what is asked of them, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from lacre.kit.ids import AttachmentId, Digest, PhotoId, SignerId
from lacre.kit.json import Json
from lacre.signing import errors
from lacre.signing.asking import Attached, Question, Wanted

REMINDER_PAUSE = timedelta(minutes=30)


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
    """How a person is reached: at their e-mail address, or at their phone in one of two ways."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Photo(StrEnum):
    """Pictures that a signer takes of themself and of their identity document."""

    SELFIE = "selfie"
    DOCUMENT = "document"
    """The front of it."""
    DOCUMENT_BACK = "document_back"


MAX_TRIES = 3
"""Of one code, and of everything by which a signer says who they are: then their sender decides."""


@dataclass(frozen=True, kw_only=True)
class TakenPhoto:
    """What is known of a photo without seeing it."""

    id: PhotoId
    digest: Digest


@dataclass(frozen=True, kw_only=True)
class Passcode:
    """A code that the sender chose, and the signer has to know."""

    hidden: str
    """Encrypted (`Tokens.hide`)."""
    channel: Channel | None
    """How it reaches the signer; none: their sender tells them."""
    address: str = ""
    """Where to, when not to where the invitation goes."""
    again: bool = True
    """The signer may have it sent once more."""


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
    """The date of birth is asked for with the CPF, and kept as evidence; no register is asked."""
    prove_tax_id: bool = False
    """They identify themself by their CPF or CNPJ: the one that the sender knows has to be typed."""
    draw: bool = True
    """A drawn, typed or uploaded signature is asked for; otherwise the name is set in type."""
    email_code: bool = False
    """A code sent by e-mail is asked for before signing."""
    sms_code: bool = False
    whatsapp_code: bool = False
    certificate: bool = False
    """They sign with a certificate of their own, of ICP-Brasil; the platform's seal comes on top."""
    selfie: bool = False
    document_photo: bool = False
    """Front and back of an identity document."""
    one_click: bool = False
    """All that is asked is a tick and a press of a button."""
    notify_by: tuple[Channel, ...] = ()
    message: str = ""
    redirect_url: str = ""
    copy_by: tuple[Channel, ...] = ()
    """How the finished file reaches them, besides by e-mail."""
    signature_anchor: str = ""
    initials_anchor: str = ""
    subject: str = ""
    """Of their mails, instead of ours."""
    passcode: Passcode | None = None
    questions: tuple[Question, ...] = ()
    attachments: tuple[Wanted, ...] = ()

    @property
    def code_channel(self) -> Channel | None:
        """Where the code goes that is asked for before signing; there is one at most."""
        wanted = {
            Channel.WHATSAPP: self.whatsapp_code,
            Channel.SMS: self.sms_code,
            Channel.EMAIL: self.email_code,
        }
        return next((channel for channel, asked in wanted.items() if asked), None)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """Which are to be taken, in the order of asking."""
        document = (Photo.DOCUMENT, Photo.DOCUMENT_BACK) if self.document_photo else ()
        return (*document, Photo.SELFIE) if self.selfie else document


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
    released_at: datetime | None = None
    """Enough others of their group had signed: theirs is not needed any more."""
    identified_at: datetime | None = None
    """When the code that was asked for was last confirmed."""
    code_told: bool = False
    """That code had not been sent to them: their sender told it."""
    tax_id_proved_at: datetime | None = None
    failed_attempts: int = 0
    """Identifications that failed since the last that did not, or since their sender let them try again."""
    photos: Mapping[Photo, TakenPhoto] = field(default_factory=dict)
    """Taken in the page; kept apart from every document, for the sender alone."""
    birth_date: str = ""
    """As they said it, YYYY-MM-DD."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """By the keys of the questions."""
    attached: Mapping[AttachmentId, Attached] = field(default_factory=dict)
    passcode_proved_at: datetime | None = None
    latitude: str | None = None
    longitude: str | None = None
    ip: str = ""
    notified: Mapping[Channel, int] = field(default_factory=dict)
    """Messages that asked them to sign, those too that were only kept."""
    unsent: Mapping[Channel, int] = field(default_factory=dict)
    """Of those, the ones that were only kept: nothing leaves by their channel."""
    last_notified_at: datetime | None = None
    reminded_at: datetime | None = None
    """When somebody last asked for the link to be sent again: it may not have left yet."""
    unreached: str = ""
    """Why the last message did not arrive; empty when it did, or none was sent."""
    removed_at: datetime | None = None

    @property
    def signs(self) -> bool:
        return self.role is Role.SIGNER and self.removed_at is None

    @property
    def sent(self) -> Mapping[Channel, int]:
        """Messages that asked them to sign, and left."""
        told = {one: count - self.unsent.get(one, 0) for one, count in self.notified.items()}
        return {one: count for one, count in told.items() if count > 0}

    @property
    def waits(self) -> bool:
        """Still owes a signature."""
        return self.signs and not self.done and self.status is not SignerStatus.REFUSED

    @property
    def done(self) -> bool:
        """Nothing of theirs is missing."""
        return self.status is SignerStatus.SIGNED or self.released_at is not None

    def require_undecided(self) -> None:
        if self.status is SignerStatus.SIGNED:
            raise errors.AlreadySigned
        if self.status is SignerStatus.REFUSED:
            raise errors.AlreadyRefused
        if self.released_at is not None:
            raise errors.NotNeeded

    def remind(self, *, anew: bool, now: datetime) -> None:
        """At most once in 30 minutes; `anew`: to where no link has gone yet."""
        if not anew and self.remindable_at is not None and now < self.remindable_at:
            raise errors.NotNotifiedYet(int(REMINDER_PAUSE.total_seconds() // 60))
        self.reminded_at = now

    @property
    def remindable_at(self) -> datetime | None:
        """`None` while nobody has written to them."""
        told = [at for at in (self.last_notified_at, self.reminded_at) if at is not None]
        return max(told) + REMINDER_PAUSE if told else None

    def fail_to_identify(self) -> bool:
        """Counts; whether it was the last failure that is allowed."""
        self.failed_attempts += 1
        return self.failed_attempts == MAX_TRIES

    def forgive(self, proved_at: datetime | None) -> None:
        """The failures before a proof, unless it was given before: whoever knows one secret and may say it
        again and again would have as many guesses at another."""
        if proved_at is None:
            self.failed_attempts = 0

    def unlock(self) -> None:
        if not self.locked_out:
            raise errors.AttemptsLeft
        self.failed_attempts = 0

    @property
    def locked_out(self) -> bool:
        return self.failed_attempts >= MAX_TRIES

    @property
    def whole_phone(self) -> str:
        """With its country, as networks want it: `"+5511999998888"`; empty when there is none."""
        digits = "".join(sign for sign in self.phone if sign.isdigit())
        country = "".join(sign for sign in self.phone_country if sign.isdigit())
        return f"+{country}{digits}" if digits else ""

    def address_at(self, channel: Channel) -> str:
        return self.email if channel is Channel.EMAIL else self.whole_phone

    @property
    def reached_by(self) -> tuple[Channel, ...]:
        """The ways that their sender chose; failing that, any that leads to them."""
        chosen = tuple(channel for channel in self.options.notify_by if self.address_at(channel))
        any_way = tuple(one for one in (Channel.EMAIL, Channel.WHATSAPP) if self.address_at(one))
        return chosen or any_way[:1]

    @property
    def passcode_address(self) -> str:
        """Where the code that their sender chose goes; empty when their sender tells them."""
        code = self.options.passcode
        if code is None or code.channel is None:
            return ""
        return code.address or self.address_at(code.channel)

    @property
    def missing_attachments(self) -> list[Wanted]:
        return [one for one in self.options.attachments if one.required and one.id not in self.attached]

    @property
    def missing_photos(self) -> list[Photo]:
        return [kind for kind in self.options.photos if kind not in self.photos]
