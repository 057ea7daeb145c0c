"""Sending a document from the console: PDFs, who signs, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePath
from shutil import copyfileobj

from starlette.datastructures import FormData, UploadFile
from starlette.routing import BaseRoute

from lacre.documents.kinds import BEGINNING, is_text_document
from lacre.kit.ids import EnvelopeId, SignerId
from lacre.kit.times import end_of_day
from lacre.services import Services
from lacre.signing import actions
from lacre.signing.document import Document
from lacre.signing.drafting import document_of
from lacre.signing.envelope import MAX_DOCUMENTS, Envelope
from lacre.signing.options import EnvelopeOptions
from lacre.signing.ports import Unusable
from lacre.signing.signer import Channel, Signer, SignerOptions
from lacre.web.console import notes, words
from lacre.web.console.door import Answer, Door, Goto, Page, Visit, text_in
from lacre.web.console.said import several

ROWS = 3
"""Empty lines for people, for those who cannot add more by a script."""
MOST_SIGNERS = 50


@dataclass(frozen=True, kw_only=True)
class Brought:
    """The files of a form, judged and kept; `problem` is about the first that cannot be signed."""

    documents: Sequence[Document] = ()
    problem: str = ""
    name: str = ""
    """Of the file that the problem is about."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A line of the form."""

    name: str = ""
    email: str = ""
    problem: str = ""

    @property
    def wrong(self) -> str:
        """The input that the problem is about."""
        if not self.problem:
            return ""
        return "name" if self.problem == notes.NAME_MISSING else "email"


@dataclass(frozen=True, kw_only=True)
class Filled:
    """The form as it was filled in; what is wrong by the input's name."""

    title: str = ""
    people: Sequence[Person] = ()
    ordered: bool = False
    allow_refusal: bool = False
    email_code: bool = False
    limit: str = ""
    expires_at: datetime | None = None
    errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def lines(self) -> list[Person]:
        return [*self.people, *[Person()] * max(ROWS - len(self.people), 1 - bool(self.people))]


@dataclass(frozen=True)
class Sending:
    services: Services
    door: Door

    def routes(self) -> list[BaseRoute]:
        return [
            self.door.page("/app/new", lambda _: _form(Filled(allow_refusal=True))),
            self.door.upload("/app/new", self.bring, send, max_files=MAX_DOCUMENTS + 1),
        ]

    def bring(self, form: FormData) -> Brought:
        sent = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.size]
        if not sent or len(sent) > MAX_DOCUMENTS:
            return Brought(problem=notes.TOO_MANY_FILES if sent else notes.FILE_MISSING)
        documents: list[Document] = []
        for one in sent:
            name = text_in(PurePath(one.filename or "").stem)[:200] or "PDF"
            judged = self._admit(one, name)
            if isinstance(judged, Unusable):
                return Brought(problem=words.UNUSABLE.get(judged.code, judged.reason), name=name)
            documents.append(judged)
        return Brought(documents=documents)

    def _admit(self, sent: UploadFile, name: str) -> Document | Unusable:
        with self.services.files.scratch() as folder:
            pdf = self._as_pdf(_written(sent, folder / "upload"))
            judged = self.services.intake.admit(pdf) if isinstance(pdf, Path) else pdf
            if isinstance(judged, Unusable):
                return judged
            original = self.services.files.keep(judged.file)
        return document_of(judged, original, document_id=self.services.tokens.uuid(), name=name)

    def _as_pdf(self, upload: Path) -> Path | Unusable:
        with upload.open("rb") as file:
            beginning = file.read(BEGINNING)
        if not is_text_document(beginning):
            return upload
        return self.services.text_documents.to_pdf(upload, None, upload.with_suffix(".pdf"))


def send(brought: Brought, visit: Visit) -> Answer:
    """Created and sent in one."""
    filled = _read(visit, brought)
    if filled.errors or any(one.problem for one in filled.people):
        return _form(filled)
    envelope = _envelope(visit, brought, filled)
    actions.create(visit.work, envelope, by=visit.by, now=visit.now)
    actions.send(visit.work, envelope, by=visit.by, now=visit.now)
    asked = sum(envelope.their_turn(one) for one in envelope.active_signers)
    return Goto(f"/app/envelopes/{envelope.id}", several(notes.SENT, asked))


def _read(visit: Visit, brought: Brought) -> Filled:
    people = _people(visit)
    limit, expires_at = visit.typed("limit"), _limit(visit)
    errors: dict[str, tuple[str, str]] = {}
    if brought.problem:
        errors["files"] = (brought.problem, brought.name)
    if not people:
        errors["people"] = (notes.SIGNER_MISSING, "")
    if limit and (expires_at is None or expires_at <= visit.now):
        errors["limit"] = (notes.DAY_MISSING, "")
    return Filled(
        title=visit.typed("title", 200),
        people=people,
        ordered=visit.typed("ordered") == "on",
        allow_refusal=visit.typed("allow_refusal") == "on",
        email_code=visit.typed("email_code") == "on",
        limit=limit,
        expires_at=expires_at,
        errors=errors,
    )


def _people(visit: Visit) -> list[Person]:
    names, emails = visit.form.getlist("name"), visit.form.getlist("email")
    lines = [(text_in(name)[:200], text_in(email)[:200]) for name, email in zip(names, emails, strict=False)]
    by_code = visit.typed("email_code") == "on"
    return [
        Person(name=name, email=email, problem=_problem(name, email, by_code=by_code))
        for name, email in lines[:MOST_SIGNERS]
        if name or email
    ]


def _problem(name: str, email: str, *, by_code: bool) -> str:
    if not name:
        return notes.NAME_MISSING
    if email:
        return "" if plausible_email(email) else notes.EMAIL_WRONG
    return notes.EMAIL_FOR_CODE if by_code else ""


def plausible_email(email: str) -> bool:
    local, _, host = email.rpartition("@")
    return bool(local) and "." in host and not any(one.isspace() or one in '<>,;"' for one in email)


def _envelope(visit: Visit, brought: Brought, filled: Filled) -> Envelope:
    new_id = visit.services.tokens.uuid
    return Envelope(
        id=EnvelopeId(new_id()),
        account_id=visit.account_id,
        number=visit.work.envelopes.next_number(visit.account_id),
        title=filled.title or brought.documents[0].name,
        language=visit.language,
        created_at=visit.now,
        updated_at=visit.now,
        documents=list(brought.documents),
        signers=[
            _signer(one, SignerId(new_id()), place if filled.ordered else 0, filled)
            for place, one in enumerate(filled.people)
        ],
        options=EnvelopeOptions(
            sequential=filled.ordered,
            allow_refusal=filled.allow_refusal,
            created_by=visit.visitor.user.email,
            created_through="console",
        ),
        expires_at=filled.expires_at,
    )


def _signer(person: Person, signer_id: SignerId, group: int, filled: Filled) -> Signer:
    reached = (Channel.EMAIL,) if person.email else ()
    options = SignerOptions(notify_by=reached, email_code=filled.email_code)
    return Signer(id=signer_id, name=person.name, email=person.email, group=group, options=options)


def _limit(visit: Visit) -> datetime | None:
    try:
        return end_of_day(date.fromisoformat(visit.typed("limit")))
    except ValueError:
        return None


def _written(sent: UploadFile, file: Path) -> Path:
    with file.open("wb") as out:
        copyfileobj(sent.file, out)
    return file


def _form(filled: Filled) -> Page:
    wrong = bool(filled.errors) or any(one.problem for one in filled.people)
    return Page(
        "console/new.html", {"filled": filled, "most_files": MAX_DOCUMENTS}, status=422 if wrong else 200
    )
