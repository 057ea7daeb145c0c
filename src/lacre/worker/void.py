"""Copies of what was refused or canceled, marked as void on every page."""

from __future__ import annotations

from datetime import datetime

from lacre.kit.ids import Digest, DocumentId, EnvelopeId
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.signing.envelope import Document
from lacre.signing.ports import SealFailed
from lacre.signing.sealing import next_step
from lacre.signing.voiding import ENDED, keep_copies
from lacre.worker.jobs import Failed


def void(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """Once its files hold every act, which are shown on the copy too."""
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
    if envelope.status not in ENDED:
        return None
    if next_step(envelope) is not None:
        return Failed(problem="its files are still being sealed")
    mark = services.printer.void_mark(envelope.language)
    copies: dict[DocumentId, Digest] = {}
    for document in envelope.documents:
        made = _copy(services, document, mark)
        if isinstance(made, SealFailed):
            return Failed(problem=made.reason, retry=made.retry)
        copies[document.id] = made
    with services.open_work() as work:
        envelope = work.envelopes.for_job(envelope.id)
        keep_copies(work, envelope, copies, now=now)
    return None


def _copy(services: Services, document: Document, mark: bytes) -> Digest | SealFailed:
    with services.files.scratch() as folder, services.files.local(_newest(document)) as file:
        out = folder / "void.pdf"
        failed = services.voider.void(file, out, mark=mark)
        return failed or services.files.keep(out)


def _newest(document: Document) -> Digest:
    return document.sealed or document.original
