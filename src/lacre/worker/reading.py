"""Documents that are processed, as durable jobs: some seconds of pages, then the next one's turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import structlog

from lacre.kit.ids import ExtractionId
from lacre.kit.jobs import HeldJob, Job
from lacre.processing import actions
from lacre.processing.asking import missing
from lacre.processing.catalogue import type_of
from lacre.processing.document_type import DocumentType, Field
from lacre.processing.extracting import FIRST_PAGES, LAST_PAGES, confidence_of
from lacre.processing.extraction import MOST_TRIES, Extraction, Found, Problem, Remark, Status, Trouble, Value
from lacre.processing.page import Page
from lacre.processing.ports import Failure, NotExtracted
from lacre.services import Services

_LOG = structlog.get_logger("lacre.reading")

LANGUAGES = ("pt", "en", "es")
SWEEP_EVERY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Pace:
    turn_seconds: float = 15.0
    """Then the job asks for itself again: a document keeps neither others waiting nor a worker that stops."""
    save_seconds: float = 0.5
    """Pages that were born digital come by the hundred in a second; they are saved together."""


USUAL = Pace()


def read(services: Services, job: HeldJob, now: datetime, pace: Pace = USUAL) -> None:
    extraction = begun(services, job, now)
    if extraction is None:
        return
    try:
        with services.inputs.local(extraction.input) as file:
            ended = _ended(services, extraction, file, pace)
    except LookupError:
        ended = Problem(code=Trouble.INPUT_GONE)
    if isinstance(ended, Problem):
        fail(services, extraction, ended)


def sweep(services: Services, job: HeldJob, now: datetime) -> None:
    """Files that were kept for long enough."""
    days = services.settings.keep_inputs_days
    swept = services.inputs.sweep(before=(now - timedelta(days=days)).date()) if days else 0
    if swept:
        _LOG.info("inputs_swept", days=swept)
    with services.open_work() as work:
        work.jobs.add(Job(kind=job.kind, key=job.key, due_at=services.clock() + SWEEP_EVERY))


def begun(services: Services, job: HeldJob, now: datetime) -> Extraction | None:
    """`None` when it is over, was deleted, or is processed anew by a later job."""
    with services.open_work() as work:
        extraction = work.extractions.for_job(ExtractionId(job.key))
        if extraction is None or extraction.over or extraction.generation != job.payload["generation"]:
            return None
        if extraction.tries >= MOST_TRIES:
            actions.fail(work, extraction, Problem(code=Trouble.GAVE_UP), now=now)
            return None
        extraction.begin(now=now)
        work.extractions.save(extraction)
    return extraction


def _ended(services: Services, extraction: Extraction, file: Path, pace: Pace) -> Problem | None:
    """`None` also when it is not at its end, but somebody else's turn."""
    trouble = _open(services, extraction, file)
    if trouble is not None:
        return trouble
    left = _left(services, extraction)
    went_on = _read_pages(services, extraction, file, left, pace)
    if isinstance(went_on, Problem):
        return went_on
    if not went_on:
        return None
    return _finish(services, extraction)


def _open(services: Services, extraction: Extraction, file: Path) -> Problem | None:
    opened = services.reader.open(file)
    if isinstance(opened, Failure):
        return Problem(code=opened.reason, detail=opened.detail)
    beyond = extraction.selection.beyond(opened.pages)
    if beyond is not None:
        return Problem(code=Trouble.NO_SUCH_PAGE, page=beyond)
    extraction.open(opened.kind, opened.pages)
    return None


def _left(services: Services, extraction: Extraction) -> list[int]:
    with services.open_work() as work:
        kept = work.extractions.pages_kept(extraction.id)
    return [number for number in extraction.numbers if number not in kept]


def _read_pages(
    services: Services, extraction: Extraction, file: Path, left: Sequence[int], pace: Pace
) -> bool | Problem:
    """Whether all are read now, and it is still wanted."""
    if not left:
        return True
    until, unsaved, saved_at = monotonic() + pace.turn_seconds, list[Page](), monotonic()
    missing = set(left)
    for page in services.reader.read(file, left, languages=LANGUAGES):
        if isinstance(page, Failure):
            return Problem(code=page.reason, detail=page.detail, page=min(missing))
        unsaved.append(page)
        missing.discard(page.number)
        if missing and monotonic() < saved_at + pace.save_seconds:
            continue
        if not _save(services, extraction, unsaved):
            return False
        unsaved, saved_at = [], monotonic()
        if missing and monotonic() > until:
            _ask_again(services, extraction)
            return False
    return not missing


