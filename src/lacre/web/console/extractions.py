"""Documents that are processed: brought in by dragging them here, looked at, and put right by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from shutil import copyfileobj

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lacre.kit.ids import ExtractionId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.processing import actions, errors
from lacre.processing.catalogue import type_of, types_of
from lacre.processing.correcting import corrected
from lacre.processing.document_type import DocumentType
from lacre.processing.extraction import Extraction, Status
from lacre.processing.page import Page as ReadPage
from lacre.processing.ports import Failure
from lacre.processing.repositories import ExtractionFilter
from lacre.services import Services
from lacre.web.console import notes, words
from lacre.web.console.door import Answer, Door, Goto, Page, Visit, text_in
from lacre.web.console.extraction_view import ExtractionView, values_of
from lacre.web.console.said import Said, several
from lacre.web.console.turning import PER_PAGE, Turning

PATH = "/app/extractions"
MOST_FILES = 20
WIDTH = 1200
"""Pixels of a page's picture."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """Files of a form, kept: name, key and size."""

    files: Sequence[tuple[str, str, int]] = ()
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What somebody typed that is no value of the field."""

    name: str
    title: str
    typed: str
    words: str = (errors.ValueNotUsable.__doc__ or "").strip()


@dataclass(frozen=True)
class Extractions:
    services: Services
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = f"{PATH}/{{id}}"
        return [
            self.door.page(PATH, index),
            self.door.upload(PATH, self.bring, submit, max_files=MOST_FILES),
            self.door.page(one, show),
            self.door.act(f"{one}/correct", correct),
            self.door.act(f"{one}/retry", self.retry),
            self.door.act(f"{one}/cancel", cancel),
            self.door.act(f"{one}/sample", sample),
            self.door.act(f"{one}/delete", self.delete),
            Route(f"{one}/pages/{{number:int}}", self.picture, methods=["GET"]),
        ]

    def bring(self, form: FormData) -> Brought:
        """Judged by nobody yet: what cannot be read is an error of its own, for all to see."""
        sent = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.size]
        most = self.services.settings.max_upload_mb * 1_000_000
        if not sent:
            return Brought(problem=notes.FILE_MISSING)
        if any((one.size or 0) > most for one in sent):
            return Brought(problem=words.UNUSABLE["too_large"])
        with self.services.files.scratch() as folder:
            return Brought(files=[self._kept(one, folder / "upload") for one in sent])

    def _kept(self, sent: UploadFile, path: Path) -> tuple[str, str, int]:
        with path.open("wb") as writing:
            copyfileobj(sent.file, writing)
        name = text_in(PurePath(sent.filename or "").name)[:255] or "documento"
        return name, self.services.inputs.keep(path, now=self.services.clock()), sent.size or 0

    def retry(self, visit: Visit) -> Answer:
        found = _mine(visit)
        try:
            with self.services.inputs.local(found.input):
                pass
        except LookupError:
            raise errors.InputGone from None
        actions.process_again(visit.work, visit.account_id, found.id, now=visit.now)
        return Goto(f"{PATH}/{found.id}", Said(words=notes.PROCESSED_AGAIN))

    def delete(self, visit: Visit) -> Answer:
        found = _mine(visit)
        actions.remove(visit.work, found)
        self.services.inputs.forget(found.input)
        return Goto(PATH, Said(words=notes.EXTRACTION_DELETED))

    def picture(self, request: Request) -> Response:
        """Drawn outside of any transaction: it takes its time. Upright, so that the marks fit."""
        seen = self._seen(request)
        if seen is None:
            return Response(status_code=404)
        found, page = seen
        try:
            with self.services.inputs.local(found.input) as file:
                drawn = self.services.reader.picture(
                    file, page.number, width=WIDTH, turned=page.turned, skew=page.skew
                )
        except LookupError:
            return Response(status_code=404)
        if isinstance(drawn, Failure):
            return Response(status_code=404)
        return Response(drawn, media_type="image/png", headers={"cache-control": "private, max-age=3600"})

    def _seen(self, request: Request) -> tuple[Extraction, ReadPage] | None:
        sessions, named = self.door.sessions, as_uuid(request.path_params["id"])
        number = min(request.path_params["number"], 2**31 - 1)
        with self.services.open_work() as work:
            user = sessions.user(work, sessions.secret_of(request), self.services.clock())
            if user is None or named is None or not user.role.administers:
                return None
            try:
                found = work.extractions.get(user.account_id, ExtractionId(named))
            except NotFound:
                return None
            pages = work.extractions.pages(found.id, first=number, limit=1)
        return (found, pages[0]) if pages and pages[0].number == number else None


def index(visit: Visit) -> Answer:
    asked = {name: visit.asked(name) for name in ("text", "status")}
    after = as_uuid(visit.asked("after")) or ""
    which = ExtractionFilter(
        text=asked["text"],
        statuses=(Status(asked["status"]),) if asked["status"] in set(Status) else (),
        after=ExtractionId(after) if after else None,
    )
    found = visit.work.extractions.find(visit.account_id, which, limit=PER_PAGE + 1)
    types = types_of(visit.work, visit.account_id)
    last = found[PER_PAGE - 1].id if len(found) > PER_PAGE else ""
    values = {
        "rows": found[:PER_PAGE],
        "types": types,
        "type_names": {one.number: one.name for one in types},
        "listing": Turning(path=PATH, asked=asked, after=after, next=last),
        "under_way": any(not one.over for one in found),
        "chosen": visit.asked("type"),
    }
    return Page("console/extractions.html", values)


def submit(brought: Brought, visit: Visit) -> Answer:
    """One document for each file."""
    if brought.problem:
        return Goto(PATH, Said(words=brought.problem, tone="bad"))
    number = visit.typed("type")
    try:
        made = [_submitted(visit, int(number) if number.isdecimal() else 0, *one) for one in brought.files]
    except Refusal:
        for _, key, _ in brought.files:
            visit.services.inputs.forget(key)
        raise
    path = f"{PATH}/{made[0].id}" if len(made) == 1 else PATH
    return Goto(path, several(notes.BROUGHT, len(made)))


def _submitted(visit: Visit, number: int, name: str, key: str, size: int) -> Extraction:
    extraction = Extraction(
        id=ExtractionId(visit.services.tokens.uuid()),
        account_id=visit.account_id,
        type=number,
        name=name,
        input=key,
        size=size,
        created_at=visit.now,
        updated_at=visit.now,
    )
    actions.submit(visit.work, extraction, now=visit.now)
    return extraction


def show(visit: Visit) -> Answer:
    found = _mine(visit)
    return _page(visit, found, type_of(visit.work, visit.account_id, found.type), visit.asked("page"))


def _page(visit: Visit, found: Extraction, of: DocumentType, wanted: str, wrong: Wrong | None = None) -> Page:
    numbers = found.numbers
    first = next((one.page for one in found.values if one.page), numbers[0] if numbers else 1)
    number = int(wanted) if wanted.isdecimal() and int(wanted) in numbers else first
    pages = visit.work.extractions.pages(found.id, first=number, limit=1)
    page = pages[0] if pages and pages[0].number == number else None
    values = {"view": _view(found, of, page, number), "replies": words.REPLIES, "wrong": wrong}
    return Page("console/extraction.html", values, status=422 if wrong else 200)


def _view(found: Extraction, of: DocumentType, page: ReadPage | None, number: int) -> ExtractionView:
    return ExtractionView(
        extraction=found,
        type=of,
        page=page,
        number=number,
        values=values_of(found, of, page),
        problem=words.PROCESSING_PROBLEMS.get(found.problem.code, "") if found.problem else "",
    )


def correct(visit: Visit) -> Answer:
    """Kept as feedback, and told again."""
    found = _mine(visit)
    of = type_of(visit.work, visit.account_id, found.type)
    name, typed, number = visit.typed("field", 40), visit.typed("value"), visit.typed("page", 9)
    page = f"{PATH}/{found.id}?page={number}"
    try:
        value, text = corrected(of, name, typed)
    except errors.ValueNotUsable:
        return _page(visit, found, of, number, Wrong(name=name, title=_title(of, name), typed=typed[:300]))
    actions.correct(visit.work, found, name, value, text, by=visit.by.name, now=visit.now)
    return Goto(f"{page}#field-{name}", Said(words=notes.CORRECTED))


def _title(of: DocumentType, name: str) -> str:
    field = of.field(name)
    return field.title if field and field.title else name


def cancel(visit: Visit) -> Answer:
    found = actions.cancel(visit.work, visit.account_id, _mine(visit).id, now=visit.now)
    return Goto(f"{PATH}/{found.id}", Said(words=notes.EXTRACTION_CANCELED))


def sample(visit: Visit) -> Answer:
    """Its type is tried on it from now on, or no longer."""
    found = _mine(visit)
    found.sample = not found.sample
    visit.work.extractions.save(found)
    said = notes.SAMPLE_KEPT if found.sample else notes.SAMPLE_DROPPED
    return Goto(f"{PATH}/{found.id}", Said(words=said))


def _mine(visit: Visit) -> Extraction:
    return visit.work.extractions.get(visit.account_id, ExtractionId(visit.named()))
