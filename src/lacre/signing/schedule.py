"""What signing asks the worker to do, now or when its day comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lacre.kit.ids import SignerId
from lacre.kit.jobs import Job
from lacre.kit.json import Json
from lacre.signing.envelope import Envelope
from lacre.signing.repositories import SigningWork

SEAL, NOTIFY, EXPIRE, ALERT, REMIND, COPY, TELL, UPGRADE, RETURNS, VOID = (
    "signing.seal",
    "signing.notify",
    "signing.expire",
    "signing.alert",
    "signing.remind",
    "signing.copy",
    "signing.tell",
    "signing.upgrade",
    "signing.returns",
    "signing.void",
)


def tell(work: SigningWork, envelope: Envelope, kind: str, now: datetime, *, signers: bool = True) -> None:
    """The sender hears by mail how it ended, and of a cancellation the signers who were invited too."""
    payload: dict[str, Json] = {"kind": kind, "signers": signers}
    work.jobs.add(
        Job(kind=TELL, key=envelope.id, due_at=now, payload=payload, account_id=envelope.account_id)
    )


def tell_released(
    work: SigningWork, envelope: Envelope, signer_ids: Sequence[SignerId], now: datetime
) -> None:
    """Those who were asked hear that nothing is asked of them any more."""
    payload: dict[str, Json] = {"kind": "released", "signer_ids": list(signer_ids)}
    work.jobs.add(
        Job(kind=TELL, key=envelope.id, due_at=now, payload=payload, account_id=envelope.account_id)
    )


def watch_limit(work: SigningWork, envelope: Envelope) -> None:
    limit = envelope.expires_at
    if limit is None:
        return
    work.jobs.add(
        Job(
            kind=EXPIRE,
            key=envelope.id,
            due_at=limit,
            payload={"limit": limit.isoformat()},
            account_id=envelope.account_id,
        )
    )
    for days in envelope.options.alert_days:
        due = limit - days * work.day
        if due > envelope.updated_at:
            payload: dict[str, Json] = {"days_left": days, "limit": limit.isoformat()}
            work.jobs.add(
                Job(kind=ALERT, key=envelope.id, due_at=due, payload=payload, account_id=envelope.account_id)
            )


def watch_reminders(work: SigningWork, envelope: Envelope, now: datetime) -> None:
    days = envelope.options.reminder_days
    if days:
        due = now + days * work.day
        payload: dict[str, Json] = {"count": envelope.reminders_given}
        work.jobs.add(
            Job(kind=REMIND, key=envelope.id, due_at=due, payload=payload, account_id=envelope.account_id)
        )
