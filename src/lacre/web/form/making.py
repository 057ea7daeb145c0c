"""From a filled form to a document: made outside of any transaction, kept in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from lacre.kit.ids import EnvelopeId, SignerId
from lacre.kit.times import BRASILIA
from lacre.services import Services
from lacre.signing import actions, templating
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.inputs import OpenForm, known_answers
from lacre.signing.making import Made, Tools, make
from lacre.signing.ports import Unusable
from lacre.signing.signer import Signer
from lacre.signing.template import Template
from lacre.web.form.questions import Filled, Person


def begin(services: Services, template: Template, filled: Filled, *, origin: Origin) -> Signer | Unusable:
    """A document of their own for whoever filled the form in, who is its first signer."""
    now = services.clock()
    envelope = _envelope(services, template, filled, now)
    signer = envelope.signers[0]
    made = make(
        _tools(services), template.source, envelope.answers, name=template.name, signers=envelope.signers
    )
    if isinstance(made, Unusable):
        return made
    envelope.documents.append(made.document)
    envelope.fields = list(made.fields)
    by = Actor(name=f"signer:{signer.id}", origin=origin)
    with services.open_work() as work:
        envelope.number = work.envelopes.next_number(envelope.account_id)
        actions.create(work, envelope, by=by, now=now)
        actions.send(work, envelope, by=by, now=now)
    return signer


def finish(
    services: Services, link: str, envelope: Envelope, form: OpenForm, filled: Filled, *, origin: Origin
) -> Unusable | None:
    """The signer's answers go into the document, which then is what they read and sign."""
    answers = {**envelope.answers, **filled.answers}
    made = make(
        _tools(services),
        form.source,
        answers,
        name=envelope.documents[0].name,
        signers=envelope.active_signers,
    )
    if isinstance(made, Unusable):
        return made
    _keep(services, link, made, answers, origin)
    return None


def _keep(services: Services, link: str, made: Made, answers: dict[str, str], origin: Origin) -> None:
    with services.open_work() as work:
        envelope, signer_id = work.envelopes.by_link(link)
        by = Actor(name=f"signer:{signer_id}", origin=origin)
        templating.fill_form(work, envelope, made, answers, by=by, now=services.clock())


def _envelope(services: Services, template: Template, filled: Filled, now: datetime) -> Envelope:
    signer = _introduced(
        template.first_signer(SignerId(services.tokens.uuid()), filled.person.name), filled.person
    )
    answers = known_answers(
        template.inputs, filled.answers, name=signer.name, today=_day(now), language=template.language
    )
    envelope = template.begin(EnvelopeId(services.tokens.uuid()), signer, answers, now=now)
    envelope.options = replace(envelope.options, created_through="web")
    return envelope


def _introduced(signer: Signer, person: Person) -> Signer:
    return replace(signer, email=person.email or signer.email, phone=person.phone or signer.phone)


def _tools(services: Services) -> Tools:
    return Tools(
        files=services.files,
        text_documents=services.text_documents,
        intake=services.intake,
        new_id=services.tokens.uuid,
    )


def _day(now: datetime) -> date:
    return now.astimezone(BRASILIA).date()
