"""A form makes a document for each visitor, or finishes the one that waits for its signer."""

from __future__ import annotations

import subprocess

import httpx2
import pytest

from lacre.kit.ids import EnvelopeId, SignerId, new_uuid
from lacre.signing import actions
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.signing.making import Made, Tools, make
from lacre.signing.template import Template
from lacre.signing.templating import leave_open, with_blanks
from lacre.web.form.questions import key_of
from tests.support.house import House
from tests.support.lease import CITY, NAME, NOTE, RENT, TAX_ID, lease_in, typed

ANSWERS = {CITY: "São Luís", RENT: "1234,5", TAX_ID: "12345678909"}
WHO = {"name": "Conceição Araújo", "email": "c@example.test", "phone": ""}


@pytest.fixture
def template(house: House) -> Template:
    return lease_in(house)


def test_the_form_asks_what_is_not_known(client: httpx2.Client, template: Template) -> None:
    page = client.get(f"/verificar/doc/{template.id}").text

    for one in (CITY, RENT, TAX_ID, NOTE):
        assert f'name="{key_of(one)}"' in page
    assert f'name="{key_of(NAME)}"' not in page
    assert "Preencha &lt;b&gt;com&lt;/b&gt; calma." in page
    assert "https://www.youtube.com/watch?v=abc123" in page


def test_each_visitor_gets_a_document_of_their_own(
    house: House, client: httpx2.Client, template: Template
) -> None:
    rooms = [client.post(f"/verificar/doc/{template.id}", data=WHO | typed(ANSWERS)) for _ in range(2)]

    assert [room.status_code for room in rooms] == [303, 303]
    assert rooms[0].headers["location"] != rooms[1].headers["location"]
    envelope = _at(house, rooms[0].headers["location"])
    assert "Eu, Conceição Araújo, CPF 123.456.789-09, alugo em São Luís por R$ 1.234,50." in _text(
        house, envelope
    )
    assert (envelope.template_id, envelope.options.created_through) == (template.id, "web")
    assert envelope.answers["valor"] == "R$ 1.234,50"
    assert client.get(rooms[0].headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({key_of(TAX_ID): "12345678900"}, "Este CPF não existe"),
        ({key_of(RENT): "muito"}, "Escreva um valor"),
        ({key_of(CITY): "Natal"}, "Escolha uma das opções."),
        ({key_of(CITY): ""}, "Responda: é obrigatório."),
        ({"name": " "}, "Escreva seu nome completo."),
        ({"email": "c"}, "Escreva um endereço de e-mail"),
        ({"phone": "123"}, "Escreva o DDD"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    client: httpx2.Client, template: Template, change: dict[str, str], said: str
) -> None:
    answer = client.post(f"/verificar/doc/{template.id}", data=WHO | typed(ANSWERS) | change)

    assert answer.status_code == 422
    assert said in answer.text
    if "name" not in change:
        assert 'value="Conceição Araújo"' in answer.text


def test_a_template_that_is_not_in_use_has_no_form(
    house: House, client: httpx2.Client, template: Template
) -> None:
    with house.services.open_work() as work:
        kept = work.templates.get(template.account_id, template.id)
        kept.active = False
        work.templates.save(kept)

    for path in (template.id, new_uuid(), "x"):
        assert client.get(f"/verificar/doc/{path}").status_code == 404
        assert client.post(f"/verificar/doc/{path}", data=WHO).status_code == 404


def test_a_signer_answers_the_rest_before_they_read(
    house: House, client: httpx2.Client, template: Template
) -> None:
    room = _waiting(house, template)
    form = f"{room}/form"

    assert client.get(room).headers["location"] == form
    page = client.get(form).text
    assert f'name="{key_of(RENT)}"' in page
    assert f'name="{key_of(CITY)}"' not in page
    assert 'name="email"' not in page
    assert client.post(form, data={}).status_code == 422
    done = client.post(form, data=typed({RENT: "10", TAX_ID: "12345678909"}))
    again = client.post(form, data=typed({RENT: "99", TAX_ID: "12345678909"}))

    assert (done.status_code, done.headers["location"]) == (303, room)
    assert again.headers["location"] == room
    envelope = _at(house, room)
    assert "CPF 123.456.789-09, alugo em Itu por R$ 10,00." in _text(house, envelope)
    assert envelope.answers == {
        "NOME": "Rui Sá",
        "cidade": "Itu",
        "cpf": "123.456.789-09",
        "valor": "R$ 10,00",
    }
    assert client.get(room).status_code == 200


def test_whoever_came_by_one_click_goes_back_by_it(
    house: House, client: httpx2.Client, template: Template
) -> None:
    room = _waiting(house, template).replace("/verificar/", "/verificar/oneclick/")

    form = client.get(room).headers["location"]
    done = client.post(form, data=typed({RENT: "10", TAX_ID: "12345678909"}))

    assert form == f"{room}/form"
    assert done.headers["location"] == room


def test_no_other_page_answers_in_a_signer_s_name(
    house: House, client: httpx2.Client, template: Template
) -> None:
    form = f"{_waiting(house, template)}/form"

    assert client.post(form, data={}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_form_of_a_document_that_was_canceled_leads_to_the_room(
    house: House, client: httpx2.Client, template: Template
) -> None:
    room = _waiting(house, template)
    with house.services.open_work() as work:
        envelope, _ = work.envelopes.by_link(room.rpartition("/")[2])
        actions.cancel(work, envelope, "mudou", by=Actor(name="user:ana"), now=house.now())

    assert client.get(f"{room}/form").headers["location"] == room
    assert client.get(room).status_code == 200


def _at(house: House, room: str) -> Envelope:
    with house.services.open_work() as work:
        return work.envelopes.by_link(room.rpartition("/")[2])[0]


def _text(house: House, envelope: Envelope) -> str:
    with house.services.files.local(envelope.documents[0].original) as file:
        done = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def _waiting(house: House, template: Template) -> str:
    """The path of the room of a signer who has the rest to answer."""
    services = house.services
    signer = template.first_signer(SignerId(new_uuid()), "Rui Sá")
    given = {"NOME": "Rui Sá", "cidade": "Itu"}
    envelope = template.begin(EnvelopeId(new_uuid()), signer, given, now=house.now())
    leave_open(envelope, template, signer)
    assert envelope.form is not None
    tools = Tools(
        files=services.files,
        text_documents=services.text_documents,
        intake=services.intake,
        new_id=services.tokens.uuid,
    )
    answers = with_blanks(given, envelope.form.inputs)
    made = make(tools, template.source, answers, name=template.name, signers=[signer])
    assert isinstance(made, Made)
    envelope.documents.append(made.document)
    with services.open_work() as work:
        envelope.number = work.envelopes.next_number(envelope.account_id)
        actions.create(work, envelope, by=Actor(name="user:ana"), now=house.now())
        actions.send(work, envelope, by=Actor(name="user:ana"), now=house.now())
    return f"/verificar/{services.links.signer_token(signer.id, 0)}"
