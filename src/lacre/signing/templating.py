"""What is done with templates, and with the forms that their documents wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lacre.signing import errors
from lacre.signing.announcing import Actor, apply
from lacre.signing.envelope import Envelope
from lacre.signing.inputs import Input, OpenForm, unanswered
from lacre.signing.making import Made
from lacre.signing.repositories import SigningWork
from lacre.signing.signer import Signer
from lacre.signing.template import Template

BLANK = "________"
"""Stands in a document for what its first signer has yet to answer."""


def leave_open(envelope: Envelope, template: Template, signer: Signer) -> None:
    """Lets the signer answer the rest in a form first; nobody else has a turn before."""
    left = unanswered(template.inputs, envelope.answers)
    if not left:
        return
    envelope.options = replace(envelope.options, sequential=True)
    envelope.form = OpenForm(signer_id=signer.id, source=template.source, inputs=tuple(left))


def form_of(envelope: Envelope, signer: Signer) -> OpenForm | None:
    """What this signer has to answer before there is anything to read."""
    form = envelope.form
    waits = envelope.open and envelope.deleted_at is None
    return form if waits and form is not None and form.signer_id == signer.id else None


def with_blanks(answers: Mapping[str, str], left: tuple[Input, ...]) -> dict[str, str]:
    return {**answers, **{one.variable: BLANK for one in left}}


def fill_form(
    work: SigningWork,
    envelope: Envelope,
    made: Made,
    answers: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """The document with every answer takes the place of the one with blanks."""
    if envelope.form is None:
        raise errors.FormFilled
    apply(work, envelope, envelope.fill_form(made.document, made.fields, answers), by=by, now=now)
