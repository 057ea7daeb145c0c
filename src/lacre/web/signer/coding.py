"""The code that a signer is sent: committed first, handed over after, kept as it fared."""

from __future__ import annotations

from dataclasses import replace

from lacre.services import Services
from lacre.signing import actions, identifying
from lacre.signing.code import KEY, LIFE, PendingCode
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.letter import Letter, LetterKind
from lacre.signing.posting import letter_about, passcode_letter
from lacre.signing.signer import Channel, Signer

DIGITS = 6
HIDDEN = "•" * DIGITS


def send(services: Services, token: str, given: actions.Particulars, *, origin: Origin) -> None:
    code, salt, now = services.tokens.digits(DIGITS), services.tokens.secret(), services.clock()
    with services.open_work() as work:
        if given != actions.Particulars():
            actions.introduce(work, token, given, origin=origin, now=now)
        ways = services.post.ways
        sent = identifying.send_code(work, token, code=code, salt=salt, ways=ways, origin=origin, now=now)
    envelope, signer, channel = sent
    letter = _letter(envelope, signer, channel, code, key=f"{KEY}{services.tokens.uuid()}")
    failed = services.post.send(letter, channel)
    # a code that went out is nobody's but the signer's; one that did not must be read somewhere
    out = failed is None and services.post.leaves(channel)
    shown = replace(letter, code=HIDDEN) if out else letter
    now = services.clock()
    kept = services.post.kept(envelope, shown, failed, channel, signer_id=signer.id, now=now)
    with services.open_work() as work:
        work.mails.keep(kept)
        if not out:
            identifying.code_stayed(work, signer.id, salt)


def waiting(services: Services, signer: Signer) -> PendingCode | None:
    """One that can be typed: who went away to read it comes back by their link."""
    with services.open_work() as work:
        known = work.codes.get(signer.id)
    return known if known is not None and known.works(services.clock()) else None


def passcode(services: Services, signer: Signer) -> str:
    """What their sender chose; nothing that anybody could type when there is none."""
    code = signer.options.passcode
    return services.tokens.reveal(code.hidden) if code else ""


def send_passcode(services: Services, token: str) -> None:
    """Once more, by the same channel; raises `CodeTooSoon` within half a minute of the last time."""
    now = services.clock()
    with services.open_work() as work:
        envelope, signer = identifying.open_by_link(work, token)
        code = identifying.send_passcode_again(work, signer, now=now)
    letter = passcode_letter(envelope, signer, services.tokens.reveal(code.hidden), services.tokens.uuid())
    channel = code.channel or Channel.EMAIL
    failed = services.post.send(letter, channel)
    shown = replace(letter, code=HIDDEN) if failed is None and services.post.leaves(channel) else letter
    kept = services.post.kept(envelope, shown, failed, channel, signer_id=signer.id, now=now)
    with services.open_work() as work:
        work.mails.keep(kept)


def _letter(envelope: Envelope, signer: Signer, channel: Channel, code: str, *, key: str) -> Letter:
    return replace(
        letter_about(envelope, LetterKind.CODE, key),
        to=signer.address_at(channel),
        to_name=signer.name,
        code=code,
        minutes=int(LIFE.total_seconds() // 60),
    )
