"""What the room shows one signer, worked out once so that templates only lay it out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from lacre.kit.ids import DocumentId, FieldId
from lacre.signing.asking import Attached, Question, Wanted
from lacre.signing.attaching import visible_to
from lacre.signing.code import PendingCode
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.layout import Field, FieldKind, PageSize
from lacre.signing.signer import Channel, Photo, Signer
from lacre.signing.values import DRAWN
from lacre.web.layout.formats import masked_email, masked_phone
from lacre.web.signer.step import Proof, Step, file_ready, proof_asked_of, step_of, why_closed

ORIGINAL = "original"


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One of the signer's fields; `key` names its box on the page and its input in the form."""

    key: str
    field: Field
    value: str = ""
    error: str = ""

    @property
    def kind(self) -> FieldKind:
        return self.field.kind


@dataclass(frozen=True, kw_only=True)
class PageView:
    number: int
    size: PageSize
    fields: Sequence[FieldView]


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """`edition` tells the original from each sealed file: what is seen changes with it, and only with it."""

    number: int
    document: Document
    pages: Sequence[PageView]
    edition: str = ORIGINAL

    @property
    def file(self) -> str:
        return f"documents/{self.number}/{'original' if self.edition == ORIGINAL else 'signed'}"


@dataclass(frozen=True)
class RoomLinks:
    """Addresses inside one room; the chosen language goes along."""

    base: str
    chosen_language: str | None

    def to(self, path: str = "", **query: str) -> str:
        asked = {"lang": self.chosen_language, **query}
        given = {name: value for name, value in asked.items() if value is not None}
        tail = f"/{path}" if path else ""
        return f"{self.base}{tail}" + (f"?{urlencode(given)}" if given else "")

    def picture(self, document: DocumentView, page: int, width: int) -> str:
        query = urlencode({"w": width, "of": document.edition})
        return f"{self.base}/documents/{document.number}/pages/{page}?{query}"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What came back with errors, to be shown again: nobody types twice."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the input's name; messages are in English, as refusals are."""


@dataclass(frozen=True, kw_only=True)
class AttachmentView:
    wanted: Wanted
    brought: Attached | None


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    key: str
    question: Question
    value: str
    error: str


