"""Values are brought to one form, and what cannot be true is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacre.processing import checks
from lacre.processing.document_type import Kind
from lacre.processing.normal import normal, written
from tests.support.examples import PATIENT

LETTERED = ("3526", "0812", "ABC3", "4501", "DE35", "5500", "1000", "0010", "2410", "0001", "0241")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.CPF, "CPF: 529.982.247-25 SSP", "529.982.247-25"),
        (Kind.CPF, "529982247-25", "529.982.247-25"),
        (Kind.CPF, "5Z9.98Z.Z47-ZS", "529.982.247-25"),
        (Kind.CPF, "529.982.247-26", None),
        (Kind.CNPJ, "CNPJ 11.222.333/0001-81", "11.222.333/0001-81"),
        (Kind.CNPJ, "12.ABC.345/01DE-35", "12.ABC.345/01DE-35"),
        (Kind.CNPJ, "11. 222.333/0001-81", "11.222.333/0001-81"),
        (Kind.CNPJ, "1l.222.333/OOO1-81", "11.222.333/0001-81"),
        (Kind.TAX_ID, "529.982.247-25 e 11.222.333/0001-81", "529.982.247-25"),
        (Kind.DATE, "em 23/11/2026 10:00", "2026-11-23"),
        (Kind.DATE, "7 de março de 2026", "2026-03-07"),
        (Kind.DATE, "1º de JANEIRO de 2026", "2026-01-01"),
        (Kind.DATE, "23.11.26", "2026-11-23"),
        (Kind.DATE, "13/3/76", "1976-03-13"),
        (Kind.DATE, "2026-11-23", "2026-11-23"),
        (Kind.DATE, "31/02/2026", None),
        (Kind.MONEY, "R$ 1.234,56", "1234.56"),
        (Kind.MONEY, "12,50", "12.50"),
        (Kind.MONEY, "-1.000,00", "-1000.00"),
        (Kind.MONEY, "1.234", None),
        (Kind.DECIMAL, "13,0390", "13.0390"),
        (Kind.DECIMAL, "QTD 1.250,5", "1250.5"),
        (Kind.DECIMAL, "012", "12"),
        (Kind.DECIMAL, "UN", None),
        (Kind.CEP, "CEP 01310-100", "01310-100"),
        (Kind.CEP, "01.310-100", "01310-100"),
        (Kind.INTEGER, "Nº 000.001.024", "1024"),
        (Kind.NUMBER, "0012-3", "00123"),
        (Kind.UF, "São Paulo/sp", "SP"),
        (Kind.NAME, "  João D'Ávila & Filhos Ltda. ", "João D'Ávila & Filhos Ltda"),
        (Kind.NAME, "CONSTRUÇÕES ARAÚJO LTDA - CNPJ 11.444.777/0001-61", "CONSTRUÇÕES ARAÚJO LTDA"),
        (Kind.NAME, "Zilda Müller (CPF: 529.982.247-25)", "Zilda Müller"),
        (Kind.NAME, "12/34", None),
        (Kind.TEXT, " : a   b ", "a b"),
        (Kind.TEXT, "GOIÂNIA-SP", "GOIÂNIA - SP"),
        (Kind.TEXT, "Belém – PA", "Belém - PA"),
        (Kind.TEXT, "BR-101-SP", "BR-101-SP"),
        (Kind.ACCESS_KEY, f"CHAVE DE ACESSO {' '.join(LETTERED)}", "".join(LETTERED)),
        (Kind.ACCESS_KEY, "35260812ABC3450IDE35550010000010241000010241", None),
        (Kind.DRIVER_NUMBER, "Nº 62472927637", "62472927637"),
    ],
)
def test_a_value_is_found_in_its_text(kind: Kind, text: str, value: str | None) -> None:
    found = normal(kind, text)

    assert (found.value if found else None) == value


def test_the_line_of_a_boleto_is_found_beside_the_number_of_its_bank() -> None:
    rest = "13750000125000" + "1234567890123456789012345"
    line = checks.payment_line("3419" + checks.bar_code_digit("3419" + rest) + rest)

    found = normal(Kind.PAYMENT_LINE, f"Banco Itaú 341-7 {line[:5]}.{line[5:10]} {line[10:]}")

    assert found is not None
    assert found.value == line


NOT_AGAIN = (Kind.MONEY, Kind.DECIMAL, Kind.TEXT, Kind.NAME, Kind.NUMBER, Kind.UF)


@PATIENT
@given(st.sampled_from([one for one in Kind if one is not Kind.TABLE]), st.text(max_size=80))
def test_no_text_breaks_it_and_what_is_normal_stays_so(kind: Kind, text: str) -> None:
    found = normal(kind, text)

    if found is not None and kind not in (
        Kind.MONEY,
        Kind.DECIMAL,
        Kind.TEXT,
        Kind.NAME,
        Kind.NUMBER,
        Kind.UF,
    ):
        again = normal(kind, found.value)
        assert again is not None
        assert again.value == found.value


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.DATE, "2026-11-23", "23/11/2026"),
        (Kind.MONEY, "22587.85", "22.587,85"),
        (Kind.MONEY, "-0.50", "-0,50"),
        (Kind.CPF, "529.982.247-25", "529.982.247-25"),
        (Kind.TEXT, "a-b.c", "a-b.c"),
    ],
)
def test_a_value_is_written_as_it_is_in_brazil_and_means_the_same(kind: Kind, value: str, shown: str) -> None:
    found = normal(kind, shown)

    assert written(kind, value) == shown
    assert found is not None
    assert found.value == value
