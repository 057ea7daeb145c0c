"""Forms and tables as they are printed: amounts at the right of their cells, columns that nobody asks for."""

from __future__ import annotations

from datetime import date

from lacre.processing.document_type import Column, DocumentType, Field, Kind, Rule
from lacre.processing.extracting import extract
from tests.support.extractions import a_page


def found(field: Field, *lines: str) -> object:
    of = DocumentType(number=1001, name="Nota", fields=(field,))
    (value,) = extract(of, [a_page(lines=lines)], on=date(2026, 11, 30))
    return value.value


def amount(name: str) -> Field:
    return Field(name="amount", title="", kind=Kind.MONEY, rules=(Rule(anchor=(name,)),))


FORM = (
    "VALOR DO FRETE              VALOR TOTAL",
    "                   0,00                         879,68",
)


def test_an_amount_stands_at_the_right_of_the_cell_that_its_name_begins() -> None:
    assert found(amount("Valor do frete"), *FORM) == "0.00"
    assert found(amount("Valor total"), *FORM) == "879.68"


def test_an_amount_in_another_s_cell_is_not_its_own() -> None:
    assert found(amount("Valor do frete"), FORM[0], "                              879,68") is None


ITEMS = Field(
    name="items",
    title="",
    kind=Kind.TABLE,
    columns=(
        Column(name="what", headers=("DESCRIÇÃO",)),
        Column(name="how_many", headers=("QTD.",), kind=Kind.DECIMAL),
        Column(name="each", headers=("V.UNIT.",), kind=Kind.DECIMAL),
    ),
)


def test_columns_that_nobody_asks_for_are_nobody_s() -> None:
    rows = found(
        ITEMS,
        "DESCRIÇÃO                NCM         UN      QTD.       V.UNIT.      ICMS",
        "Granola                  19041000    UN      6,0000     13,0390      12,00",
    )

    assert rows == [{"what": "Granola", "how_many": "6.0000", "each": "13.0390"}]
