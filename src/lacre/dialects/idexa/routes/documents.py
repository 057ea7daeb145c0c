"""Documents: uploaded, several at once if need be, and asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from lacre.dialects.idexa import document, errors
from lacre.dialects.idexa.door import MOST_FILES, Call
from lacre.dialects.idexa.errors import Declined
from lacre.dialects.idexa.wire import Upload
from lacre.kit.ids import ExtractionId
from lacre.processing import actions
from lacre.processing.catalogue import require_type
from lacre.processing.extraction import Extraction
from lacre.processing.repositories import ExtractionFilter
from lacre.processing.selection import selection

LISTED = 100


def upload(call: Call) -> Response:
    """One file answers its document, several answer a list of theirs, in the order in which they came."""
    said = call.read_fields(Upload)
    _check(call, said)
    with _kept(call) as keys:
        made = [_made(call, said, *one) for one in zip(call.files, keys, strict=True)]
        with call.services.open_work() as work:
            for one in made:
                actions.submit(work, one, now=call.now)
    shown = [document.received(one, call.generation) for one in made]
    return JSONResponse(shown[0] if len(shown) == 1 else shown)


def read(call: Call) -> Response:
    """As its callback brings it, once it is finished."""
    with call.services.open_work() as work:
        found = work.extractions.get(call.account_id, ExtractionId(call.named("document")))
    return JSONResponse(document.shown(found, call.generation))


def index(call: Call) -> Response:
    """The newest hundred, or the one of an `externalId`."""
    which = ExtractionFilter(external_id=call.query.get("externalId", "").replace("\0", ""))
    with call.services.open_work() as work:
        found = work.extractions.find(call.account_id, which, limit=LISTED)
    return JSONResponse([document.shown(one, call.generation) for one in found])


def _check(call: Call, said: Upload) -> None:
    """Before any file is kept."""
    if not call.files:
        raise Declined(400, errors.NO_FILES)
    if len(call.files) > MOST_FILES:
        raise Declined(400, errors.TOO_MANY_FILES.format(MOST_FILES))
    if said.externalId and len(call.files) > 1:
        raise Declined(400, errors.ONE_EXTERNAL_ID)
    most = call.services.settings.max_upload_mb
    for one in call.files:
        if (one.size or 0) > most * 1_000_000:
            raise Declined(413, errors.TOO_LARGE.format(one.filename, most))
    selection(said.pages)
    with call.services.open_work() as work:
        require_type(work, call.account_id, said.type)


@contextmanager
def _kept(call: Call) -> Iterator[Sequence[str]]:
    """Where the files are kept; not kept at all when the documents are refused after all."""
    keys: list[str] = []
    try:
        with call.services.files.scratch() as folder:
            for one in call.files:
                one.file.seek(0)
                with (folder / "upload").open("wb") as writing:
                    shutil.copyfileobj(one.file, writing, 1024 * 1024)
                keys.append(call.services.inputs.keep(folder / "upload", now=call.now))
        yield keys
    except BaseException:
        for key in keys:
            call.services.inputs.forget(key)
        raise


def _made(call: Call, said: Upload, file: UploadFile, key: str) -> Extraction:
    name = "".join(sign for sign in file.filename or "" if sign.isprintable()).strip()[:255]
    return Extraction(
        id=ExtractionId(call.services.tokens.uuid()),
        account_id=call.account_id,
        type=said.type,
        name=name or "documento",
        input=key,
        size=file.size or 0,
        created_at=call.now,
        updated_at=call.now,
        external_id=said.externalId,
        selected=said.pages,
        dialect_data={document.OURS: {document.KEY: call.key_id}},
    )
