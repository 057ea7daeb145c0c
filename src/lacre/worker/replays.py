"""A span of events told again as a durable job: each page asks for the next as it is made."""

from __future__ import annotations

from datetime import datetime

import structlog

from lacre.kit.ids import EndpointId, EventId
from lacre.kit.jobs import HeldJob, Job
from lacre.kit.times import parse_rfc3339
from lacre.services import Services
from lacre.webhooks.replaying import PAGE, REPLAY, Replay, replay_page

_LOG = structlog.get_logger("lacre.replay")


def replay(services: Services, job: HeldJob, now: datetime) -> None:
    wanted = _wanted(job)
    after = job.payload.get("after")
    with services.open_work() as work:
        last = EventId(str(after)) if after else None
        page = work.events.span(wanted.since, wanted.until, after=last, limit=PAGE)
        told = replay_page(work, page, wanted, wordings=services.wordings, now=now)
        if len(page) == PAGE:
            payload = {**job.payload, "after": page[-1].id}
            work.jobs.add(Job(kind=REPLAY, key=job.key, due_at=now, payload=payload))
    _LOG.info("replayed", replay=job.key, events=len(page), deliveries=told, complete=len(page) < PAGE)


def _wanted(job: HeldJob) -> Replay:
    endpoint = job.payload.get("endpoint_id")
    return Replay(
        since=parse_rfc3339(str(job.payload["since"])),
        until=parse_rfc3339(str(job.payload["until"])),
        endpoint_id=EndpointId(str(endpoint)) if endpoint else None,
        only_failed=bool(job.payload.get("only_failed")),
    )
