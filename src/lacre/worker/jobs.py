"""Jobs: which function does each kind of slow work, and what becomes of one that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from lacre.accounts.actions import INVITE
from lacre.fiscal.actions import CANCEL, FETCH, ISSUE, PRINT
from lacre.kit.ids import EnvelopeId
from lacre.kit.jobs import HeldJob, Share
from lacre.kit.retention import PURGE
from lacre.kit.times import parse_rfc3339
from lacre.processing.actions import ASK, READ, SWEEP
from lacre.services import Services
from lacre.signing import elapsing, schedule
from lacre.signing.envelope import Envelope
from lacre.webhooks.replaying import REPLAY
from lacre.webhooks.resuming import RESUME
from lacre.webhooks.telling import WARN


@dataclass(frozen=True, kw_only=True)
class Failed:
    """It could not be done now; or, without `retry`, never."""

    problem: str
    retry: bool = True


Handler: TypeAlias = Callable[[Services, HeldJob, datetime], Failed | None]
"""May be run again after it succeeded, when the worker died before that was written: it must not mind."""

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 60
"""Two days."""
NEVER_GIVEN_UP = frozenset({schedule.SEAL, schedule.RETURNS, PURGE, REPLAY, SWEEP, ISSUE, CANCEL, FETCH})
"""Somebody signed: that it holds is owed, however long it takes. Keeping house never ends; what says that it
runs must run. What may have become a note is asked about until somebody says so."""


def retry_wait(job: HeldJob, failed: Failed) -> timedelta | None:
    """Before it is tried again; `None` when it is given up."""
    if job.kind in NEVER_GIVEN_UP:
        return _doubling(job.attempts) if failed.retry else LONGEST_WAIT
    if failed.retry and job.attempts < MOST_TRIES:
        return _doubling(job.attempts)
    return None


def expire(services: Services, job: HeldJob, now: datetime) -> None:
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
        if _watched(envelope, job):
            elapsing.expire(work, envelope, now=now)


def alert(services: Services, job: HeldJob, now: datetime) -> None:
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
        if _watched(envelope, job):
            elapsing.alert(work, envelope, int(str(job.payload["days_left"])), now=now)


def remind(services: Services, job: HeldJob, now: datetime) -> None:
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
        if envelope.deleted_at is None and envelope.reminders_given == job.payload["count"]:
            elapsing.remind_all(work, envelope, now=now)


HANDLERS: Mapping[str, Handler] = {
    schedule.EXPIRE: expire,
    schedule.ALERT: alert,
    schedule.REMIND: remind,
}


@dataclass(frozen=True, kw_only=True)
class Lane:
    """Kinds of work that wait for each other and for nothing else."""

    kinds: tuple[str, ...]
    at_once: int
    spares_half: bool = False
    """No account has more than half of the hands, whoever else waits: what it asks may hang."""

    @property
    def share(self) -> Share:
        """Half, so that one account's many do not keep another's few waiting; one hand serves all in turn."""
        return Share(most=max(1, self.at_once // 2), always=self.spares_half)


# a mail server that hangs must not keep a seal waiting, nor a long seal the clocks
LANES = (
    Lane(kinds=(schedule.SEAL, schedule.UPGRADE, schedule.VOID), at_once=2),
    Lane(kinds=(schedule.NOTIFY, schedule.COPY, schedule.TELL, WARN, INVITE), at_once=4),
    # the tax office takes seconds over each, and much longer on its bad days
    Lane(kinds=(ISSUE, CANCEL, FETCH), at_once=8),
    Lane(kinds=(PRINT,), at_once=1),
    Lane(kinds=(schedule.EXPIRE, schedule.ALERT, schedule.REMIND), at_once=1),
    Lane(kinds=(REPLAY, RESUME), at_once=1),
    Lane(kinds=(READ,), at_once=2),
    # a language model may think for a minute, and is asked by few
    Lane(kinds=(ASK,), at_once=2),
    Lane(kinds=(PURGE, SWEEP), at_once=1),
    Lane(kinds=(schedule.RETURNS,), at_once=1),
)


def _doubling(attempts: int) -> timedelta:
    # held down: 5 s × 2¹⁰ is past the longest wait
    times: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(FIRST_WAIT * times, LONGEST_WAIT)


def _watched(envelope: Envelope, job: HeldJob) -> bool:
    """Whether the limit that this job was made for still matters; a moved one has jobs of its own."""
    limit = parse_rfc3339(str(job.payload["limit"]))
    return envelope.open and envelope.deleted_at is None and envelope.expires_at == limit
