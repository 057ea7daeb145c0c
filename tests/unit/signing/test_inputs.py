"""What people type into a form becomes what the document says, or is refused."""

from __future__ import annotations

from datetime import date

import pytest

from lacre.signing import errors
from lacre.signing.inputs import (
    LONGEST_ANSWER,
    Input,
    InputKind,
    day_in_words,
    known_answers,
    read_answer,
    unanswered,
)

WRITTEN = [
    (InputKind.TEXT, " Rua É, 3 ", "Rua É, 3"),
    (InputKind.TEXT, "um\r\ndois", "um\ndois"),
    (InputKind.EMAIL, "ana@example.test", "ana@example.test"),
    (InputKind.PHONE, "11987654321", "(11) 98765-4321"),
    (InputKind.PHONE, "+55 (11) 3456-7890", "(11) 3456-7890"),
    (InputKind.CPF, "12345678909", "123.456.789-09"),
    (InputKind.CNPJ, "12abc34501de35", "12.ABC.345/01DE-35"),
    (InputKind.MONEY, "1234", "R$ 1.234,00"),
    (InputKind.MONEY, "R$ 1.234.567,8", "R$ 1.234.567,80"),
    (InputKind.MONEY, "0,05", "R$ 0,05"),
    (InputKind.MONEY, "1234.50", "R$ 1.234,50"),
    (InputKind.DATE, "2026-11-29", "29/11/2026"),
    (InputKind.DATE, "29/11/2026", "29/11/2026"),
    (InputKind.DATE_IN_WORDS, "2026-03-01", "1 de março de 2026"),
]
REFUSED = [
    (InputKind.EMAIL, "ana"),
    (InputKind.EMAIL, "ana@example"),
    (InputKind.EMAIL, "ana@ example.test"),
    (InputKind.PHONE, "987654321"),
    (InputKind.PHONE, "(11) 88765-4321"),
    (InputKind.PHONE, "01 98765-4321"),
    (InputKind.PHONE, "11987654321 ou o outro"),
    (InputKind.CPF, "12345678900"),
    (InputKind.CPF, "12.ABC.345/01DE-35"),
    (InputKind.CNPJ, "12345678909"),
    (InputKind.MONEY, "1.23"[:3] + "4.5"),
    (InputKind.MONEY, "-1"),
    (InputKind.MONEY, "dez"),
    (InputKind.MONEY, "1" * 16),
    (InputKind.DATE, "2026-02-30"),
    (InputKind.DATE, "ontem"),
    (InputKind.DATE_IN_WORDS, "31/13/2026"),
    (InputKind.TEXT, "x" * (LONGEST_ANSWER + 1)),
]
COLOURS = ("Azul", "Verde", "Branco")


@pytest.mark.parametrize(("kind", "typed", "expected"), WRITTEN)
def test_it_is_written_as_people_write_it(kind: InputKind, typed: str, expected: str) -> None:
    assert read_answer(_asking(kind), [typed], language="pt-br") == expected


@pytest.mark.parametrize(("kind", "typed"), REFUSED)
def test_what_cannot_be_meant_is_refused(kind: InputKind, typed: str) -> None:
    with pytest.raises(errors.AnswerInvalid):
        read_answer(_asking(kind), [typed], language="pt-br")


def test_nothing_is_an_answer_only_where_none_is_required() -> None:
    with pytest.raises(errors.AnswerMissing, match="Nome da mãe"):
        read_answer(Input(variable="mae", label="Nome da mãe"), ["  "], language="pt-br")

    assert read_answer(Input(variable="mae", required=False), [], language="pt-br") == ""


def test_one_is_chosen_from_a_list_and_several_are_ticked() -> None:
    assert read_answer(_asking(InputKind.LIST), ["Verde"], language="pt-br") == "Verde"
    assert read_answer(_asking(InputKind.CHECKLIST), ["Branco", "Azul"], language="pt-br") == "Azul, Branco"


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (InputKind.CHOICE, ["Preto"]),
        (InputKind.CHOICE, ["Azul", "Verde"]),
        (InputKind.CHECKLIST, ["Azul", "Preto"]),
    ],
)
def test_what_is_not_on_offer_is_refused(kind: InputKind, typed: list[str]) -> None:
    with pytest.raises(errors.AnswerInvalid):
        read_answer(_asking(kind), typed, language="pt-br")


def test_days_are_said_in_the_document_s_language() -> None:
    day = date(2026, 11, 29)

    assert day_in_words(day, "pt-br") == "29 de novembro de 2026"
    assert day_in_words(day, "es") == "29 de noviembre de 2026"
    assert day_in_words(day, "en") == "November 29, 2026"
    assert read_answer(_asking(InputKind.DATE), ["2026-11-29"], language="en") == "2026-11-29"


def test_what_is_known_is_not_asked_and_gives_way_to_what_was_said() -> None:
    inputs = [
        Input(variable="nome", kind=InputKind.NAME),
        Input(variable="dia", kind=InputKind.SIGNING_DATE),
        Input(variable="rua", order=2),
        Input(variable="bairro", order=1),
        Input(variable="cidade", order=3),
    ]

    answers = known_answers(
        inputs, {"NOME": "Ana S.", "cidade": "Itu"}, name="Ana", today=date(2026, 1, 2), language="pt-br"
    )

    assert answers == {"dia": "02/01/2026", "NOME": "Ana S.", "cidade": "Itu"}
    assert [one.variable for one in unanswered(inputs, answers)] == ["bairro", "rua"]


def _asking(kind: InputKind) -> Input:
    return Input(variable="x", kind=kind, options=COLOURS)