def _save(services: Services, extraction: Extraction, pages: Sequence[Page]) -> bool:
    """Whether it is still wanted."""
    now = services.clock()
    with services.open_work() as work:
        kept = work.extractions.for_job(extraction.id)
        if kept is None or not is_going_on(kept, extraction):
            return False
        kept.open(extraction.kind, extraction.pages)
        kept.advance(len(pages), now=now)
        work.extractions.keep_pages(kept, pages)
        work.extractions.save(kept)
    return True


def _ask_again(services: Services, extraction: Extraction) -> None:
    with services.open_work() as work:
        actions.go_on(work, extraction, now=services.clock())


def _finish(services: Services, extraction: Extraction) -> Problem | None:
    """By rules alone; or it is a language model's turn, which takes its time in a job of its own."""
    found = by_rules(services, extraction)
    if isinstance(found, Problem):
        return found
    if services.language_model is not None and found.to_ask:
        _ask_model(services, extraction)
    else:
        keep(services, extraction, found.values, found)
    return None


@dataclass(frozen=True, kw_only=True)
class ByRules:
    """What the rules of its type make of a document."""

    type: DocumentType
    pages: Sequence[Page]
    values: Sequence[Value]

    @property
    def to_ask(self) -> Sequence[Field]:
        """What they did not find, where its type says to ask for that."""
        return missing(self.type, self.values) if self.type.asks_model else ()


def by_rules(services: Services, extraction: Extraction) -> ByRules | Problem:
    with services.open_work() as work:
        of = type_of(work, extraction.account_id, extraction.type)
    pages = list(_telling_pages(services, extraction))
    values = services.extractor.extract(of, pages, on=extraction.created_at.date())
    if isinstance(values, NotExtracted):
        return Problem(code=Trouble.TYPE_FAILED, detail=values.reason)
    return ByRules(type=of, pages=pages, values=values)


def _ask_model(services: Services, extraction: Extraction) -> None:
    with services.open_work() as work:
        kept = work.extractions.for_job(extraction.id)
        if kept is not None and is_going_on(kept, extraction):
            actions.ask(work, kept, now=services.clock())


def _telling_pages(services: Services, extraction: Extraction) -> Iterator[Page]:
    """The first and the last: what a document is says it there, and memory stays as it is."""
    numbers = extraction.numbers
    wanted = [*numbers[:FIRST_PAGES], *numbers[FIRST_PAGES:][-LAST_PAGES:]]
    with services.open_work() as work:
        yield from work.extractions.pages(extraction.id, limit=FIRST_PAGES)
        if len(wanted) > FIRST_PAGES:
            yield from work.extractions.pages(extraction.id, first=wanted[FIRST_PAGES], limit=LAST_PAGES)


def keep(
    services: Services,
    extraction: Extraction,
    values: Sequence[Value],
    found: ByRules,
    remarks: Sequence[Remark] = (),
) -> None:
    ended = Found(
        values=tuple(values),
        confidence=confidence_of(found.type, found.pages, values),
        type_version=found.type.version,
        remarks=tuple(remarks),
    )
    with services.open_work() as work:
        kept = work.extractions.for_job(extraction.id)
        if kept is not None and is_going_on(kept, extraction):
            actions.finish(work, kept, ended, now=services.clock())
            _LOG.info("read", extraction=kept.id, pages=kept.pages_read, seconds=kept.process_seconds)


def fail(services: Services, extraction: Extraction, problem: Problem) -> None:
    with services.open_work() as work:
        kept = work.extractions.for_job(extraction.id)
        if kept is not None and is_going_on(kept, extraction):
            actions.fail(work, kept, problem, now=services.clock())
            _LOG.warning("not_read", extraction=kept.id, code=problem.code, page=problem.page)


def is_going_on(kept: Extraction, extraction: Extraction) -> bool:
    """Nobody cancelled it meanwhile, nor began it anew."""
    return kept.generation == extraction.generation and kept.status is Status.IN_PROGRESS
