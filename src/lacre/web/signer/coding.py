"""The code that a signer is sent: committed first, mailed after, kept as it fared."""

from __future__ import annotations

from markupsafe import Markup

from lacre.services import Services
from lacre.signing import actions
from lacre.signing.code import LIFE
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.ports import Mail, Sent
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Signer
from lacre.web.layout.translations import spoken, words_in

DIGITS = 6
HIDDEN = "•" * DIGITS


def send(services: Services, token: str, email: str | None, *, origin: Origin) -> None:
    code, salt, now = services.tokens.digits(DIGITS), services.tokens.secret(), services.clock()
    with services.open_work() as work:
        if email:
            given = actions.Particulars(email=email)
            actions.introduce(work, token, given, origin=origin, now=now)
        envelope, signer = actions.send_code(work, token, code=code, salt=salt, origin=origin, now=now)
    mail = code_mail(envelope, signer, code, key=f"code:{services.tokens.uuid()}")
    outcome = services.mailer.send(mail) if services.mailer else None
    sent = isinstance(outcome, Sent)
    # a code that went out is nobody's but the signer's; one that did not must be read somewhere
    kept = code_mail(envelope, signer, HIDDEN, key=mail.key) if sent else mail
    _keep(services, envelope, signer, kept, "kept" if outcome is None else "sent" if sent else "failed")


def code_mail(envelope: Envelope, signer: Signer, code: str, *, key: str) -> Mail:
    say = words_in(spoken(envelope.language)).gettext
    lines = [
        say("Your code to sign “{title}” is:").format(title=envelope.title),
        code,
        say("It works once, for {minutes} minutes. Tell it to nobody.").format(minutes=LIFE.seconds // 60),
        say("If you are not about to sign this document, ignore this message."),
    ]
    paragraphs = [Markup("<p>{}</p>").format(line) for line in lines]
    paragraphs[1] = Markup('<p style="font:600 28px/1.2 monospace;letter-spacing:.2em">{}</p>').format(code)
    return Mail(
        key=key,
        to=signer.email,
        to_name=signer.name,
        subject=say("{code} is your code to sign").format(code=code),
        html=Markup("<div>{}</div>").format(Markup("").join(paragraphs)),
        text="\n\n".join(lines),
        sender_name=envelope.options.branding.name,
    )


def _keep(services: Services, envelope: Envelope, signer: Signer, mail: Mail, outcome: str) -> None:
    kept = KeptMail(
        account_id=envelope.account_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
        to=mail.to,
        subject=mail.subject,
        html=str(mail.html),
        text=mail.text,
        kind="code",
        at=services.clock(),
        outcome=outcome,
    )
    with services.open_work() as work:
        work.mails.keep(kept)
