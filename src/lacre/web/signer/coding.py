"""The code that a signer is sent: committed first, mailed after, kept as it fared."""

from __future__ import annotations

from lacre.services import Services
from lacre.signing import actions
from lacre.signing.code import LIFE
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.letter import Letter, LetterKind
from lacre.signing.ports import Mail, Sent
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Signer

DIGITS = 6
HIDDEN = "•" * DIGITS


def send(services: Services, token: str, email: str | None, *, origin: Origin) -> None:
    code, salt, now = services.tokens.digits(DIGITS), services.tokens.secret(), services.clock()
    with services.open_work() as work:
        if email:
            given = actions.Particulars(email=email)
            actions.introduce(work, token, given, origin=origin, now=now)
        envelope, signer = actions.send_code(work, token, code=code, salt=salt, origin=origin, now=now)
    key = f"code:{services.tokens.uuid()}"
    mail = services.stationery.write(_letter(envelope, signer, code, key=key))
    outcome = services.mailer.send(mail) if services.mailer else None
    # a code that went out is nobody's but the signer's; one that did not must be read somewhere
    hidden = services.stationery.write(_letter(envelope, signer, HIDDEN, key=key))
    if isinstance(outcome, Sent):
        _keep(services, envelope, signer, hidden, "sent")
    else:
        _keep(services, envelope, signer, mail, "kept" if outcome is None else "failed")


def _letter(envelope: Envelope, signer: Signer, code: str, *, key: str) -> Letter:
    options = envelope.options
    return Letter(
        key=key,
        kind=LetterKind.CODE,
        to=signer.email,
        to_name=signer.name,
        language=envelope.language,
        title=envelope.title,
        sender=options.branding.name or options.created_by,
        reply_to=options.created_by,
        branding=options.branding,
        code=code,
        minutes=int(LIFE.total_seconds() // 60),
    )


def _keep(services: Services, envelope: Envelope, signer: Signer, mail: Mail, outcome: str) -> None:
    kept = KeptMail(
        account_id=envelope.account_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
        to=mail.to,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        kind=LetterKind.CODE,
        at=services.clock(),
        outcome=outcome,
        facts={"key": mail.key},
    )
    with services.open_work() as work:
        work.mails.keep(kept)
