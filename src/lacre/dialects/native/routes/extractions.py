"""Documents to be processed: brought in, looked at, cancelled, processed again, corrected, deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre.dialects.native import extractions, finding, problems
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.routes.forms import MULTIPART
from lacre.dialects.native.wire.extractions import (
    Correction,
    ExtractionList,
    NewExtraction,
    PageList,
    ShownExtraction,
)
from lacre.dialects.uploads import AtUrl, InBase64, InSpooledBase64, bring
from lacre.kit.ids import DocumentId, ExtractionId, with_prefix
from lacre.processing import actions, errors
from lacre.processing.catalogue import require_type, type_of
from lacre.processing.correcting import corrected
from lacre.processing.extraction import Extraction, Status
from lacre.processing.ports import Failure
from lacre.processing.repositories import ExtractionFilter, all_pages
from lacre.processing.selection import selection
from lacre.services import Work

router = APIRouter(tags=["extractions"])
MOST = 100
PAGES = 20
Size = Annotated[int, Query(ge=1, le=MOST)]
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post("/extractions", status_code=202, response_model=ShownExtraction, openapi_extra=MULTIPART)
def create_extraction(call: Poster, said: NewExtraction) -> Response:
    """It is read in the background: `document.processed` or `document.failed` tells when it is over."""
    selection(said.pages)
    with call.services.open_work() as work:
        require_type(work, call.account_id, said.type)
    with _kept(call, said) as extraction, call.services.open_work() as work:
        actions.submit(work, extraction, now=call.now)
        return call.keep(work, extractions.shown(extraction), 202)


@router.get("/extractions", response_model=ExtractionList)
def list_extractions(
    call: Caller,
    limit: Size = 25,
    cursor: str | None = None,
    status: Status | None = None,
    type: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None,  # noqa: A002 - as it is asked
    external_id: Annotated[str, Query(max_length=255)] = "",
) -> Response:
    """Newest first."""
    after = finding.cursor("ext", cursor)
    which = ExtractionFilter(
        statuses=(status,) if status else (),
        type=type,
        external_id=external_id,
        after=ExtractionId(after) if after else None,
    )
    with call.services.open_work() as work:
        found = work.extractions.find(call.account_id, which, limit=limit + 1)
    following = with_prefix("ext", found[limit - 1].id) if len(found) > limit else None
    return answer(ExtractionList(data=[extractions.listed(one) for one in found[:limit]], next=following))


@router.get("/extractions/{extraction_id}", response_model=ShownExtraction)
def read_extraction(call: Caller, extraction_id: str) -> Response:
    """`pages_read` counts up while it is read."""
    with call.services.open_work() as work:
        return answer(extractions.shown(_found(work, call, extraction_id)))


@router.get("/extractions/{extraction_id}/pages", response_model=PageList)
def read_pages(
    call: Caller, extraction_id: str, first: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> Response:
    """Text, words with their places, and bar codes, twenty pages at a time; also while it is read."""
    with call.services.open_work() as work:
        found = _found(work, call, extraction_id)
        pages = work.extractions.pages(found.id, first=first, limit=PAGES + 1)
    following = str(pages[PAGES].number) if len(pages) > PAGES else None
    return answer(PageList(data=[extractions.page(one) for one in pages[:PAGES]], next=following))


@router.get("/extractions/{extraction_id}/searchable", response_class=Response, responses=_PDF)
def read_searchable(call: Caller, extraction_id: str) -> Response:
    """A PDF/A-2b of the file, with its text invisibly over what is seen."""
    with call.services.open_work() as work:
        found = _found(work, call, extraction_id)
        if found.status is not Status.FINISHED:
            raise errors.NothingExtracted
        pages = list(all_pages(work.extractions, found.id))
    with call.services.files.scratch() as folder, _input(call, found) as file:
        out = folder / "searchable.pdf"
        failed = call.services.reader.searchable(file, pages, out)
        if isinstance(failed, Failure):
            raise Declined(f"document_{failed.reason}", failed.detail or failed.reason)
        return Response(out.read_bytes(), media_type="application/pdf")


@router.put("/extractions/{extraction_id}/values/{field}", response_model=ShownExtraction)
def correct_value(call: Caller, extraction_id: str, field: str, said: Correction) -> Response:
    """Kept beside what was found, and told as `document.processed` once more."""
    with call.services.open_work() as work:
        found = _found(work, call, extraction_id)
        of = type_of(work, call.account_id, found.type)
        value, text = corrected(of, field, said.value)
        actions.correct(work, found, field, value, text, by=call.by.name, now=call.now)
    return answer(extractions.shown(found))


@router.post("/extractions/{extraction_id}/cancel", response_model=ShownExtraction)
def cancel_extraction(call: Poster, extraction_id: str) -> Response:
    """It ends as an error with the code `canceled`."""
    with call.services.open_work() as work:
        found = actions.cancel(work, call.account_id, _id(extraction_id), now=call.now)
        return call.keep(work, extractions.shown(found))


@router.post("/extractions/{extraction_id}/retry", status_code=202, response_model=ShownExtraction)
def retry_extraction(call: Poster, extraction_id: str) -> Response:
    """From its first page on, by the newest version of its type, as long as its file is kept."""
    with call.services.open_work() as work:
        found = _found(work, call, extraction_id)
    with _input(call, found):
        pass
    with call.services.open_work() as work:
        again = actions.process_again(work, call.account_id, found.id, now=call.now)
        return call.keep(work, extractions.shown(again), 202)


@router.delete("/extractions/{extraction_id}", status_code=204)
def delete_extraction(call: Caller, extraction_id: str) -> Response:
    """With its file and pages, also while it is read; events that told of it stay as long as others."""
    with call.services.open_work() as work:
        found = _found(work, call, extraction_id)
        actions.remove(work, found)
    call.services.inputs.forget(found.input)
    return Response(status_code=204)


def _id(shown: str) -> ExtractionId:
    return finding.extraction_id(shown)


def _found(work: Work, call: Call, shown: str) -> Extraction:
    return work.extractions.get(call.account_id, _id(shown))


@contextmanager
def _input(call: Call, found: Extraction) -> Iterator[Path]:
    try:
        with call.services.inputs.local(found.input) as file:
            yield file
    except LookupError:
        raise errors.InputGone from None


@contextmanager
def _kept(call: Call, said: NewExtraction) -> Iterator[Extraction]:
    """Its file is kept, and not any more when it is refused after all."""
    with call.services.files.scratch() as folder:
        file, name, document = _brought(call, said, folder)
        size = file.stat().st_size
        if size > call.services.settings.max_upload_mb * 1_000_000:
            raise Declined("document_too_large", "The file is larger than this server takes.", status=413)
        key = call.services.inputs.keep(file, now=call.now)
    try:
        yield Extraction(
            id=ExtractionId(call.services.tokens.uuid()),
            account_id=call.account_id,
            type=said.type,
            name=name or "documento",
            input=key,
            size=size,
            created_at=call.now,
            updated_at=call.now,
            external_id=said.external_id,
            selected=said.pages,
            document_id=document,
        )
    except BaseException:
        call.services.inputs.forget(key)
        raise


def _brought(call: Call, said: NewExtraction, folder: Path) -> tuple[Path, str, DocumentId | None]:
    into = folder / "input"
    if said.document_id is not None:
        return _of_envelope(call, said, into)
    if said.base64 is None and said.url is None:
        return _of_form(call, said, into)
    spooled = call.texts.get(said.base64 or "")
    base64 = InSpooledBase64(spooled) if spooled else InBase64(said.base64 or "")
    brought = bring(call.services, AtUrl(said.url) if said.url is not None else base64, into)
    if not isinstance(brought, Path):
        raise problems.unusable(brought, pointer="#/url" if said.url is not None else "#/base64")
    return brought, said.name or "", None


def _of_form(call: Call, said: NewExtraction, into: Path) -> tuple[Path, str, None]:
    part = said.upload or next(iter(call.files), "")
    upload = call.files.get(part)
    if upload is None:
        raise Declined("upload_missing", "There is no file: say base64, url or document_id, or send a form.")
    upload.file.seek(0)
    with into.open("wb") as writing:
        shutil.copyfileobj(upload.file, writing, 1024 * 1024)
    name = "".join(sign for sign in upload.filename or "" if sign.isprintable()).strip()[:255]
    return into, said.name or name, None


def _of_envelope(call: Call, said: NewExtraction, into: Path) -> tuple[Path, str, DocumentId]:
    """Its original."""
    with call.services.open_work() as work:
        envelope = finding.envelope(work, call, said.envelope_id or "")
        paper = finding.document(envelope, said.document_id or "")
    call.services.files.copy(paper.original, into)
    return into, said.name or paper.name, paper.id
