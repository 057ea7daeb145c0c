"""The seal as a job: everything that it needs from the services, and its failures as the queue takes them."""

from __future__ import annotations

from datetime import datetime

import structlog

from lacre.kit.ids import EnvelopeId
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.signing import sealing
from lacre.signing.ports import SealFailed
from lacre.worker.jobs import Failed

_LOG = structlog.get_logger("lacre.seal")


def seal(services: Services, job: HeldJob, _now: datetime) -> Failed | None:
    failed = sealing.seal(services.open_work, services.seal_tools, EnvelopeId(job.key))
    return _told(job, failed)


def upgrade(services: Services, job: HeldJob, _now: datetime) -> Failed | None:
    failed = sealing.upgrade(services.open_work, services.seal_tools, EnvelopeId(job.key))
    return _told(job, failed)


def _told(job: HeldJob, failed: SealFailed | None) -> Failed | None:
    """One log line per seal."""
    if failed is None:
        _LOG.info(job.kind, envelope=job.key, attempt=job.attempts)
        return None
    _LOG.error(job.kind, envelope=job.key, attempt=job.attempts, problem=failed.reason, retry=failed.retry)
    return Failed(problem=failed.reason, retry=failed.retry)
