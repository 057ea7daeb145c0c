"""Templates in the console: brought, asked for, handed out and deleted."""

from __future__ import annotations

import re

import httpx2
import pytest

from lacre.kit.ids import AccountId
from lacre.signing.inputs import InputKind
from lacre.signing.template import Template
from tests.support.docx import docx_of
from tests.support.house import House
from tests.support.visitor import SAME_ORIGIN, Visitor, text_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def bring(ana: Visitor, *paragraphs: str, name: str = "", content: bytes | None = None) -> httpx2.Response:
    file = ("Locação.docx", content if content is not None else docx_of(*paragraphs), DOCX)
    said = {"form_token": ana.form_token, "name": name}
    return ana.client.post("/app/templates/new", data=said, files={"file": file}, headers=SAME_ORIGIN)


@pytest.fixture
def address(ana: Visitor) -> str:
    return bring(ana, "Eu, {{Nome}}, moro em {{Cidade}}.").headers["location"]


def only(house: House, account: AccountId) -> Template:
    with house.services.open_work() as work:
        (template,) = work.templates.find(account, offset=0, limit=9).items
    return template


def test_a_page_without_templates_says_what_they_are(ana: Visitor) -> None:
    assert "como {{CPF}}" in text_of(ana.open("/app/templates"))


def test_a_docx_becomes_a_template_with_a_form_for_everybody(
    ana: Visitor, house: House, account: AccountId, address: str
) -> None:
    page = ana.open(address)

    template = only(house, account)
    assert (template.name, [one.variable for one in template.inputs]) == ("Locação", ["Nome", "Cidade"])
    assert f"/verificar/doc/{template.id}" in page.text
    assert "{{Cidade}}" in text_of(page)
    assert "Locação" in text_of(ana.open("/app/templates"))
    assert template.options.created_by == ana.user.email


def test_how_variables_are_asked_for_is_changed(
    ana: Visitor, house: House, account: AccountId, address: str
) -> None:
    options = "Itu\n\nSorocaba\nItu"
    ana.send(
        f"{address}/form",
        **{"variable-0": "Nome", "kind-0": "name"},
        **{
            "variable-1": "Cidade",
            "kind-1": "choice",
            "label-1": "Onde?",
            "options-1": options,
            "order-1": "1",
        },
        intro="Bem-vindo",
    )

    template = only(house, account)
    (city,) = template.form
    assert (city.kind, city.label, city.options) == (InputKind.CHOICE, "Onde?", ("Itu", "Sorocaba"))
    assert (city.required, template.intro) == (False, "Bem-vindo")


def test_a_choice_without_options_comes_back_with_what_was_typed(
    ana: Visitor, house: House, account: AccountId, address: str
) -> None:
    typed = {"variable-1": "Cidade", "kind-1": "list", "label-1": "Onde mora?"}

    answer = ana.send(f"{address}/form", **typed)

    assert answer.status_code == 422
    assert "Escreva pelo menos uma opção." in text_of(answer)
    assert 'value="Onde mora?"' in answer.text
    assert [one.kind for one in only(house, account).inputs] == [InputKind.TEXT] * 2


def test_what_an_old_page_names_otherwise_stays(
    ana: Visitor, house: House, account: AccountId, address: str
) -> None:
    ana.send(f"{address}/form", **{"variable-0": "Outro", "kind-0": "cpf", "kind-1": "nothing"})

    assert [one.kind for one in only(house, account).inputs] == [InputKind.TEXT] * 2


@pytest.mark.parametrize(
    ("content", "says"), [(b"no docx", "Este arquivo não é PDF nem DOCX."), (b"", "Escolha um arquivo DOCX.")]
)
def test_a_file_that_is_no_docx_is_refused_and_the_name_stays(
    ana: Visitor, content: bytes, says: str
) -> None:
    answer = bring(ana, name="Aluguel", content=content)

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert 'value="Aluguel"' in answer.text


def test_a_deleted_template_is_gone(ana: Visitor, address: str) -> None:
    page = ana.send_and_look(f"{address}/delete")

    assert "O modelo “Locação” foi excluído." in text_of(page)
    assert ana.open(address).status_code == 404
    assert not re.search(r"/app/templates/[0-9a-f-]{36}", page.text)


def test_a_document_without_variables_asks_nothing(ana: Visitor) -> None:
    page = ana.open(bring(ana, "Sem variáveis").headers["location"])

    assert "não tem variáveis" in text_of(page)


def test_anothers_template_is_not_there(
    davi: Visitor, house: House, account: AccountId, address: str
) -> None:
    assert davi.open(address).status_code == 404
    assert davi.send(f"{address}/delete").status_code == 404
    assert "Locação" not in davi.open("/app/templates").text
    assert only(house, account).deleted_at is None
