"""Letters on their way: by mail or to a phone, and how each is kept as it fared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lacre.kit.ids import SignerId
from lacre.kit.json import Json
from lacre.signing.envelope import Envelope
from lacre.signing.letter import Letter, LetterKind
from lacre.signing.ports import Mailer, MailFailed, Messenger, PhoneMessage, Stationery
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Channel, Signer


def letter_about(envelope: Envelope, kind: LetterKind, key: str) -> Letter:
    """To nobody yet."""
    return Letter(
        key=key,
        kind=kind,
        to="",
        language=envelope.language,
        title=envelope.title,
        sender=envelope.options.branding.name or envelope.options.created_by,
        reply_to=envelope.options.created_by,
        branding=envelope.options.branding,
    )


def passcode_letter(envelope: Envelope, signer: Signer, code: str, key: str) -> Letter:
    """The code that their sender chose, which does not end."""
    return replace(
        letter_about(envelope, LetterKind.CODE, key),
        to=signer.passcode_address,
        to_name=signer.name,
        code=code,
    )


@dataclass(frozen=True, kw_only=True)
class Post:
    """The ways by which letters leave; what has none is kept and shown."""

    stationery: Stationery
    mailer: Mailer | None
    messengers: Mapping[Channel, Messenger]

    @property
    def ways(self) -> frozenset[Channel]:
        return frozenset(one for one in Channel if self.leaves(one))

    def leaves(self, channel: Channel) -> bool:
        return self.mailer is not None if channel is Channel.EMAIL else channel in self.messengers

    def send(self, letter: Letter, channel: Channel = Channel.EMAIL) -> MailFailed | None:
        """`None` also when there is no way by that channel."""
        if not self.leaves(channel):
            return None
        if channel is not Channel.EMAIL:
            sent = self.messengers[channel].send(_phone_message(letter, self.stationery))
        elif self.mailer is not None:
            sent = self.mailer.send(self.stationery.write(letter))
        return sent if isinstance(sent, MailFailed) else None

    def outcome(self, failed: MailFailed | None, channel: Channel) -> str:
        """kept · sent · failed"""
        if failed is not None:
            return "failed"
        return "sent" if self.leaves(channel) else "kept"

    def kept(
        self,
        envelope: Envelope,
        letter: Letter,
        failed: MailFailed | None,
        channel: Channel = Channel.EMAIL,
        *,
        signer_id: SignerId | None,
        now: datetime,
    ) -> KeptMail:
        facts: dict[str, Json] = {"key": letter.key, "channel": channel}
        mail = self.stationery.write(letter)
        short = channel is not Channel.EMAIL
        return KeptMail(
            account_id=envelope.account_id,
            envelope_id=envelope.id,
            signer_id=signer_id,
            to=letter.to,
            subject=mail.subject,
            html="" if short else mail.html,
            text=self.stationery.write_short(letter) if short else mail.text,
            kind=letter.kind,
            at=now,
            outcome=self.outcome(failed, channel),
            detail=failed.reason if failed is not None else "",
            facts=facts,
        )


def _phone_message(letter: Letter, stationery: Stationery) -> PhoneMessage:
    return PhoneMessage(
        key=letter.key,
        to=letter.to,
        text=stationery.write_short(letter),
        kind=letter.kind,
        name=letter.to_name,
        title=letter.title,
        link=letter.link,
        code=letter.code,
        language=letter.language,
    )
