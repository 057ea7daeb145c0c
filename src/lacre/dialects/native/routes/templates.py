"""Templates: DOCX with variables, and the forms that ask for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre.dialects.native import finding, problems
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.routes.envelopes import PageSize
from lacre.dialects.native.wire.templates import (
    NewTemplate,
    SaidInput,
    ShownInput,
    ShownTemplate,
    TemplateChange,
    TemplateList,
)
from lacre.dialects.uploads import AtUrl, InBase64, InSpooledBase64, Upload, keep_source
from lacre.documents.links import Variant
from lacre.kit.ids import DocumentId, TemplateId, with_prefix
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing.inputs import Input
from lacre.signing.template import Template, inputs_of
from lacre.signing.variables import variable_name

router = APIRouter(tags=["templates"])
Page = Annotated[int, Query(ge=1, le=100_000)]


@router.post("/templates", status_code=201, response_model=ShownTemplate)
def create_template(call: Poster, said: NewTemplate) -> Response:
    """Every variable of the document is asked for as text until its input says otherwise."""
    source = keep_source(call.services, _upload(call, said))
    if not isinstance(source, tuple):
        raise problems.unusable(source, pointer="#/base64" if said.base64 is not None else "#/url")
    digest, variables = source
    template = Template(
        id=TemplateId(call.services.tokens.uuid()),
        account_id=call.account_id,
        name=said.name,
        language=call.services.settings.lang,
        source=digest,
        created_at=call.now,
        updated_at=call.now,
        inputs=inputs_of(variables),
    )
    _change(template, said, call)
    with call.services.open_work() as work:
        work.templates.add(template)
        return call.keep(work, _shown(call, template), 201)


@router.get("/templates", response_model=TemplateList)
def list_templates(call: Caller, limit: PageSize = 25, page: Page = 1) -> Response:
    """Newest first; `next` is the number of the next page."""
    with call.services.open_work() as work:
        found = work.templates.find(call.account_id, offset=(page - 1) * limit, limit=limit)
    following = str(page + 1) if page * limit < found.total else None
    return answer(TemplateList(data=[_shown(call, one) for one in found.items], next=following))


@router.get("/templates/{template_id}", response_model=ShownTemplate)
def read_template(call: Caller, template_id: str) -> Response:
    """With its form."""
    with call.services.open_work() as work:
        found = _kept(work, call, template_id)
    return answer(_shown(call, found))


@router.patch("/templates/{template_id}", response_model=ShownTemplate)
def change_template(call: Caller, template_id: str, said: TemplateChange) -> Response:
    """Its name, its form, and whether it is in use."""
    with call.services.open_work() as work:
        found = _kept(work, call, template_id)
        _change(found, said, call)
        work.templates.save(found)
    return answer(_shown(call, found))


@router.delete("/templates/{template_id}", status_code=204)
def delete_template(call: Caller, template_id: str) -> Response:
    """Documents that were made of it stay."""
    with call.services.open_work() as work:
        found = _kept(work, call, template_id)
        found.delete(now=call.now)
        work.templates.save(found)
    return Response(status_code=204)


def _kept(work: Work, call: Call, shown: str) -> Template:
    found = work.templates.get(call.account_id, finding.template_id(shown))
    if found.deleted_at is not None:
        raise NotFound("template")
    return found


def _upload(call: Call, said: NewTemplate) -> Upload:
    if said.base64 is None:
        return AtUrl(said.url or "")
    spooled = call.texts.get(said.base64)
    return InSpooledBase64(spooled) if spooled else InBase64(said.base64)


def _change(template: Template, said: TemplateChange, call: Call) -> None:
    template.name = said.name or template.name
    template.language = said.language or template.language
    template.active = template.active if said.active is None else said.active
    template.intro = template.intro if said.intro is None else said.intro
    options = template.options
    template.options = replace(
        options,
        folder=said.folder or options.folder,
        observers=options.observers if said.observers is None else tuple(said.observers),
    )
    template.ask([_input(one) for one in said.inputs])
    template.updated_at = call.now


def _input(said: SaidInput) -> Input:
    return Input(
        variable=variable_name(said.variable),
        kind=said.kind,
        label=said.label,
        help=said.help,
        options=tuple(said.options),
        required=said.required,
        order=said.order,
    )


def _shown(call: Call, one: Template) -> ShownTemplate:
    links = call.links
    return ShownTemplate(
        id=with_prefix("tpl", one.id),
        name=one.name,
        language=one.language,
        active=one.active,
        folder=one.options.folder,
        observers=list(one.options.observers),
        intro=one.intro,
        inputs=[ShownInput.model_validate(each, from_attributes=True) for each in one.inputs],
        form_url=links.form_url(one.id),
        source_url=links.file_url(DocumentId(one.id), Variant.TEMPLATE, now=call.now),
        created_at=one.created_at,
        updated_at=one.updated_at,
    )
