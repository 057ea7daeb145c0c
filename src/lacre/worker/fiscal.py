"""Invoices as jobs: issued, canceled and drawn, with what that needs from the services."""

from __future__ import annotations

from datetime import datetime

import structlog

from lacre.fiscal import canceling, fetching, issuing, printing
from lacre.fiscal.procedure import Later
from lacre.kit.ids import AssetId, InvoiceId, OperationId
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.worker.jobs import Failed

_LOG = structlog.get_logger("lacre.fiscal")


def issue(services: Services, job: HeldJob, _now: datetime) -> Failed | None:
    later = issuing.issue(services.open_work, services.fiscal_tools, InvoiceId(job.key), tries=job.attempts)
    return _told(job, later)


def cancel(services: Services, job: HeldJob, _now: datetime) -> Failed | None:
    later = canceling.cancel(
        services.open_work, services.fiscal_tools, InvoiceId(job.key), tries=job.attempts
    )
    return _told(job, later)


def draw(services: Services, job: HeldJob, _now: datetime) -> Failed | None:
    printing.draw(
        services.open_work,
        services.fiscal_tools,
        InvoiceId(job.key),
        AssetId(str(job.payload["asset"])),
        canceled=bool(job.payload["canceled"]),
    )
    return None


def fetch(services: Services, job: HeldJob, _now: datetime) -> Failed | None:
    later = fetching.fetch_replacement(
        services.open_work,
        services.fiscal_tools,
        InvoiceId(job.key),
        OperationId(str(job.payload["operation"])),
        tries=job.attempts,
    )
    return _told(job, later)


def _told(job: HeldJob, later: Later | None) -> Failed | None:
    """One log line per try."""
    if later is None:
        _LOG.info(job.kind, invoice=job.key, attempt=job.attempts)
        return None
    _LOG.warning(job.kind, invoice=job.key, attempt=job.attempts, problem=later.reason)
    return Failed(problem=later.reason)
