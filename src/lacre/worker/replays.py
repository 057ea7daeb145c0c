"""A replay, and what waited for an endpoint that is resumed, as durable jobs: each step asks for the next."""

from __future__ import annotations

from datetime import datetime

import structlog

from lacre.kit.ids import AccountId, ReplayId
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.webhooks import resuming
from lacre.webhooks.replaying import turn_page

_LOG = structlog.get_logger("lacre.replay")


def replay(services: Services, job: HeldJob, now: datetime) -> None:
    """Done twice, it turns two pages: where it stands is kept with the replay, not with the job."""
    account_id = AccountId(job.key)
    with services.open_work() as work:
        work.replays.take_turn(account_id)
        going = work.replays.get(account_id, ReplayId(str(job.payload["replay_id"])))
        turn_page(work, going, wordings=services.wordings, now=now)
    _LOG.info(
        "replayed", replay=going.id, status=going.status, events=going.events, deliveries=going.deliveries
    )


def resume(services: Services, job: HeldJob, now: datetime) -> None:
    with services.open_work() as work:
        resuming.step(work, job, now=now)
