"""The documents of a request, however they came, judged and kept."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lacre.dialects.native import finding, problems
from lacre.dialects.native.call import Call
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.wire.envelopes import NewDocument
from lacre.dialects.uploads import AtUrl, InBase64, InSpooledBase64, OnDisk, Upload, take
from lacre.signing.document import Document
from lacre.signing.making import Tools, make
from lacre.signing.ports import Unusable
from lacre.signing.variables import variable_name

_LONGEST_NAME = 255


def taken(call: Call, said: Sequence[NewDocument], *, title: str) -> list[Document]:
    """Outside of any transaction: this reads files and networks. All files of a form, when none is named."""
    wanted = said or [NewDocument(upload=name) for name in call.files]
    return [
        taken_one(call, one, pointer=f"#/documents/{place}", title=title) for place, one in enumerate(wanted)
    ]


def taken_one(call: Call, said: NewDocument, *, pointer: str, title: str) -> Document:
    if said.template_id is not None:
        return _made(call, said, pointer=pointer, title=title)
    with call.services.files.scratch() as folder:
        upload = _upload(call, said, folder, pointer)
        document = take(call.services, upload, name=_name(call, said, title))
    if not isinstance(document, Document):
        raise problems.unusable(document, pointer=pointer)
    return document


def _made(call: Call, said: NewDocument, *, pointer: str, title: str) -> Document:
    """Of a template; fields are placed as on any other document."""
    services = call.services
    with services.open_work() as work:
        template = work.templates.get(call.account_id, finding.template_id(said.template_id or ""))
    template.require_usable()
    tools = Tools(
        files=services.files,
        text_documents=services.text_documents,
        intake=services.intake,
        new_id=services.tokens.uuid,
    )
    made = make(tools, template.source, answers_of(said), name=said.name or title, signers=())
    if isinstance(made, Unusable):
        raise problems.unusable(made, pointer=pointer)
    return made.document


def answers_of(said: NewDocument) -> dict[str, str]:
    return {variable_name(name): value for name, value in said.answers.items()}


def _upload(call: Call, said: NewDocument, folder: Path, pointer: str) -> Upload:
    if said.base64 is not None:
        spooled = call.texts.get(said.base64)
        return InSpooledBase64(spooled) if spooled else InBase64(said.base64)
    if said.url is not None:
        return AtUrl(said.url)
    return OnDisk(_copied(call, said.upload or "", folder / "form.pdf", pointer))


def _copied(call: Call, part: str, into: Path, pointer: str) -> Path:
    upload = call.files.get(part)
    if upload is None:
        detail = f"The request has no file part called {part!r}."
        raise Declined("upload_missing", detail, pointer=f"{pointer}/upload")
    upload.file.seek(0)
    with into.open("wb") as file:
        shutil.copyfileobj(upload.file, file, 1024 * 1024)
    return into


def _name(call: Call, said: NewDocument, title: str) -> str:
    """Its own, the file's, the URL's last part, or the envelope's title."""
    candidates = (said.name, _file_name(call, said), _url_name(said.url), title)
    cleaned = (_clean(name) for name in candidates if name)
    return next((name for name in cleaned if name), title)


def _file_name(call: Call, said: NewDocument) -> str:
    upload = call.files.get(said.upload or "")
    return (upload.filename or "") if upload else ""


def _url_name(url: str | None) -> str:
    return PurePosixPath(unquote(urlsplit(url).path, errors="replace")).name if url else ""


def _clean(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable()).strip()[:_LONGEST_NAME]
