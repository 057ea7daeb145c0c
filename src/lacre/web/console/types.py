"""Types of documents: listed, changed as a new version, and tried on samples before that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.routing import BaseRoute

from lacre.kit.json import Json
from lacre.kit.refusal import NotFound, Refusal
from lacre.processing.catalogue import keep_type, type_of, types_of
from lacre.processing.document_type import OWN_NUMBERS, DocumentType
from lacre.processing.errors import TypeUnknown
from lacre.processing.extraction import Extraction
from lacre.processing.ports import NotExtracted
from lacre.processing.repositories import ExtractionFilter
from lacre.processing.schema import check_type
from lacre.processing.snapshot import freeze_type, thaw_type
from lacre.web.console import notes
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.said import Said

PATH = "/app/types"
NEW = 0
MOST_SAMPLES = 10
MOST_TYPED = 60_000
_TYPED = ("name", "description", "fields")
_EXAMPLE = DocumentType(number=NEW, name="", fields=())


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A field of a sample: what is right, and what the rules find."""

    name: str
    right: Json
    found: Json

    @property
    def hit(self) -> bool:
        return self.right == self.found


@dataclass(frozen=True, kw_only=True)
class Trial:
    sample: Extraction
    hits: Sequence[Hit]
    problem: str = ""


@dataclass(frozen=True)
class Types:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = PATH + "/{number:int}"
        return [
            self.door.page(PATH, index),
            self.door.page(one, show),
            self.door.act(f"{one}/save", save),
            self.door.act(f"{one}/try", try_out),
            self.door.act(f"{one}/retire", retire),
        ]


def index(visit: Visit) -> Answer:
    found = types_of(visit.work, visit.account_id)
    return Page("console/types.html", {"types": found, "own": OWN_NUMBERS})


def show(visit: Visit) -> Answer:
    return _form(visit, _named(visit), written(_named(visit)))


def save(visit: Visit) -> Answer:
    kept = _named(visit)
    try:
        meant = _meant(visit)
        saved = keep_type(visit.work, visit.account_id, meant)
    except Refusal as refusal:
        return _form(visit, kept, _typed(visit), problem=refusal)
    return Goto(f"{PATH}/{saved.number}", Said(words=notes.TYPE_KEPT))


def try_out(visit: Visit) -> Answer:
    """Nothing is kept; the samples' own values are what is right."""
    kept = _named(visit)
    try:
        meant = _meant(visit)
    except Refusal as refusal:
        return _form(visit, kept, _typed(visit), problem=refusal)
    which = ExtractionFilter(type=kept.number, samples=True)
    samples = visit.work.extractions.find(visit.account_id, which, limit=MOST_SAMPLES)
    return _form(visit, kept, _typed(visit), trials=[_tried(visit, meant, one) for one in samples])


def retire(visit: Visit) -> Answer:
    keep_type(visit.work, visit.account_id, replace(_named(visit), retired=True))
    return Goto(PATH, Said(words=notes.TYPE_RETIRED))


def written(one: DocumentType) -> str:
    """What a person changes of it, without what is as usual anyway."""
    frozen = freeze_type(one)
    plain = {name: _without_usual(frozen[name]) for name in _TYPED}
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _without_usual(said: Json) -> Json:
    if isinstance(said, Mapping):
        return {
            name: _without_usual(value)
            for name, value in said.items()
            if value not in (None, "", [], 0, False)
        }
    if isinstance(said, list | tuple):
        return [_without_usual(one) for one in said]
    return said


def _named(visit: Visit) -> DocumentType:
    number = int(visit.request.path_params["number"])
    if number == NEW:
        return _EXAMPLE
    try:
        return type_of(visit.work, visit.account_id, min(number, 2**31 - 1))
    except TypeUnknown:
        raise NotFound("page") from None


def _typed(visit: Visit) -> str:
    return visit.typed("type", MOST_TYPED)


def _meant(visit: Visit) -> DocumentType:
    try:
        said = json.loads(_typed(visit))
        meant = thaw_type({**said, "number": _named(visit).number, "version": 1, "retired": False})
    except (ValueError, TypeError, RecursionError):
        raise _Unreadable from None
    check_type(meant)
    return meant


def _tried(visit: Visit, meant: DocumentType, sample: Extraction) -> Trial:
    pages = visit.work.extractions.pages(sample.id, limit=20)
    found = visit.services.extractor.extract(meant, pages, on=sample.created_at.date())
    if isinstance(found, NotExtracted):
        return Trial(sample=sample, hits=(), problem=found.reason)
    right = sample.data
    hits = [Hit(name=one.field, right=right.get(one.field), found=one.value) for one in found]
    return Trial(sample=sample, hits=hits)


def _form(
    visit: Visit,
    kept: DocumentType,
    typed: str,
    *,
    problem: Refusal | None = None,
    trials: Sequence[Trial] | None = None,
) -> Page:
    values = {
        "kept": kept,
        "typed": typed,
        "problem": (type(problem).__doc__ or "").strip() if problem else "",
        "about": ", ".join(str(one) for one in problem.args) if problem else "",
        "trials": trials,
        "hits": sum(hit.hit for one in trials or () for hit in one.hits),
        "of": sum(len(one.hits) for one in trials or ()),
        "versions": visit.work.document_types.versions(visit.account_id, kept.number),
    }
    return Page("console/type.html", values, status=422 if problem else 200)


class _Unreadable(Refusal):
    __doc__ = notes.TYPE_UNREADABLE
