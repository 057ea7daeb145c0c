"""CPF and CNPJ: cleaned, checked, shown. CNPJ may carry letters since July 2026 (IN RFB 2.229/2024)."""

from __future__ import annotations

import re

_CPF = re.compile(r"\d{11}")
_CNPJ = re.compile(r"[0-9A-Z]{12}\d{2}")


def clean_tax_id(text: str) -> str:
    """Letters and digits only, upper case: `"12.ABC.345/01DE-35"` → `"12ABC34501DE35"`."""
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()


def is_cpf(text: str) -> bool:
    clean = clean_tax_id(text)
    return bool(_CPF.fullmatch(clean)) and len(set(clean)) > 1 and clean[9:] == _cpf_digits(clean[:9])


def is_cnpj(text: str) -> bool:
    clean = clean_tax_id(text)
    return bool(_CNPJ.fullmatch(clean)) and len(set(clean)) > 1 and clean[12:] == _cnpj_digits(clean[:12])


def show_tax_id(text: str) -> str:
    """`"12345678909"` → `"123.456.789-09"`; anything that is neither comes back as it was."""
    clean = clean_tax_id(text)
    if is_cpf(clean):
        return f"{clean[:3]}.{clean[3:6]}.{clean[6:9]}-{clean[9:]}"
    if is_cnpj(clean):
        return f"{clean[:2]}.{clean[2:5]}.{clean[5:8]}/{clean[8:12]}-{clean[12:]}"
    return text


def _cpf_digits(base: str) -> str:
    first = _check_digit(base, range(10, 1, -1))
    return first + _check_digit(base + first, range(11, 1, -1))


def _cnpj_digits(base: str) -> str:
    weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    first = _check_digit(base, weights[1:])
    return first + _check_digit(base + first, weights)


def _check_digit(base: str, weights: range | list[int]) -> str:
    # a letter counts as its ASCII code less 48: A = 17 … Z = 42
    total = sum((ord(sign) - 48) * weight for sign, weight in zip(base, weights, strict=True))
    rest = total % 11
    return "0" if rest < 2 else str(11 - rest)
