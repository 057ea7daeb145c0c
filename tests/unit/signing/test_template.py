"""Templates, what they ask, and envelopes whose first signer has a form to fill in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lacre.kit.ids import AccountId, Digest, DocumentId, EnvelopeId, SignerId, TemplateId
from lacre.signing import errors
from lacre.signing.envelope import Envelope
from lacre.signing.inputs import Input, InputKind
from lacre.signing.signer import Signer
from lacre.signing.snapshot import freeze, thaw
from lacre.signing.template import Template, inputs_of
from lacre.signing.templating import BLANK, leave_open, with_blanks
from tests.support.contracts import BRUNO, CARLA, NOON, an_act, sent_contract


def test_variables_that_differ_in_case_alone_are_one_question() -> None:
    asked = inputs_of(["NOME", "cidade", "Nome"])

    assert [(one.variable, one.order) for one in asked] == [("NOME", 1), ("cidade", 2)]


def test_a_form_says_how_its_variables_are_asked_for() -> None:
    template = _template()

    template.ask([Input(variable="cor", kind=InputKind.LIST, options=("Azul",))])

    assert [(one.variable, one.kind) for one in template.form] == [
        ("cor", InputKind.LIST),
        ("rua", InputKind.TEXT),
    ]


@pytest.mark.parametrize(
    ("one", "refusal"),
    [
        (Input(variable="mar"), errors.VariableUnknown),
        (Input(variable="cor", kind=InputKind.LIST), errors.OptionsMissing),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(one: Input, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        _template().ask([one])


def test_a_deleted_or_inactive_template_is_not_used() -> None:
    deleted, inactive = _template(), replace(_template(), active=False)
    deleted.delete(now=NOON)

    for template in (deleted, inactive):
        with pytest.raises(errors.TemplateClosed):
            template.require_usable()


def test_an_envelope_of_it_knows_its_answers_and_survives_being_kept() -> None:
    template = _template()
    signer = template.first_signer(SignerId("s"), "Ana")

    envelope = template.begin(EnvelopeId("e"), signer, {"cor": "Azul"}, now=NOON)
    leave_open(envelope, template, signer)

    assert (envelope.template_id, envelope.answers) == (template.id, {"cor": "Azul"})
    assert envelope.form is not None
    assert [one.variable for one in envelope.form.inputs] == ["rua"]
    assert with_blanks(envelope.answers, envelope.form.inputs) == {"cor": "Azul", "rua": BLANK}
    assert envelope.options.sequential
    assert thaw(freeze(envelope)) == envelope


def test_with_every_answer_given_there_is_no_form() -> None:
    template = _template()
    envelope = template.begin(
        EnvelopeId("e"), Signer(id=SignerId("s"), name="Ana"), {"COR": "Azul", "rua": "X"}, now=NOON
    )

    leave_open(envelope, template, envelope.signers[0])

    assert envelope.form is None
    assert not envelope.options.sequential


def test_nobody_has_a_turn_before_the_form_is_filled_in_and_its_signer_cannot_sign() -> None:
    envelope = _with_form()

    assert [envelope.their_turn(one) for one in envelope.signers] == [True, False]
    with pytest.raises(errors.FormNotFilled):
        envelope.sign(an_act(BRUNO, at=NOON))


def test_the_filled_document_takes_the_place_of_the_one_with_blanks() -> None:
    envelope = _with_form()
    blank = envelope.documents[0]
    whole = replace(blank, id=DocumentId("other"), name="", original=Digest("9" * 64))

    envelope.fill_form(whole, [], {"rua": "Direita"})

    assert envelope.form is None
    assert envelope.documents[0] == replace(blank, original=Digest("9" * 64))
    assert envelope.answers == {"rua": "Direita"}
    with pytest.raises(errors.FormFilled):
        envelope.fill_form(whole, [], {})


def test_a_form_goes_with_its_signer() -> None:
    envelope = _with_form()

    envelope.remove_signer(BRUNO, now=NOON + timedelta(hours=1))

    assert envelope.form is None
    assert envelope.their_turn(envelope.signer(CARLA))


def _template() -> Template:
    return Template(
        id=TemplateId("t"),
        account_id=AccountId("a"),
        name="Contrato",
        language="pt-br",
        source=Digest("1" * 64),
        created_at=NOON,
        updated_at=NOON,
        inputs=inputs_of(["cor", "rua"]),
    )


def _with_form() -> Envelope:
    envelope = sent_contract()
    template = _template()
    leave_open(envelope, template, envelope.signer(BRUNO))
    return envelope
