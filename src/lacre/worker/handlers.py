"""Which function does each kind of job."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.accounts.actions import INVITE
from lacre.fiscal import actions as invoices
from lacre.kit.retention import PURGE
from lacre.processing.actions import ASK, READ, SWEEP
from lacre.services import Services
from lacre.signing import schedule
from lacre.webhooks.replaying import REPLAY
from lacre.webhooks.resuming import RESUME
from lacre.webhooks.telling import WARN
from lacre.worker import (
    asking,
    bounces,
    fiscal,
    inviting,
    jobs,
    post,
    purge,
    reading,
    replays,
    seal,
    void,
    warning,
)

STANDING = (PURGE, SWEEP)


def standing(services: Services) -> tuple[str, ...]:
    """What every worker sees to that it is asked for; from then on each asks for itself."""
    return STANDING if services.returns is None else (*STANDING, schedule.RETURNS)


HANDLERS: Mapping[str, jobs.Handler] = {
    **jobs.HANDLERS,
    schedule.SEAL: seal.seal,
    schedule.UPGRADE: seal.upgrade,
    schedule.VOID: void.void,
    schedule.NOTIFY: post.notify,
    schedule.COPY: post.copy,
    schedule.TELL: post.tell,
    READ: reading.read,
    ASK: asking.ask,
    SWEEP: reading.sweep,
    REPLAY: replays.replay,
    RESUME: replays.resume,
    PURGE: purge.purge,
    WARN: warning.warn,
    INVITE: inviting.invite,
    schedule.RETURNS: bounces.collect,
    invoices.ISSUE: fiscal.issue,
    invoices.CANCEL: fiscal.cancel,
    invoices.PRINT: fiscal.draw,
    invoices.FETCH: fiscal.fetch,
}
