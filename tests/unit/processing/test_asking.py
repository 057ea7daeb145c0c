"""A language model is asked for what rules did not find, and only what the pages say of its answer holds."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from lacre.kit.json import Json
from lacre.processing.asking import MOST_CHARACTERS, Heard, heard, joined, missing, question
from lacre.processing.document_type import Column, DocumentType, Field, Kind
from lacre.processing.extraction import Finder, Reply, Value
from tests.support.extractions import a_page

TOTAL = Field(name="total", title="Total", kind=Kind.MONEY)
WHO = Field(name="quem", title="Quem paga", kind=Kind.NAME)
CPF = Field(name="cpf", title="CPF", kind=Kind.CPF)
DAY = Field(name="dia", title="Dia", kind=Kind.DATE)
PAID = Field(name="pago", title="Pago", choices=("Cartão", "PIX"))
ITEMS = Field(
    name="itens",
    title="Itens",
    kind=Kind.TABLE,
    columns=(
        Column(name="que", headers=("Descrição",)),
        Column(name="valor", headers=("Valor",), kind=Kind.MONEY),
    ),
)
PAGE = a_page(
    1,
    [
        "Recebi de MARIA DA SILVA, CPF 529.982.247-25,",
        "a importância de R$ 1.234,56 em 23 de novembro de 2026, por PIX.",
        "Parafuso      10,00",
        "Porca e      2,50",
        "arruela",
    ],
)


def hear(field: Field, said: Json) -> Heard:
    return heard([field], {field.name: said}, [PAGE])


@pytest.mark.parametrize(
    ("field", "said", "value", "text"),
    [
        (TOTAL, "R$ 1.234,56", "1234.56", "1.234,56"),
        (TOTAL, "1234.56", "1234.56", "1.234,56"),
        (WHO, "Maria da Silva", "MARIA DA SILVA", "MARIA DA SILVA,"),
        (CPF, "52998224725", "529.982.247-25", "529.982.247-25,"),
        (DAY, "2026-11-23", "2026-11-23", "23 de novembro de 2026,"),
        (PAID, "pix", "PIX", "PIX."),
        (Field(name="x", title="x"), "Porca e arruela", None, None),
        (Field(name="x", title="x"), "por PIX. Parafuso", "por PIX. Parafuso", "por PIX. Parafuso"),
    ],
)
def test_a_value_is_what_the_page_says_of_it(
    field: Field, said: Json, value: str | None, text: str | None
) -> None:
    found = hear(field, said).values

    assert [(one.value, one.text, one.page, one.found_by) for one in found] == (
        [(value, text, 1, Finder.MODEL)] if value else []
    )


@pytest.mark.parametrize(
    ("field", "said", "reply"),
    [
        (TOTAL, "R$ 1.234,57", Reply.NOT_ON_PAGE),
        (WHO, "Maria Silva", Reply.NOT_ON_PAGE),
        (WHO, "ARIA DA SILVA", Reply.NOT_ON_PAGE),
        (CPF, "111.444.777-35", Reply.NOT_ON_PAGE),
        (CPF, "529.982.247-26", Reply.NOT_USABLE),
        (PAID, "Boleto", Reply.NOT_USABLE),
        (PAID, "Cartão", Reply.NOT_ON_PAGE),
        (DAY, "ontem", Reply.NOT_USABLE),
        (TOTAL, {"value": 1}, Reply.NOT_USABLE),
        (TOTAL, True, Reply.NOT_USABLE),
        (ITEMS, "Parafuso", Reply.NOT_USABLE),
    ],
)
def test_what_it_made_up_is_dropped_and_said(field: Field, said: Json, reply: Reply) -> None:
    outcome = hear(field, said)

    assert outcome.values == ()
    assert [(one.code, one.field) for one in outcome.remarks] == [(reply, field.name)]
    assert outcome.remarks[0].detail == str(said)


@pytest.mark.parametrize("said", [None, "", []])
def test_nothing_is_an_answer(said: Json) -> None:
    assert hear(TOTAL, said) == Heard()


def test_rows_of_a_table_lose_the_cells_that_stand_nowhere() -> None:
    rows = [{"que": "Parafuso", "valor": "10,00"}, {"que": "Prego", "valor": "2,50"}, {"que": "Broca"}]

    outcome = hear(ITEMS, rows)

    assert outcome.values[0].value == [{"que": "Parafuso", "valor": "10.00"}, {"que": None, "valor": "2.50"}]
    assert [one.detail for one in outcome.remarks] == ["Prego", "Broca"]


def test_only_check_digits_make_it_sure() -> None:
    sure, unsure = hear(CPF, "529.982.247-25").values[0], hear(WHO, "Maria da Silva").values[0]

    assert (sure.confidence, unsure.confidence) == (1.0, 0.85)


def test_it_is_asked_for_what_is_missing_and_no_more() -> None:
    of = DocumentType(number=1001, name="Recibo", fields=(TOTAL, WHO, ITEMS))
    by_rules = (Value(field="total", value="1.00"), Value(field="quem", value=None))

    asked = question(of, missing(of, by_rules), [PAGE])

    properties = cast("dict[str, Any]", asked.schema["properties"])
    assert list(properties) == ["quem", "itens"]
    assert "MARIA DA SILVA" in asked.text
    assert '"que": ' in json.dumps(asked.schema)
    assert properties["quem"] == {"type": ["string", "null"]}


def test_no_more_of_a_document_is_shown_than_a_small_model_holds() -> None:
    pages = [a_page(number, ["palavra " * 40] * 40) for number in range(1, 9)]

    asked = question(DocumentType(number=1001, name="x", fields=(TOTAL,)), [TOTAL], pages)

    assert MOST_CHARACTERS < len(asked.text) < MOST_CHARACTERS + 500


def test_what_the_rules_found_stays() -> None:
    rules = (Value(field="total", value="1.00"), Value(field="quem", value=None))
    said = (Value(field="quem", value="Maria", found_by=Finder.MODEL),)

    assert [one.value for one in joined(rules, said)] == ["1.00", "Maria"]
