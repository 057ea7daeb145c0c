"""Fields are found where people would look: beside or under their names, and never among them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lacre.processing.document_type import Column, DocumentType, Field, Kind, Part, Region, Rule, Where
from lacre.processing.extracting import confidence_of, extract
from lacre.processing.extraction import Value
from lacre.processing.layout import sheet_of
from lacre.processing.page import Box, Code, Page, Source, Word
from tests.support.extractions import a_page

DAY = date(2026, 11, 23)
NAME = Field(name="nome", title="Nome", kind=Kind.NAME, rules=(Rule(anchor=("Nome",)),))
MOTHER = Field(name="mae", title="Mãe", kind=Kind.NAME, rules=(Rule(anchor=("Nome da mãe",)),))
TOTAL = Field(name="total", title="Total", kind=Kind.MONEY, rules=(Rule(anchor=("Valor total",)),))


def found(lines: list[str], *fields: Field, **page: Any) -> dict[str, Any]:  # noqa: ANN401
    return {one.field: one.value for one in values(lines, *fields, **page)}


def values(lines: list[str], *fields: Field, codes: tuple[Code, ...] = ()) -> tuple[Value, ...]:
    read = a_page(1, lines)
    page = Page(
        number=1, width=read.width, height=read.height, words=read.words, codes=codes, source=Source.READ
    )
    return extract(DocumentType(number=1001, name="x", fields=fields), [page], on=DAY)


@pytest.mark.parametrize(
    "lines",
    [
        ["Valor total: R$ 10,00"],
        ["VALOR  TOTAL          R$ 10,00"],
        ["Valor total            Frete", "R$ 10,00               R$ 2,00"],
        ["Vaior total R$ 10,00"],
        ["Valortotal", "10,00"],
    ],
)
def test_an_amount_is_found_beside_its_name_or_under_it(lines: list[str]) -> None:
    assert found(lines, TOTAL) == {"total": "10.00"}


@pytest.mark.parametrize(
    ("anchor", "lines"),
    [
        ("Ag.", ["Ag.4402"]),
        ("Ag.", ["Ag.:4402"]),
        ("Agência", ["Agência:4402"]),
        ("Agência", ["Agência : 4402"]),
        ("Carteira / Agência", ["Carteira      Conta", "/Agência", "4402          77"]),
        ("Carteira / Agência", ["Carteira/Agência      Conta", "4402                  77"]),
        ("Carteira/Agência", ["Carteira / Agência      Conta", "4402                    77"]),
    ],
)
def test_a_name_is_found_however_its_words_were_joined_parted_or_broken(
    anchor: str, lines: list[str]
) -> None:
    agency = Field(name="agencia", title="", kind=Kind.NUMBER, rules=(Rule(anchor=(anchor,)),))

    assert found(lines, agency) == {"agencia": "4402"}


@pytest.mark.parametrize("text", ["10:22:31", "https://l.test", "1.234,56", "v1.0", "R$10,00"])
def test_what_is_one_word_stays_one(text: str) -> None:
    field = Field(name="x", title="", rules=(Rule(pattern=r"\S+"),))

    assert found([text], field) == {"x": text}


@pytest.mark.parametrize("line", ["CPF/CNPJ529.982.247-25", "CPF:529.982.247-25"])
def test_a_number_of_known_form_ends_the_name_before_it(line: str) -> None:
    person = Field(name="cpf", title="", kind=Kind.CPF, rules=(Rule(anchor=("CPF/CNPJ", "CPF")),))

    assert found([line], person) == {"cpf": "529.982.247-25"}


def test_rows_that_fall_across_the_page_stay_rows() -> None:
    """Askew by so much that the right end of a row is as low as the left end of the next."""
    rows = [["Nome", "Data", "Hora", "Total"], ["Ana", "23/11", "9h", "10,00"]]
    words = tuple(
        Word(text, Box(40 + 120 * place, 40 + 10 * number + 3 * place, 5 * len(text), 10), 1.0, 0)
        for number, row in enumerate(rows)
        for place, text in enumerate(row)
    )
    page = Page(number=1, width=595, height=842, words=words, codes=(), source=Source.READ)

    assert [[word.text for word in row.whole.words] for row in sheet_of(page).rows] == rows


PEOPLE = Field(
    name="p",
    title="",
    kind=Kind.TABLE,
    columns=(Column(name="nome", headers=("Nome",)), Column(name="cpf", headers=("CPF",), kind=Kind.CPF)),
)


@pytest.mark.parametrize(("heading", "is_one"), [("CPF", True), ("CPE", True), ("CEP", False), ("RG", False)])
def test_a_short_heading_may_have_one_letter_that_is_another(heading: str, is_one: bool) -> None:
    lines = [f"Nome                    {heading}", "Fabio Lopes             529.982.247-25"]

    assert (found(lines, PEOPLE)["p"] is not None) is is_one


def test_a_cell_may_be_wider_than_its_heading() -> None:
    lines = ["Nome                    CPF", "Fabio Aparecida Lopes   529.982.247-25"]

    assert found(lines, PEOPLE) == {"p": [{"nome": "Fabio Aparecida Lopes", "cpf": "529.982.247-25"}]}


def test_a_name_is_no_value_of_another() -> None:
    lines = ["Nome                    Nome da mãe", "Ana Dias                Carla Luz"]

    assert found(lines, NAME, MOTHER) == {"nome": "Ana Dias", "mae": "Carla Luz"}


def test_lines_with_colons_are_read_across() -> None:
    lines = ["Nome: Ana Dias", "Nome da mãe: Carla Luz"]

    assert found(lines, NAME, MOTHER) == {"nome": "Ana Dias", "mae": "Carla Luz"}


def test_what_is_not_there_is_none_and_counts_for_nothing() -> None:
    missing = values(["Nome: Ana Dias"], NAME, TOTAL)

    assert [(one.field, one.value, one.confidence) for one in missing] == [
        ("nome", "Ana Dias", 1.0),
        ("total", None, 0.0),
    ]
    assert confidence_of(DocumentType(number=1, name="x", fields=(NAME, TOTAL)), [], missing) == 1.0


def test_a_pattern_names_its_group() -> None:
    rule = Rule(pattern=r"pedido (?P<value>\d+) de")

    assert found(["Referente ao pedido 77 de ontem"], Field(name="p", title="", rules=(rule,))) == {"p": "77"}


def test_a_bar_code_is_read_and_says_more() -> None:
    bars = "10496137500001234561234567890123456789012345"
    codes = (Code("itf", bars, Box(1, 2, 3, 4)),)
    line = Field(name="linha", title="", kind=Kind.PAYMENT_LINE, rules=(Rule(code=("itf",)),))
    due = Field(name="vence", title="", kind=Kind.DATE, rules=(Rule(of="linha", part=Part.LINE_DUE_ON),))
    amount = Field(name="valor", title="", kind=Kind.MONEY, rules=(Rule(of="linha", part=Part.LINE_AMOUNT),))

    said = found([], line, due, amount, codes=codes)

    assert (said["vence"], said["valor"]) in (("2026-03-04", "1234.56"), (None, None))


def test_only_a_part_of_the_page_is_looked_at() -> None:
    rule = Rule(pattern=r"\d+", region=Region(top=0, bottom=10))

    assert found(["7", *[""] * 50, "8"], Field(name="n", title="", rules=(rule,))) == {"n": "7"}


def test_only_what_is_offered_is_a_value() -> None:
    state = Field(
        name="s",
        title="",
        choices=("Ativo", "Vencido"),
        rules=(Rule(anchor=("Situação",), where=Where.RIGHT),),
    )

    assert found(["Situação: VENCIDO"], state) == {"s": "Vencido"}
    assert found(["Situação: outra"], state) == {"s": None}


def test_rows_stand_under_their_headers() -> None:
    table = Field(
        name="itens", title="", kind=Kind.TABLE,
        columns=(
            Column(name="codigo", headers=("Código",)),
            Column(name="valor", headers=("Valor",), kind=Kind.MONEY),
        ),
    )  # fmt: skip
    lines = ["Código         Valor", "A-1            1,00", "B-2            2,50", "Fim"]

    assert found(lines, table) == {
        "itens": [{"codigo": "A-1", "valor": "1.00"}, {"codigo": "B-2", "valor": "2.50"}]
    }


def test_a_value_knows_its_place_on_the_page() -> None:
    (total,) = values(["", "Valor total: R$ 10,00"], TOTAL)

    assert (total.text, total.page) == ("10,00", 1)
    assert total.box is not None
    assert total.box.left > 100
