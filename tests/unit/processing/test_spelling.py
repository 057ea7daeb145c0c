"""Letters that were doubted are put right by how Portuguese is written, and those that were not stay."""

from __future__ import annotations

import pytest

from lacre.processing.letter import Letter
from lacre.processing.spelling import is_portuguese, spelled


@pytest.mark.parametrize(
    ("read", "doubts", "meant"),
    [
        ("1ª - As partes", {3: "–"}, "1ª – As partes"),
        ("1ª- As partes", {2: "–"}, "1ª– As partes"),
        ("São Paulo - SP", {}, "São Paulo - SP"),
        ("recém- e pré-", {5: "—"}, "recém- e pré-"),
        ("a _ b", {2: "—-–"}, "a – b"),
        ("a — b", {2: "–"}, "a — b"),
        ("2019-2021", {4: "–"}, "2019-2021"),
    ],
)
def test_a_dash_between_blanks_is_long_where_it_may_be(read: str, doubts: dict[int, str], meant: str) -> None:
    assert spelled(read, doubted(read, doubts)) == meant


@pytest.mark.parametrize(
    ("read", "doubts", "meant"),
    [
        ("CLÁusuLA", {}, "CLÁUSULA"),
        ("CNpj", {2: "P", 3: "J]"}, "CNPJ"),
        ("pRofissÃo", {0: "P", 3: "FpP", 4: "Il1"}, "PROFISSÃO"),
        ("FlLIAÇÃo", {1: "Ii"}, "FILIAÇÃO"),
        ("cPF", {}, "CPF"),
        ("CNpj", {2: "P"}, "CNpj"),
        ("Valor", {1: "A"}, "Valor"),
        ("NFe", {2: "E"}, "NFe"),
        ("eSocial", {}, "eSocial"),
        ("Srs", {}, "Srs"),
        ("Nº", {}, "Nº"),
    ],
)
def test_a_word_with_a_capital_inside_is_of_capitals(read: str, doubts: dict[int, str], meant: str) -> None:
    assert spelled(read, doubted(read, doubts)) == meant


@pytest.mark.parametrize(
    ("read", "at", "meant"),
    [
        ("acrilica", 3, "acrílica"),
        ("Logistica", 3, "Logística"),
        ("advocaticios", 7, "advocatícios"),
        ("Brasilia", 4, "Brasília"),
        ("liquido", 1, "líquido"),
        ("Aliquota", 2, "Alíquota"),
        ("possivel", 4, "possível"),
        ("moido", 2, "moído"),
        ("garantia", 6, "garantia"),
        ("verificação", 5, "verificação"),
        ("notifica", 4, "notifica"),
    ],
)
def test_an_i_before_an_ending_that_wants_it_has_its_accent(read: str, at: int, meant: str) -> None:
    assert spelled(read, doubted(read, {at: "í"})) == meant
    assert spelled(read, doubted(read, {})) == read


@pytest.mark.parametrize(
    ("read", "at", "may_be", "meant"),
    [
        ("MAGALHÄES", 6, "Ã", "MAGALHÃES"),
        ("GOIÄNIA", 3, "ÂA", "GOIÂNIA"),
        ("JÄGER", 1, "Ã", "JÄGER"),
        ("Niterói - Rj", 11, "J", "Niterói - RJ"),
        ("Medica ProfeSor", 12, "s", "Medica Profesor"),
        ("JavaScript", 4, "", "JavaScript"),
        ("mercadoría", 8, "i", "mercadoria"),
        ("saía", 2, "i", "saía"),
    ],
)
def test_what_portuguese_has_not_is_what_it_may_be(read: str, at: int, may_be: str, meant: str) -> None:
    assert spelled(read, doubted(read, {at: may_be})) == meant
    assert spelled(read, doubted(read, {})) == read


def test_a_state_behind_its_city_is_of_capitals() -> None:
    assert spelled("Goiânia - Go, Vitória - Es", doubted("Goiânia - Go, Vitória - Es", {})).endswith("ES")
    assert spelled("7ª – Os preços", doubted("7ª – Os preços", {})) == "7ª – Os preços"


def test_a_word_has_one_accent() -> None:
    assert (
        spelled("líquido e possuido", doubted("líquido e possuido", {4: "í", 15: "í"}))
        == "líquido e possuído"
    )


@pytest.mark.parametrize(
    ("text", "portuguese"),
    [
        ("El servicio de la compañía es un beneficio", False),
        ("O serviço da companhia é um benefício", True),
        ("NOME CPF FILIAÇÃO", True),
        ("The service of the company is a benefit", True),
    ],
)
def test_spanish_is_told_by_its_small_words(text: str, portuguese: bool) -> None:
    assert is_portuguese(text) is portuguese


def test_accents_of_another_language_are_left_to_its_reader() -> None:
    assert spelled("oficio", doubted("oficio", {3: "í"}), portuguese=False) == "oficio"


def test_a_zero_that_begins_a_sentence_is_a_letter() -> None:
    assert spelled("fim. 0 valor", doubted("fim. 0 valor", {5: "O"})) == "fim. O valor"
    assert spelled("fim. 0 valor", doubted("fim. 0 valor", {})) == "fim. 0 valor"
    assert spelled("0 valor", doubted("0 valor", {0: "O"})) == "O valor"
    assert spelled("0 km", doubted("0 km", {0: "O"})) == "0 km"
    assert spelled("tem 0 km", doubted("tem 0 km", {4: "O"})) == "tem 0 km"


def doubted(text: str, doubts: dict[int, str]) -> list[Letter]:
    return [Letter(sign, doubts.get(at, "")) for at, sign in enumerate(text)]
