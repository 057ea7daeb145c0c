"""A mail to everybody who looks after an account: one of its endpoints fails, or was paused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lacre.accounts.account import User
from lacre.kit.ids import AccountId, EndpointId
from lacre.kit.jobs import HeldJob
from lacre.kit.json import Json
from lacre.kit.times import parse_rfc3339
from lacre.services import Services
from lacre.signing.letter import Letter, LetterKind
from lacre.signing.ports import MailFailed
from lacre.signing.repositories import KeptMail
from lacre.webhooks.health import News
from lacre.worker.jobs import Failed

_LETTERS: Mapping[News, LetterKind] = {
    News.STILL_FAILING: LetterKind.ENDPOINT_FAILING,
    News.PAUSED: LetterKind.ENDPOINT_PAUSED,
}


def warn(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """Each user once: those whose mail was taken are kept, and so not written to by a second try."""
    account_id, endpoint_id = AccountId(str(job.payload["account_id"])), EndpointId(job.key)
    with services.open_work() as work:
        users = work.accounts.users(account_id)
        done = {mail.facts.get("key") for mail in work.mails.of_endpoint(account_id, endpoint_id)}
    problem: Failed | None = None
    for user in users:
        letter = _letter(services, job, user)
        if letter.key in done:
            continue
        outcome = services.post.send(letter)
        if isinstance(outcome, MailFailed) and outcome.retry:
            problem = Failed(problem=outcome.reason)
        else:
            _keep(services, account_id, endpoint_id, letter, outcome, now)
    return problem


def _letter(services: Services, job: HeldJob, user: User) -> Letter:
    told: Mapping[str, Json] = job.payload
    since, status = told.get("since"), told.get("last_status_code")
    return Letter(
        key=f"{job.id}-{user.id}",
        kind=_LETTERS[News(str(told["news"]))],
        to=user.email,
        to_name=user.name,
        language=services.settings.lang,
        title=str(told["host"]),
        link=f"{services.public_url}/app/endpoints/{job.key}",
        since=parse_rfc3339(str(since)) if since else None,
        failure=str(told.get("last_reason") or (f"HTTP {status}" if status else "")),
        days_left=services.settings.keep_waiting_days,
    )


def _keep(
    services: Services,
    account_id: AccountId,
    endpoint_id: EndpointId,
    letter: Letter,
    outcome: MailFailed | None,
    now: datetime,
) -> None:
    mail = services.stationery.write(letter)
    kept = "kept" if services.mailer is None else "sent"
    with services.open_work() as work:
        work.mails.keep(
            KeptMail(
                account_id=account_id,
                envelope_id=None,
                signer_id=None,
                endpoint_id=endpoint_id,
                to=mail.to,
                subject=mail.subject,
                html=mail.html,
                text=mail.text,
                kind=letter.kind,
                at=now,
                outcome=kept if outcome is None else "failed",
                detail=outcome.reason if outcome is not None else "",
                facts={"key": letter.key},
            )
        )
