"""What signers are asked to say: which answers are taken, and which are not."""

from __future__ import annotations

import pytest

from lacre.signing import errors
from lacre.signing.asking import AnswerKind, Question

CPF = "529.982.247-25"


def question(**said: object) -> Question:
    return Question(**{"key": "k", "label": "Dado", **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "length", "typed", "kept"),
    [
        (AnswerKind.TEXT, 0, "  Rua A, 5 ", "Rua A, 5"),
        (AnswerKind.CPF, 0, CPF, "52998224725"),
        (AnswerKind.CNPJ, 0, "12.ABC.345/01DE-35", "12ABC34501DE35"),
        (AnswerKind.DIGITS, 11, "123.456.789-01", "12345678901"),
    ],
)
def test_an_answer_is_kept_as_it_is_compared(kind: AnswerKind, length: int, typed: str, kept: str) -> None:
    assert question(kind=kind, length=length).read(typed) == kept


@pytest.mark.parametrize(
    ("kind", "length", "typed"),
    [
        (AnswerKind.CPF, 0, "111.111.111-11"),
        (AnswerKind.CNPJ, 0, "12.345.678/0001-00"),
        (AnswerKind.DIGITS, 0, "12a"),
        (AnswerKind.DIGITS, 11, "123"),
        (AnswerKind.TEXT, 0, "x" * 501),
    ],
)
def test_what_is_no_such_thing_is_refused(kind: AnswerKind, length: int, typed: str) -> None:
    with pytest.raises(errors.ValueInvalid):
        question(kind=kind, length=length).read(typed)


def test_nothing_is_an_answer_only_where_none_is_required() -> None:
    assert question(required=False).read(" ") == ""
    with pytest.raises(errors.ValueMissing):
        question().read(" ")


def test_what_the_sender_knows_is_shown_or_compared() -> None:
    shown, compared = question(known="Ana"), question(known="Ana Sá", check=True)

    assert (shown.shown, compared.shown) == ("Ana", "")
    assert compared.read("ANA  SÁ") == "ANA  SÁ"
    with pytest.raises(errors.AnswerDiffers):
        compared.read("Eva")
