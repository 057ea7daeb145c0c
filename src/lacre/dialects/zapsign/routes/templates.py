"""Templates: created, read, listed, changed, deleted; and the form that asks for their variables."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from lacre.dialects.uploads import keep_source
from lacre.dialects.zapsign import errors
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.draft import folder_said, source_of
from lacre.dialects.zapsign.finding import uuid_said
from lacre.dialects.zapsign.pages import Paged
from lacre.dialects.zapsign.routes.creating import creator
from lacre.dialects.zapsign.template import PAGE, change, inputs_said, listed_item, shown
from lacre.dialects.zapsign.template_wire import FormSaid, NewTemplate, TemplateSaid
from lacre.kit.ids import TemplateId
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing.template import Template, inputs_of

DELETED = "Modelo excluído com sucesso."


def create(call: Call) -> Response:
    said = call.read(NewTemplate)
    source = keep_source(call.services, source_of(call, said))
    if not isinstance(source, tuple):
        raise errors.unusable(source)
    digest, variables = source
    template = Template(
        id=TemplateId(call.services.tokens.uuid()),
        account_id=call.account_id,
        name=said.name,
        language="pt-br",
        source=digest,
        created_at=call.now,
        updated_at=call.now,
        inputs=inputs_of(variables),
    )
    change(template, said, folder_said(call, said.folder_token, said.folder_path), now=call.now)
    with call.services.open_work() as work:
        template.options = replace(template.options, created_by=creator(work, call, ""))
        work.templates.add(template)
    return _whole(call, template)


def index(call: Call) -> Response:
    page = Paged.of(call, per_page=PAGE)
    with call.services.open_work() as work:
        found = work.templates.find(call.account_id, offset=page.offset, limit=PAGE)
    items = [listed_item(one, links=call.services.links, now=call.now) for one in found.items]
    return JSONResponse(page.answer(items, total=found.total))


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        template = kept(work, call, call.named("template"))
    return _whole(call, template)


def update(call: Call) -> Response:
    said = call.read(TemplateSaid)
    folder = folder_said(call, said.folder_token, said.folder_path)
    with call.services.open_work() as work:
        template = kept(work, call, call.named("template"))
        change(template, said, folder, now=call.now)
        work.templates.save(template)
    return _whole(call, template)


def update_form(call: Call) -> Response:
    """Inputs that are not named stay as they are."""
    said = call.read(FormSaid)
    with call.services.open_work() as work:
        template = kept(work, call, uuid_said(said.template_id, "template"))
        template.ask(inputs_said(said.inputs))
        template.intro = template.intro if said.custom_intro is None else said.custom_intro
        template.video = template.video if said.youtube_video_code is None else said.youtube_video_code
        template.updated_at = call.now
        work.templates.save(template)
    return _whole(call, template)


def delete(call: Call) -> Response:
    """Documents that were made of it stay, and so do forms that wait to be filled in."""
    with call.services.open_work() as work:
        template = kept(work, call, call.named("template"))
        template.delete(now=call.now)
        work.templates.save(template)
    return JSONResponse({"message": DELETED})


def kept(work: Work, call: Call, token: str) -> Template:
    template = work.templates.get(call.account_id, TemplateId(token))
    if template.deleted_at is not None:
        raise NotFound("template")
    return template


def _whole(call: Call, template: Template) -> Response:
    return JSONResponse(shown(template, links=call.services.links, now=call.now))
