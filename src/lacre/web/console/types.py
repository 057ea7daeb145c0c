"""Types of documents: listed, changed in a form as a new version, and tried on samples before that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.routing import BaseRoute

from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.processing.catalogue import keep_type, type_of, types_of
from lacre.processing.document_type import OWN_NUMBERS, DocumentType
from lacre.processing.errors import TypeUnknown
from lacre.processing.flaws import Flaw
from lacre.processing.snapshot import freeze_type, thaw_type
from lacre.web.console import notes, trials
from lacre.web.console.door import Afterwards, Answer, Door, Goto, Page, TurnedBack, Visit
from lacre.web.console.said import Said
from lacre.web.console.trials import Tried
from lacre.web.console.type_form import (
    AT_THE_TOP,
    Edit,
    Touched,
    TypedType,
    edited,
    meant,
    touched,
    typed_in,
    written,
)

PATH = "/app/types"
NEW = 0
MOST_TYPED = 60_000
MOST_INPUTS = 10_000
"""Of the form of a type with sixty fields and a dozen rules each."""
_IN_JSON = ("name", "description", "asks_model", "fields")
_EMPTY = DocumentType(number=NEW, name="", fields=())


@dataclass(frozen=True)
class Types:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = PATH + "/{number:int}"
        acts = {"save": save, "try": try_out, "edit": edit, "retire": retire}
        return [
            self.door.page(PATH, index),
            self.door.page(one, show),
            *(self.door.act(f"{one}/{name}", act, max_fields=MOST_INPUTS) for name, act in acts.items()),
        ]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody typed, in the form or as JSON, and what it means."""

    typed: TypedType
    type: DocumentType
    flaws: Mapping[str, Flaw] = field(default_factory=dict)
    json: str = ""
    """As it was typed; empty if the form was."""
    unreadable: bool = False
    """The JSON is none, or no type's."""

    @property
    def wrong(self) -> bool:
        return self.unreadable or bool(self.flaws)

    def wrong_in(self, part: str) -> bool:
        """Of a field or rule, by the beginning of its inputs' names."""
        return any(one.startswith(f"{part}-") for one in self.flaws)

    def fields_before(self, place: int) -> list[tuple[str, str]]:
        """That a field at this place may ask what they say: names and titles."""
        above = self.typed.fields[:place]
        return [("", "–"), *((one.said_name, one.title or one.said_name) for one in above)]


def index(visit: Visit) -> Answer:
    found = types_of(visit.work, visit.account_id)
    return Page("console/types.html", {"types": found, "own": OWN_NUMBERS})


def show(visit: Visit) -> Answer:
    kept = _named(visit)
    return _form(visit, kept, Draft(typed=written(kept), type=kept))


def save(visit: Visit) -> Answer:
    kept, draft = _named(visit), _draft(visit)
    if draft.wrong:
        raise TurnedBack(_form(visit, kept, draft, status=422))
    saved = keep_type(visit.work, visit.account_id, draft.type)
    return Goto(f"{PATH}/{saved.number}", Said(words=notes.TYPE_KEPT))


def try_out(visit: Visit) -> Answer:
    """Nothing is kept; the samples' own values are what is right."""
    kept, draft = _named(visit), _draft(visit)
    if draft.wrong:
        raise TurnedBack(_form(visit, kept, draft, status=422))
    bench, form = trials.bench_of(visit, draft.type), _form(visit, kept, draft)
    return Afterwards(lambda: replace(form, values={**form.values, "bench": bench.tried()}))


def edit(visit: Visit) -> Answer:
    """One more field, or one less …: the form again, and nothing of it kept or judged."""
    kept, draft = _named(visit), _draft(visit)
    asked = Edit.of(visit.typed("do", 40))
    if asked is None:
        return _form(visit, kept, replace(draft, flaws={}), begins=AT_THE_TOP)
    typed = edited(draft.typed, asked)
    return _form(visit, kept, replace(draft, typed=typed, flaws={}), begins=touched(typed, asked))


def retire(visit: Visit) -> Answer:
    keep_type(visit.work, visit.account_id, replace(_named(visit), retired=True))
    return Goto(PATH, Said(words=notes.TYPE_RETIRED))


def as_json(one: DocumentType) -> str:
    """What a person changes of it, without what is as usual anyway."""
    frozen = freeze_type(one)
    said = {name: _without_usual(frozen[name]) for name in _IN_JSON}
    if not said["asks_model"]:
        del said["asks_model"]
    return json.dumps(said, ensure_ascii=False, indent=2)


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
        return _EMPTY
    try:
        return type_of(visit.work, visit.account_id, min(number, 2**31 - 1))
    except TypeUnknown:
        raise NotFound("page") from None


def _draft(visit: Visit) -> Draft:
    said = visit.typed("type", MOST_TYPED)
    typed = _typed_as_json(said) if said else typed_in(visit.typed)
    if typed is None:
        return Draft(typed=written(_named(visit)), type=_EMPTY, json=said, unreadable=True)
    found, flaws = meant(typed, _named(visit).number)
    return Draft(typed=typed, type=found, flaws=flaws)


def _typed_as_json(said: str) -> TypedType | None:
    try:
        return written(thaw_type({**json.loads(said), "number": NEW}))
    except (ValueError, TypeError, RecursionError):
        return None


def _form(
    visit: Visit,
    kept: DocumentType,
    draft: Draft,
    *,
    status: int = 200,
    begins: Touched = AT_THE_TOP,
) -> Page:
    values = {
        "kept": kept,
        "draft": draft,
        "opened": begins.field,
        "focus": begins.input,
        "json": draft.json or as_json(draft.type),
        "bench": Tried(samples=trials.samples_of(visit, kept.number)),
        "versions": visit.work.document_types.versions(visit.account_id, kept.number),
        "unreadable": notes.TYPE_UNREADABLE,
        "model_is_there": visit.services.language_model is not None,
    }
    return Page("console/type.html", values, status=status)
