"""What fiscal says no to is told in the language of who reads it."""

from __future__ import annotations

import pytest

from lacre.engines.nfse.wording import problem
from lacre.fiscal.operation import Message
from lacre.web.console.fiscal_words import said_by_office, told

ASKED = Message(
    code="municipality_not_asked",
    text="Não foi possível consultar os parâmetros do município 3550308 antes de emitir: HTTP 503",
    facts=("3550308", "HTTP 503"),
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt-br", "Escolha entre 1, 2."),
        ("en", "Choose one of 1, 2."),
        ("es", "Elija entre 1, 2."),
    ],
)
def test_a_problem(language: str, said: str) -> None:
    assert told(problem("iss.suspension.kind", "Choose one of {0}.", fill="1, 2"), language) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt-br", ASKED.text),
        ("en", "The municipality 3550308 could not be asked before issuing: HTTP 503"),
        ("es", "No se pudo consultar al municipio 3550308 antes de emitir: HTTP 503"),
    ],
)
def test_what_we_say_in_the_place_of_the_tax_office(language: str, said: str) -> None:
    assert said_by_office(ASKED, language) == (said, "")


def test_the_tax_office_speaks_portuguese() -> None:
    theirs = Message(code="E0014", text="Conjunto já existe", remedy="Ajuste a sequência.")

    assert said_by_office(theirs, "es") == ("Conjunto já existe", "Ajuste a sequência.")


def test_what_was_kept_before_its_facts_were_is_told_as_it_was() -> None:
    old = Message(code="unreachable", text="refused: nobody listens")

    assert said_by_office(old, "en") == ("refused: nobody listens", "")
