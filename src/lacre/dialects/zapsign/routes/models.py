"""Documents made of templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign import errors, finding, later, signer
from lacre.dialects.zapsign.document import numbered, shown_extra
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.draft import draft
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.routes import creating
from lacre.dialects.zapsign.routes.creating import creator, whole
from lacre.dialects.zapsign.template import answers_said
from lacre.dialects.zapsign.template_wire import DocumentOfTemplate, ExtraOfTemplate
from lacre.kit.ids import EnvelopeId, SignerId, TemplateId
from lacre.kit.times import BRASILIA
from lacre.signing import actions
from lacre.signing.envelope import Envelope
from lacre.signing.inputs import known_answers
from lacre.signing.making import Made, Tools, make
from lacre.signing.ports import Unusable
from lacre.signing.template import Template
from lacre.signing.templating import leave_open, with_blanks


def create(call: Call) -> Response:
    """Created and sent in one; with one signer, whom others may be added to."""
    return whole(call, make_of_template(call, EnvelopeId(call.services.tokens.uuid())))


def create_later(call: Call) -> Response:
    """What can be judged without making it is refused at once; the rest is for the job."""
    said = call.read(DocumentOfTemplate)
    _begun(call, said, _template(call, said.template_id), EnvelopeId(call.services.tokens.uuid()))
    return JSONResponse({"token": later.promise(call, OF_TEMPLATE)})


def add_extra(call: Call) -> Response:
    """One more document for the same signers; 14 at most, until the first signature."""
    said = call.read(ExtraOfTemplate)
    token = call.named("doc")
    with call.services.open_work() as work:
        before = finding.by_any_document(work, call, token)
    _require_extendable(before, token)
    template = _template(call, said.template_id)
    answers = known_answers(
        template.inputs,
        answers_said(said.data),
        name=before.active_signers[0].name,
        today=_today(call),
        language=template.language,
    )
    made = _made(call, template, answers, before, name=template.name)
    with call.services.open_work() as work:
        envelope = finding.by_main_document(work, call, before.id)
        _require_extendable(envelope, token)
        number = work.envelopes.next_number(call.account_id)
        envelope.dialect_data = numbered(envelope, made.document.id, number)
        actions.add_document(work, envelope, made.document, made.fields, by=call.by, now=call.now)
    return JSONResponse(shown_extra(envelope, made.document, links=call.services.links, now=call.now))


def make_of_template(call: Call, envelope_id: EnvelopeId) -> Envelope:
    said = call.read(DocumentOfTemplate)
    template = _template(call, said.template_id)
    new = _begun(call, said, template, envelope_id)
    blanks = new.form.inputs if new.form else ()
    made = _made(call, template, with_blanks(new.answers, blanks), new, name=new.title)
    new.documents.append(made.document)
    new.fields = list(made.fields)
    with call.services.open_work() as work:
        new.number = work.envelopes.next_number(call.account_id)
        by_whom = creator(work, call, said.created_by or template.options.created_by)
        new.options = replace(new.options, created_by=by_whom)
        actions.create(work, new, by=call.by, now=call.now)
        actions.send(work, new, by=call.by, now=call.now)
    return new


OF_TEMPLATE = "document of a template"


def _begin_without_template(call: Call, envelope_id: EnvelopeId) -> Envelope:
    """It may be gone by now."""
    said = call.read(DocumentOfTemplate)
    plain = {"name": said.name or OF_TEMPLATE, "signers": [said.as_signer()]}
    return draft(call, said.model_copy(update=plain), envelope_id)


MAKERS: dict[str, later.Maker] = {
    **creating.MAKERS,
    OF_TEMPLATE: later.Maker(make=make_of_template, begin=_begin_without_template),
}
"""What may be promised, and how it is made when its time comes."""


def _begun(call: Call, said: DocumentOfTemplate, template: Template, envelope_id: EnvelopeId) -> Envelope:
    """What the template says of its documents, and over it what was said of this one."""
    about = said.as_signer()
    blank = template.first_signer(SignerId(call.services.tokens.uuid()), about.name)
    lang = said.lang if "lang" in said.model_fields_set else template.language
    plain = {"name": said.name or template.name, "lang": lang, "signers": [about]}
    new = draft(call, said.model_copy(update=plain), envelope_id)
    one = signer.changed(blank, about)
    new.signers = [signer.with_one_click(one, draw=said.require_signature) if said.one_click_active else one]
    if new.options.margin is not None:
        new.signers = [signer.simplified(one) for one in new.signers]
    new.template_id = template.id
    new.answers = known_answers(
        template.inputs, answers_said(said.data), name=about.name, today=_today(call), language=new.language
    )
    if not said.observers:
        new.options = replace(new.options, observers=template.options.observers)
    if said.signer_has_incomplete_fields:
        leave_open(new, template, new.signers[0])
    return new


def _made(call: Call, template: Template, answers: dict[str, str], envelope: Envelope, *, name: str) -> Made:
    services = call.services
    tools = Tools(
        files=services.files,
        text_documents=services.text_documents,
        intake=services.intake,
        new_id=services.tokens.uuid,
    )
    made = make(tools, template.source, answers, name=name, signers=envelope.active_signers)
    if isinstance(made, Unusable):
        raise errors.unusable(made)
    return made


def _template(call: Call, token: str) -> Template:
    with call.services.open_work() as work:
        template = work.templates.get(call.account_id, TemplateId(finding.uuid_said(token, "template")))
    template.require_usable()
    return template


def _require_extendable(envelope: Envelope, token: str) -> None:
    if token != envelope.id:
        raise Declined(400, "Não é possível adicionar um anexo a outro anexo.")
    finding.require_kept(envelope)
    envelope.require_open()
    finding.require_room(envelope)


def _today(call: Call) -> date:
    return call.now.astimezone(BRASILIA).date()
