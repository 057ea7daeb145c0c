"""What is done with documents that are processed."""

from __future__ import annotations

from datetime import datetime

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, ExtractionId
from lacre.kit.jobs import Job
from lacre.kit.json import Json, JsonObject
from lacre.processing import events
from lacre.processing.catalogue import require_type
from lacre.processing.extraction import Extraction, Found, Problem
from lacre.processing.repositories import ProcessingWork
from lacre.processing.snapshot import freeze

SWEEP = "processing.sweep"
"""The job that forgets files once they were kept for long enough."""
READ = "processing.read"
"""The job that reads a document; its key is the extraction, its payload which `generation` of it."""

ASK = "processing.ask"
"""The job that asks a language model about a document that was read; key and payload are the same."""


def submit(work: ProcessingWork, extraction: Extraction, *, now: datetime) -> None:
    """Raises `ExternalIdTaken`, `PagesNotUsable` and `TypeUnknown`; the file is kept already."""
    _ = extraction.selection
    require_type(work, extraction.account_id, extraction.type)
    work.extractions.add(extraction)
    _announce(work, extraction, events.DOCUMENT_RECEIVED, now=now)
    _ask_to_read(work, extraction, now=now)


def go_on(work: ProcessingWork, extraction: Extraction, *, now: datetime) -> None:
    """With the pages that are left, once others had their turn."""
    _ask_to_read(work, extraction, now=now)


def ask(work: ProcessingWork, extraction: Extraction, *, now: datetime) -> None:
    """A language model, for what the rules did not find: its turn is another, as it may take a minute."""
    payload = {"generation": extraction.generation}
    work.jobs.add(
        Job(kind=ASK, key=extraction.id, due_at=now, payload=payload, account_id=extraction.account_id)
    )


def finish(work: ProcessingWork, extraction: Extraction, found: Found, *, now: datetime) -> None:
    extraction.finish(found, now=now)
    work.extractions.save(extraction)
    _announce(work, extraction, events.DOCUMENT_PROCESSED, now=now)


def fail(work: ProcessingWork, extraction: Extraction, problem: Problem, *, now: datetime) -> None:
    extraction.fail(problem, now=now)
    work.extractions.save(extraction)
    _announce(work, extraction, events.DOCUMENT_FAILED, now=now)


def cancel(
    work: ProcessingWork, account_id: AccountId, extraction_id: ExtractionId, *, now: datetime
) -> Extraction:
    """What is being read is left between two pages; raises `ExtractionOver`."""
    extraction = work.extractions.get(account_id, extraction_id)
    extraction.cancel(now=now)
    work.extractions.save(extraction)
    _announce(work, extraction, events.DOCUMENT_FAILED, now=now)
    return extraction


def process_again(
    work: ProcessingWork, account_id: AccountId, extraction_id: ExtractionId, *, now: datetime
) -> Extraction:
    """From its first page on, by its type's newest version; raises `ExtractionUnderWay`."""
    extraction = work.extractions.get(account_id, extraction_id)
    extraction.process_again(now=now)
    work.extractions.forget_pages(extraction.id)
    work.extractions.save(extraction)
    _ask_to_read(work, extraction, now=now)
    return extraction


def correct(
    work: ProcessingWork,
    extraction: Extraction,
    name: str,
    value: Json,
    text: str,
    *,
    by: str,
    now: datetime,
) -> None:
    """Kept as feedback, and told again; `value` is normal already."""
    extraction.correct(name, value, text, by=by, now=now)
    work.extractions.save(extraction)
    _announce(work, extraction, events.DOCUMENT_PROCESSED, now=now, corrected=name)


def remove(work: ProcessingWork, extraction: Extraction) -> None:
    """Also while it is being read, which then ends; its events stay. Its file is the caller's to forget."""
    work.extractions.remove(extraction)


def _ask_to_read(work: ProcessingWork, extraction: Extraction, *, now: datetime) -> None:
    payload = {"generation": extraction.generation}
    work.jobs.add(
        Job(kind=READ, key=extraction.id, due_at=now, payload=payload, account_id=extraction.account_id)
    )


def _announce(
    work: ProcessingWork, extraction: Extraction, event_type: str, *, now: datetime, **more: Json
) -> None:
    work.announce(
        Event(
            type=event_type,
            account_id=extraction.account_id,
            subject_id=extraction.id,
            at=now,
            facts=facts_of(extraction, **more),
        )
    )


def facts_of(extraction: Extraction, **more: Json) -> JsonObject:
    return {"extraction": freeze(extraction), **more}
