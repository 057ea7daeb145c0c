"""CPF and CNPJ, with letters too."""

from __future__ import annotations

import pytest

from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf, show_tax_id


@pytest.mark.parametrize("text", ["529.982.247-25", "52998224725", "123.456.789-09"])
def test_a_true_cpf_is_known(text: str) -> None:
    assert is_cpf(text)


@pytest.mark.parametrize("text", ["529.982.247-26", "111.111.111-11", "5299822472", ""])
def test_a_false_cpf_is_known_too(text: str) -> None:
    assert not is_cpf(text)


@pytest.mark.parametrize("text", ["11.222.333/0001-81", "12.ABC.345/01DE-35", "12abc34501de35"])
def test_a_true_cnpj_may_carry_letters(text: str) -> None:
    assert is_cnpj(text)


@pytest.mark.parametrize("text", ["11.222.333/0001-80", "12.ABC.345/01DE-36", "00000000000000"])
def test_a_false_cnpj_is_known(text: str) -> None:
    assert not is_cnpj(text)


def test_they_are_shown_as_people_write_them() -> None:
    shown = [show_tax_id(one) for one in ("52998224725", "12ABC34501DE35", "passport 7")]

    assert shown == ["529.982.247-25", "12.ABC.345/01DE-35", "passport 7"]
    assert clean_tax_id(shown[1]) == "12ABC34501DE35"
