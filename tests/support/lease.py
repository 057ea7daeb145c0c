"""A template of a lease in a house: some of what it asks is chosen, some is checked, some is known."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.kit.ids import TemplateId, new_uuid
from lacre.signing.inputs import Input, InputKind
from lacre.signing.template import Template, inputs_of
from lacre.web.form.questions import key_of
from tests.support.docx import docx_of
from tests.support.house import House

TAX_ID = Input(variable="cpf", label="CPF", kind=InputKind.CPF)
CITY = Input(variable="cidade", label="Cidade", kind=InputKind.LIST, options=("Itu", "São Luís"))
RENT = Input(variable="valor", label="Aluguel", kind=InputKind.MONEY)
NOTE = Input(variable="nota", label="Observações", required=False)
NAME = Input(variable="NOME", kind=InputKind.NAME)
LEASE = docx_of("Eu, {{NOME}}, CPF {{cpf}}, alugo em {{cidade}} por {{valor}}. {{nota}}")


def lease_in(house: House) -> Template:
    made = Template(
        id=TemplateId(new_uuid()),
        account_id=house.account_id,
        name="Locação",
        language="pt-br",
        source=house.services.files.keep_bytes(LEASE),
        created_at=house.now(),
        updated_at=house.now(),
        inputs=inputs_of(["NOME", "cpf", "cidade", "valor", "nota"]),
        intro="Preencha <b>com</b> calma.",
        video="abc123",
    )
    made.ask([TAX_ID, CITY, RENT, NOTE, NAME])
    with house.services.open_work() as work:
        work.templates.add(made)
    return made


def typed(answers: Mapping[Input, str]) -> dict[str, str]:
    """As a browser posts them."""
    return {key_of(one): value for one, value in answers.items()}
