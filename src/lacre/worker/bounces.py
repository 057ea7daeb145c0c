"""Mails that came back: looked for every minute, and told of whoever they were to."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from functools import partial

import structlog

from lacre.kit.jobs import HeldJob, Job
from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.signing import returning
from lacre.signing.ports import Returned
from lacre.signing.schedule import RETURNS
from lacre.worker.jobs import Failed

_LOG = structlog.get_logger("lacre.returns")
EVERY = timedelta(minutes=1)


def collect(services: Services, job: HeldJob, _now: datetime) -> Failed | None:
    """Asks for itself again, as long as there is a mailbox."""
    if services.returns is None:
        return None
    failed = services.returns.collect(partial(take, services))
    if failed is not None:
        _LOG.error("mailbox_failed", problem=failed.reason)
        return Failed(problem=failed.reason)
    with services.open_work() as work:
        work.jobs.add(Job(kind=RETURNS, key=job.key, due_at=services.clock() + EVERY))
    return None


def take(services: Services, returned: Returned) -> None:
    """A notice that proves nothing does nothing: anybody may write to the mailbox."""
    signer_id = services.links.returned(returned.tag)
    told = False
    if signer_id is not None:
        with services.open_work() as work:
            try:
                envelope = work.envelopes.of_signer(signer_id)
                address = envelope.signer(signer_id).email
            except NotFound:
                address = ""
            # of an address that was corrected meanwhile there is nothing to tell
            true = services.links.return_tag(signer_id, address)
            if address and hmac.compare_digest(true, returned.tag):
                now = services.clock()
                told = returning.came_back(
                    work, envelope, signer_id, reason=returned.reason, code=returned.code, now=now
                )
    _LOG.info("returned", signer=signer_id, told=told)
