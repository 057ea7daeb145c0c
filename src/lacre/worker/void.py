"""Copies of what was refused or canceled, marked as void on every page and sealed."""

from __future__ import annotations

from datetime import datetime

from lacre.kit.ids import Digest, DocumentId, EnvelopeId
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.layout import Structure
from lacre.signing.ports import SealFailed
from lacre.signing.sealing import next_step
from lacre.signing.voiding import ENDED, keep_copies
from lacre.worker.jobs import Failed

MOST_TRIES = 8
"""Ten minutes. Then whoever waits for the copies is told without them: that it ended matters more."""


def void(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """Once its files hold every act, which are shown on the copy too."""
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
    if envelope.status not in ENDED or any(one.voided for one in envelope.documents):
        return None
    if next_step(envelope) is not None:
        return Failed(problem="its files are still being sealed")
    copies = _copies(services, envelope)
    failed = copies if isinstance(copies, SealFailed) else None
    if failed is not None and failed.retry and job.attempts < MOST_TRIES:
        return Failed(problem=failed.reason)
    with services.open_work() as work:
        envelope = work.envelopes.for_job(envelope.id)
        keep_copies(work, envelope, {} if isinstance(copies, SealFailed) else copies, now=now)
    return Failed(problem=failed.reason, retry=False) if failed is not None else None


def _copies(services: Services, envelope: Envelope) -> dict[DocumentId, Digest] | SealFailed:
    mark = services.printer.void_mark(envelope.language)
    copies: dict[DocumentId, Digest] = {}
    for document in envelope.documents:
        made = _copy(services, document, mark)
        if isinstance(made, SealFailed):
            return made
        copies[document.id] = made
    return copies


def _copy(services: Services, document: Document, mark: bytes) -> Digest | SealFailed:
    """Under the platform's seal alone: it says that this came from here, and that nobody signed it."""
    with services.files.scratch() as folder, services.files.local(_newest(document)) as file:
        marked, out = folder / "void.pdf", folder / "sealed.pdf"
        failed = services.voider.void(file, marked, mark=mark)
        if failed is not None:
            return failed
        sealed = services.sealer.prepare(marked, out, Structure(forms=()))
        return sealed if isinstance(sealed, SealFailed) else services.files.keep(out)


def _newest(document: Document) -> Digest:
    return document.sealed or document.original