@dataclass(frozen=True, kw_only=True)
class RoomView:
    envelope: Envelope
    signer: Signer
    links: RoomLinks
    typed: Typed
    today: date
    ways: Collection[Channel] = ()
    """By which messages leave this installation."""
    code: PendingCode | None = None
    """One that waits to be typed."""
    code_asked: bool = False
    """They were typing one, whatever became of it."""
    sealed_pages: Mapping[DocumentId, Sequence[PageSize]] = field(default_factory=dict)
    """The pages of sealed files that this signer may see already."""

    @property
    def step(self) -> Step:
        return step_of(self.envelope, self.signer)

    @property
    def proof(self) -> Proof | None:
        return proof_asked_of(self.signer)

    @property
    def photo(self) -> Photo | None:
        """The one to be taken now."""
        missing = self.signer.missing_photos
        return missing[0] if missing else None

    @property
    def attachments(self) -> list[AttachmentView]:
        """What is asked of them, with what they brought already."""
        return [
            AttachmentView(wanted=one, brought=self.signer.attached.get(one.id))
            for one in self.signer.options.attachments
        ]

    @property
    def shared(self) -> list[tuple[Signer, Wanted, Attached]]:
        """What others brought for everybody."""
        seen = visible_to(self.envelope, self.signer)
        return [one for one in seen if one[0].id != self.signer.id]

    @property
    def passcode_to(self) -> str:
        """Where it went, masked; empty when their sender tells them, as where nothing leaves by that way."""
        code = self.signer.options.passcode
        address = self.signer.passcode_address if code and code.channel in self.ways else ""
        return masked_email(address) if "@" in address else masked_phone(address) if address else ""

    @property
    def questions(self) -> list[QuestionView]:
        return [
            QuestionView(
                key=question_key(one),
                question=one,
                value=self.value(question_key(one), self.signer.answers.get(one.key, one.shown)),
                error=self.error(question_key(one)),
            )
            for one in self.signer.options.questions
        ]

    @property
    def photo_number(self) -> int:
        return len(self.signer.options.photos) - len(self.signer.missing_photos) + 1

    @property
    def code_to(self) -> str:
        """Where the code goes, as much of it as its owner needs to know it by."""
        channel = self.signer.options.code_channel
        if channel is None:
            return ""
        address = self.signer.address_at(channel)
        return masked_email(address) if channel is Channel.EMAIL else masked_phone(address)

    @property
    def code_way(self) -> str:
        """sent · failed · told (by their sender, since nothing leaves by that way)"""
        if self.signer.options.code_channel not in self.ways:
            return "told"
        return "failed" if self.code is not None and self.code.stayed else "sent"

    @property
    def why_closed(self) -> str:
        return why_closed(self.envelope, self.signer)

    @property
    def file_ready(self) -> bool:
        return file_ready(self.envelope, self.signer)

    @property
    def state(self) -> str:
        """Changes whenever the page would: what an open page asks for now and then."""
        step = f"{self.step}-locked" if self.signer.locked_out and self.step is Step.IDENTIFY else self.step
        return f"{step}.{self.envelope.status}.{int(self.file_ready)}"

    @property
    def brand(self) -> str:
        return self.envelope.options.branding.name

    @property
    def sender(self) -> str:
        return self.brand or self.envelope.options.created_by

    @property
    def shows_document(self) -> bool:
        return self.step is not Step.CLOSED

    @property
    def gives_original(self) -> bool:
        return not self.envelope.options.hide_original

    @property
    def may_refuse(self) -> bool:
        asked = self.step in (Step.READ, Step.IDENTIFY, Step.SIGN)
        return asked and self.envelope.options.allow_refusal

    @property
    def fields(self) -> list[FieldView]:
        """In reading order: by document, page, from the top left."""
        order = [document.id for document in self.envelope.documents]
        mine = sorted(
            self.envelope.fields_of(self.signer.id),
            key=lambda one: (order.index(one.document_id), one.place.page, -one.place.bottom, one.place.left),
        )
        return [self._field(one) for one in mine]

    @property
    def documents(self) -> list[DocumentView]:
        fields = self.fields if self.step in (Step.READ, Step.IDENTIFY, Step.SIGN) else []
        return [
            self._document(number, document, fields)
            for number, document in enumerate(self.envelope.documents, start=1)
        ]

    @property
    def required(self) -> list[FieldView]:
        return [one for one in self.fields if one.field.required]

    @property
    def typed_fields(self) -> list[FieldView]:
        return [one for one in self.fields if one.kind not in DRAWN]

    @property
    def asks_initials(self) -> bool:
        return any(one.kind is FieldKind.INITIALS for one in self.fields)

    @property
    def seen(self) -> list[str]:
        return [document.original for document in self.envelope.documents]

    def value(self, name: str, default: str = "") -> str:
        return self.typed.values.get(name, default)

    def error(self, name: str) -> str:
        return self.typed.errors.get(name, "")

    def _document(self, number: int, document: Document, fields: Sequence[FieldView]) -> DocumentView:
        sealed = self.sealed_pages.get(document.id)
        return DocumentView(
            number=number,
            document=document,
            pages=list(_pages(document, sealed or document.pages, fields)),
            edition=edition_of(document) if sealed else ORIGINAL,
        )

    def _field(self, one: Field) -> FieldView:
        key = field_key(one.id)
        value = self.value(key, self._known_value(one.kind))
        return FieldView(key=key, field=one, value=value, error=self.error(key))

    def _known_value(self, kind: FieldKind) -> str:
        known = {
            FieldKind.NAME: self.signer.name,
            FieldKind.TAX_ID: self.signer.tax_id,
            FieldKind.DATE: self.today.isoformat(),
        }
        return known.get(kind, "")


def question_key(question: Question) -> str:
    return f"q-{question.key}"


def field_key(field_id: FieldId) -> str:
    return f"f-{field_id}"


def initials_of(name: str) -> str:
    """`"Maria da Silva Souza"` → `"MSS"`: particles are no initials."""
    words = [word for word in name.split() if word[:1].isupper()] or name.split()
    return "".join(word[0] for word in words[:4]).upper()


def edition_of(document: Document) -> str:
    return (document.sealed or "")[:16]


def _pages(document: Document, sizes: Sequence[PageSize], fields: Sequence[FieldView]) -> Iterator[PageView]:
    for number, size in enumerate(sizes):
        here = [
            one for one in fields if one.field.document_id == document.id and one.field.place.page == number
        ]
        yield PageView(number=number + 1, size=size, fields=here)
