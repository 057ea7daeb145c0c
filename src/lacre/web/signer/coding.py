"""The code that a signer is sent: committed first, handed over after, kept as it fared."""

from __future__ import annotations

from dataclasses import replace

from lacre.services import Services
from lacre.signing import actions, identifying
from lacre.signing.code import LIFE
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.letter import Letter, LetterKind
from lacre.signing.posting import letter_about
from lacre.signing.signer import Channel, Signer

DIGITS = 6
HIDDEN = "•" * DIGITS


def send(services: Services, token: str, given: actions.Particulars, *, origin: Origin) -> None:
    code, salt, now = services.tokens.digits(DIGITS), services.tokens.secret(), services.clock()
    with services.open_work() as work:
        if given != actions.Particulars():
            actions.introduce(work, token, given, origin=origin, now=now)
        sent = identifying.send_code(work, token, code=code, salt=salt, origin=origin, now=now)
    envelope, signer, channel = sent
    letter = _letter(envelope, signer, channel, code, key=f"code:{services.tokens.uuid()}")
    failed = services.post.send(letter, channel)
    # a code that went out is nobody's but the signer's; one that did not must be read somewhere
    out = failed is None and services.post.leaves(channel)
    shown = replace(letter, code=HIDDEN) if out else letter
    now = services.clock()
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
