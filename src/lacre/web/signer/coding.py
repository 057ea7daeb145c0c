"""The code that a signer is sent: committed first, handed over after, kept as it fared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from lacre.services import Services, Work
from lacre.signing import actions, identifying, notifying
from lacre.signing.code import KEY, LIFE, PendingCode
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.letter import Letter, LetterKind
from lacre.signing.ports import MailFailed
from lacre.signing.posting import letter_about, passcode_letter
from lacre.signing.signer import Channel, Signer

DIGITS = 6
HIDDEN = "•" * DIGITS


def send(services: Services, token: str, given: actions.Particulars, *, origin: Origin) -> None:
    code, salt, now = services.tokens.digits(DIGITS), services.tokens.secret(), services.clock()
    with services.open_work() as work:
        if given != actions.Particulars():
            actions.introduce(work, token, given, origin=origin, now=now)
        envelope, signer, channel = identifying.send_code(work, token, code=code, salt=salt, now=now)
    letter = _letter(envelope, signer, channel, code, key=f"{KEY}{services.tokens.uuid()}")
    _hand_over(services, Sending(envelope, signer, channel, letter, salt), origin=origin)


def waiting(services: Services, signer: Signer) -> PendingCode | None:
    """One that can be typed: who went away to read it comes back by their link."""
    with services.open_work() as work:
        known = work.codes.get(signer.id)
    return known if known is not None and known.works(services.clock()) else None


def passcode(services: Services, signer: Signer) -> str:
    """What their sender chose; nothing that anybody could type when there is none."""
    code = signer.options.passcode
    return services.tokens.reveal(code.hidden) if code else ""


def send_passcode(services: Services, token: str, *, origin: Origin) -> None:
    """Once more, by the same channel; raises `CodeTooSoon` within half a minute of the last time."""
    now = services.clock()
    with services.open_work() as work:
        envelope, signer = identifying.open_by_link(work, token)
        code = identifying.send_passcode_again(work, signer, now=now)
    letter = passcode_letter(envelope, signer, services.tokens.reveal(code.hidden), services.tokens.uuid())
    channel = code.channel or Channel.EMAIL
    _hand_over(services, Sending(envelope, signer, channel, letter), origin=origin)


@dataclass(frozen=True)
class Sending:
    envelope: Envelope
    signer: Signer
    channel: Channel
    letter: Letter
    salt: str = ""
    """Of a code that was made for this; empty of one that their sender chose."""


def _hand_over(services: Services, one: Sending, *, origin: Origin) -> None:
    failed = services.post.send(one.letter, one.channel)
    # a code that went out is nobody's but the signer's; one that did not must be read somewhere
    out = failed is None and services.post.leaves(one.channel)
    shown = replace(one.letter, code=HIDDEN) if out else one.letter
    now = services.clock()
    kept = services.post.kept(one.envelope, shown, failed, one.channel, signer_id=one.signer.id, now=now)
    with services.open_work() as work:
        work.mails.keep(kept)
        if one.salt and not out:
            identifying.code_stayed(work, one.signer.id, one.salt)
        _tell(work, one, failed, kept=not services.post.leaves(one.channel), origin=origin, now=now)


def _tell(
    work: Work, one: Sending, failed: MailFailed | None, *, kept: bool, origin: Origin, now: datetime
) -> None:
    """Of who was removed meanwhile nothing is told."""
    fresh = work.envelopes.for_job(one.envelope.id)
    if all(each.id != one.signer.id for each in fresh.active_signers):
        return
    detail = notifying.code_detail(one.channel, one.letter.to, failed)
    by = identifying.as_signer(one.signer, origin)
    notifying.notified(work, fresh, one.signer.id, detail=detail, kept=kept, by=by, now=now)


def _letter(envelope: Envelope, signer: Signer, channel: Channel, code: str, *, key: str) -> Letter:
    return replace(
        letter_about(envelope, LetterKind.CODE, key),
        to=signer.address_at(channel),
        to_name=signer.name,
        code=code,
        minutes=int(LIFE.total_seconds() // 60),
    )
