"""Templates in the console: a DOCX with variables, how its form asks for them, and where that form is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from shutil import copyfileobj

from starlette.datastructures import FormData, UploadFile
from starlette.routing import BaseRoute

from lacre.documents.links import Variant
from lacre.kit.ids import Digest, DocumentId, TemplateId
from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.signing.inputs import CHOSEN, Input, InputKind
from lacre.signing.options import EnvelopeOptions
from lacre.signing.ports import Unusable
from lacre.signing.template import Template, inputs_of
from lacre.web.console import notes, words
from lacre.web.console.door import Answer, Door, Goto, Page, TurnedBack, Visit, text_in
from lacre.web.console.listing import Listing, page_number
from lacre.web.console.said import Said

HOME = "/app/templates"


@dataclass(frozen=True, kw_only=True)
class Brought:
    """The file of a form, judged and kept; or why it is none."""

    source: Digest | None = None
    variables: Sequence[str] = ()
    name: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Models:
    services: Services
    door: Door

    def routes(self) -> list[BaseRoute]:
        return [
            self.door.page(HOME, index),
            self.door.page(f"{HOME}/new", lambda _: _new()),
            self.door.upload(f"{HOME}/new", self.bring, create, max_files=2),
            self.door.page(f"{HOME}/{{id}}", show),
            self.door.act(f"{HOME}/{{id}}/form", change),
            self.door.act(f"{HOME}/{{id}}/delete", delete),
        ]

    def bring(self, form: FormData) -> Brought:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.size:
            return Brought(problem=notes.DOCX_MISSING)
        name = text_in(PurePath(sent.filename or "").stem)[:200]
        with self.services.files.scratch() as folder:
            file = folder / "template.docx"
            with file.open("wb") as out:
                copyfileobj(sent.file, out)
            variables = self.services.text_documents.variables(file)
            if isinstance(variables, Unusable):
                return Brought(problem=words.UNUSABLE.get(variables.code, variables.reason), name=name)
            return Brought(source=self.services.files.keep(file), variables=variables, name=name)


def index(visit: Visit) -> Answer:
    listing = Listing(path=HOME, asked={}, page=page_number(visit.asked("page")))
    found = visit.work.templates.find(visit.account_id, offset=listing.offset, limit=listing.per_page)
    shown = {"templates": found.items, "listing": replace(listing, total=found.total)}
    return Page("console/models.html", shown)


def create(brought: Brought, visit: Visit) -> Answer:
    name = visit.typed("name", 200)
    if brought.source is None:
        raise TurnedBack(_new(name, brought.problem))
    template = Template(
        id=TemplateId(visit.services.tokens.uuid()),
        account_id=visit.account_id,
        name=name or brought.name or "DOCX",
        language=visit.language,
        source=brought.source,
        created_at=visit.now,
        updated_at=visit.now,
        inputs=inputs_of(brought.variables),
        options=EnvelopeOptions(created_by=visit.visitor.user.email),
    )
    visit.work.templates.add(template)
    return Goto(f"{HOME}/{template.id}", Said(words=notes.TEMPLATE_CREATED))


def show(visit: Visit) -> Answer:
    return _page(visit, _kept(visit))


def change(visit: Visit) -> Answer:
    """How each variable is asked for; its name stays what the document says."""
    template = _kept(visit)
    typed = [_typed(visit, place, one) for place, one in enumerate(template.inputs)]
    wrong = {one.variable: notes.OPTIONS_MISSING for one in typed if one.kind in CHOSEN and not one.options}
    if wrong:
        raise TurnedBack(_page(visit, replace(template, inputs=typed), wrong))
    template.ask(typed)
    template.intro, template.updated_at = visit.typed("intro"), visit.now
    visit.work.templates.save(template)
    return Goto(f"{HOME}/{template.id}", Said(words=notes.FORM_CHANGED))


def delete(visit: Visit) -> Answer:
    """Documents that were made of it stay."""
    template = _kept(visit)
    template.delete(now=visit.now)
    visit.work.templates.save(template)
    return Goto(HOME, Said(words=notes.TEMPLATE_DELETED, arguments=(template.name,)))


def _kept(visit: Visit) -> Template:
    template = visit.work.templates.get(visit.account_id, TemplateId(visit.named()))
    if template.deleted_at is not None:
        raise NotFound("template")
    return template


def _typed(visit: Visit, place: int, one: Input) -> Input:
    """An input that a form of an older page does not name stays as it is."""
    kind = visit.typed(f"kind-{place}", 40)
    if visit.typed(f"variable-{place}", 400) != one.variable or kind not in set(InputKind):
        return one
    order = visit.typed(f"order-{place}", 6)
    return replace(
        one,
        kind=InputKind(kind),
        label=visit.typed(f"label-{place}", 400),
        help=visit.typed(f"help-{place}", 400),
        options=tuple(_lines(visit.typed(f"options-{place}", 5_000))),
        required=visit.typed(f"required-{place}") == "on",
        order=int(order) if order.isdecimal() else one.order,
    )


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _new(name: str = "", problem: str = "") -> Page:
    shown = {"name": name, "problem": problem}
    return Page("console/model_new.html", shown, status=422 if problem else 200)


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """A template with its addresses, and what is wrong by variable."""

    template: Template
    form_url: str
    source_url: str
    errors: Mapping[str, str] = field(default_factory=dict)


def _page(visit: Visit, template: Template, wrong: Mapping[str, str] | None = None) -> Page:
    links = visit.services.links
    shown = _Shown(
        template=template,
        form_url=links.form_url(template.id),
        source_url=links.file_url(DocumentId(template.id), Variant.TEMPLATE, now=visit.now),
        errors=wrong or {},
    )
    return Page("console/model.html", {"shown": shown}, status=422 if wrong else 200)
