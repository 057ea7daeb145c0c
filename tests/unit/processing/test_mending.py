"""Numbers and signs that were read wrong are mended by grammar, and nothing is made up."""

from __future__ import annotations

import pytest

from lacre.processing.letter import Letter
from lacre.processing.mending import mended, run_together


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("R$ 59.991.97", "R$ 59.991,97"),
        ("R$ 0.92", "R$ 0,92"),
        ("R$ O,48", "R$ 0,48"),
        ("RS 8.411,49", "R$ 8.411,49"),
        ("1,476.717,66", "1.476.717,66"),
        ("CPF sob o n° 1", "CPF sob o nº 1"),
        ("N° DE REGISTRO", "Nº DE REGISTRO"),
        ("art. 26, § 1°, do Código", "art. 26, § 1º, do Código"),
        ("CLÁusuLA 8ª", "CLÁUSULA 8ª"),
        ("CONCEIÇAO e as prestaçoes", "CONCEIÇÃO e as prestações"),
        ("Item | Qtde.| [A-1", "Item   Qtde.   A-1"),
        ("30] 22,30 6,12]", "30  22,30 6,12 "),
    ],
)
def test_what_has_one_right_form_is_put_into_it(read: str, meant: str) -> None:
    assert mended(sure(read)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "36.5 °C e 40° C",
        "versão 12.50",
        "item 1.2.3",
        "10.0.0.12",
        "NFS-e",
        "R$ 1.234,56",
        "Lei nº 13.709/2018",
        "192.168.1.100",
        "os Srs.",
        "a caçada, o laço e o aço",
        "a|b",
        "vide [1] e [2]",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert mended(sure(text)) == text


def test_a_point_that_its_reader_doubted_is_a_comma() -> None:
    assert mended([*sure("12"), Letter(".", ","), *sure("50")]) == "12,50"


def test_the_one_doubted_digit_that_makes_a_cpf_right_is_taken() -> None:
    letters = sure("071.523.837-07")
    letters[4] = Letter("6", "85")

    assert mended(letters) == "071.523.837-07"


def test_a_cpf_without_doubts_stays_wrong() -> None:
    assert mended(sure("071.523.837-08")) == "071.523.837-08"


def test_a_bar_of_a_cnpj_that_was_read_as_a_letter_is_mended() -> None:
    assert mended(sure("73.593.387I0002-91")) == "73.593.387/0002-91"


def test_a_digit_that_check_digits_want_twice_was_run_together() -> None:
    assert run_together("CNPJ 28.920.777/001-93, bem") == [17]
    assert run_together("CPF 071.523.837-07 e 071.52.837-07") == []


def test_a_doubted_capital_i_before_an_h_is_an_l() -> None:
    assert mended([Letter("I", "l"), *sure("he der")]) == "lhe der"
    assert mended(sure("Ihering")) == "Ihering"


@pytest.mark.parametrize(
    ("read", "may_be", "meant"),
    [
        ("FILIAÇÃ0", "O", "FILIAÇÃO"),
        ("0távio", "O", "Otávio"),
        ("Endereç0 CEP", "o", "Endereço CEP"),
        ("CLÁUSULA 1a – A", "ª", "CLÁUSULA 1ª – A"),
        ("CLÁUSULA gª", "9", "CLÁUSULA 9ª"),
    ],
)
def test_a_sign_that_may_be_its_double_is_what_its_neighbours_say(read: str, may_be: str, meant: str) -> None:
    assert mended([Letter(sign, may_be if sign in "01ag" else "") for sign in read]) == meant
    assert mended(sure(read)) == read


@pytest.mark.parametrize("text", ["A0123", "0 km", "10 o", "R$ 0,90", "5W-30", "0,5 g", "X0.1"])
def test_a_zero_of_a_number_stays(text: str) -> None:
    assert mended([Letter(sign, "Oo" if sign == "0" else "") for sign in text]) == text


def sure(text: str) -> list[Letter]:
    return [Letter(sign) for sign in text]
