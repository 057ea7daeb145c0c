"""Parts of a form: what several parties are told of by the same names."""

from __future__ import annotations

from datetime import date

import pytest

from lacre.processing.document_type import DocumentType, Field, Kind, Rule
from lacre.processing.extracting import extract
from tests.support.extractions import a_page

PROVIDER, CUSTOMER = ("Prestador de serviços",), ("Tomador de serviços", "Dados do tomador")


def name_in(section: tuple[str, ...], name: str) -> Field:
    return Field(name=name, title=name, kind=Kind.NAME, rules=(Rule(anchor=("Nome",), section=section),))


NOTE = DocumentType(
    number=1001,
    name="Nota",
    fields=(
        name_in(PROVIDER, "provider"),
        name_in(CUSTOMER, "customer"),
        name_in(("Intermediário",), "third"),
    ),
)


def found(*lines: str) -> dict[str, object]:
    return {one.field: one.value for one in extract(NOTE, [a_page(lines=lines)], on=date(2026, 11, 30))}


def test_a_name_is_of_the_party_whose_title_it_stands_under() -> None:
    values = found("PRESTADOR DE SERVIÇOS", "Nome: Ana", "Tomador de serviços", "Nome: Bruno")

    assert values == {"provider": "Ana", "customer": "Bruno", "third": None}


def test_a_party_without_its_name_gets_no_other_s() -> None:
    values = found("Prestador de serviços", "Tomador de serviços", "Intermediário", "Nome: Carla")

    assert values == {"provider": None, "customer": None, "third": "Carla"}


@pytest.mark.parametrize("title", ["DADOS D0 TOMADOR", "Tomador de serviços não identificado"])
def test_a_title_may_be_misread_and_go_on(title: str) -> None:
    assert found(title, "Nome: Bruno")["customer"] == "Bruno"


def test_without_its_title_nothing_is_of_a_section() -> None:
    assert found("Nome: Ana") == {"provider": None, "customer": None, "third": None}
