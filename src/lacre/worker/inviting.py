"""A mail to somebody who was made a user: the link by which they choose a password."""

from __future__ import annotations

from datetime import datetime

from lacre.accounts.account import User
from lacre.accounts.actions import INVITATION_LIFE
from lacre.kit.ids import UserId
from lacre.kit.jobs import HeldJob
from lacre.kit.times import scaled
from lacre.services import Services
from lacre.signing.letter import Letter, LetterKind
from lacre.signing.ports import MailFailed
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Channel
from lacre.worker.jobs import Failed


def invite(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """The link is made here and not kept in the job: only its digest ever lies in a table."""
    secret = services.tokens.secret()
    ends_at = now + scaled(INVITATION_LIFE, services.settings.time_scale)
    with services.open_work() as work:
        user = work.accounts.user(UserId(job.key))
        if user is None or user.password is not None:
            return None
        work.accounts.add_login_link(services.tokens.digest(secret), user.id, ends_at)
        letter = _letter(services, job, user, f"{services.public_url}/app/enter?link={secret}")
    outcome = services.post.send(letter)
    if isinstance(outcome, MailFailed) and outcome.retry:
        return Failed(problem=outcome.reason)
    _keep(services, user, letter, outcome, now)
    return None


def _letter(services: Services, job: HeldJob, user: User, link: str) -> Letter:
    return Letter(
        key=job.id,
        kind=LetterKind.LOGIN,
        to=user.email,
        to_name=user.name,
        language=services.settings.lang,
        link=link,
    )


def _keep(services: Services, user: User, letter: Letter, outcome: MailFailed | None, now: datetime) -> None:
    mail = services.stationery.write(letter)
    with services.open_work() as work:
        work.mails.keep(
            KeptMail(
                account_id=user.account_id,
                envelope_id=None,
                signer_id=None,
                to=mail.to,
                subject=mail.subject,
                html=mail.html,
                text=mail.text,
                kind=letter.kind,
                at=now,
                outcome=services.post.outcome(outcome, Channel.EMAIL),
                detail=outcome.reason if outcome is not None else "",
                facts={"key": letter.key},
            )
        )
