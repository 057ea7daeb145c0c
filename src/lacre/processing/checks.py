"""Check digits of Brazil's documents, and what their numbers say."""

from __future__ import annotations

import re
from datetime import date, timedelta

from lacre.kit.tax_ids import is_cnpj, is_cpf

LINE_DIGITS, UTILITY_DIGITS, BAR_DIGITS = 47, 48, 44
UFS = {
    "11": "RO", "12": "AC", "13": "AM", "14": "RR", "15": "PA", "16": "AP", "17": "TO", "21": "MA",
    "22": "PI", "23": "CE", "24": "RN", "25": "PB", "26": "PE", "27": "AL", "28": "SE", "29": "BA",
    "31": "MG", "32": "ES", "33": "RJ", "35": "SP", "41": "PR", "42": "SC", "43": "RS", "50": "MS",
    "51": "MT", "52": "GO", "53": "DF",
}  # fmt: skip
"""By the IBGE's codes, as an access key begins with."""

_KEY = re.compile(r"[0-9]{6}[0-9A-Z]{12}[0-9]{26}")
_SERVICE_KEY = re.compile(r"[0-9]{7}[12]{2}[0-9A-Z]{12}[0-9]{29}")
_SERVICE_KEY_SIGNS = 50

# FEBRABAN's factor counts days from the first; after 9999 it began again at 1000, on 22 February 2025
_FIRST_BASE, _SECOND_BASE = date(1997, 10, 7), date(2022, 5, 29)
_LONGEST_OVERDUE = timedelta(days=3000)


def is_access_key(key: str) -> bool:
    """Of a NF-e, NFC-e, CT-e …: the last of 44 checks the others (Manual de Orientação do Contribuinte).

    Letters only in a CNPJ that holds by itself: one that was misread for a digit makes none.
    """
    if not _KEY.fullmatch(key) or key[:2] not in UFS or key[-1] != _mod_11(key[:-1]):
        return False
    return key.isdecimal() or is_cnpj(key[6:20])


def is_service_key(key: str) -> bool:
    """Of a national NFS-e: the last of 50 checks the others; who issued it comes after 9 digits."""
    if not _SERVICE_KEY.fullmatch(key) or key[:2] not in UFS or key[-1] != _mod_11(key[:-1]):
        return False
    return is_cnpj(key[9:23]) if key[8] == "2" else is_cpf(key[12:23])


def is_payment_line(digits: str) -> bool:
    """Of a boleto (47 digits) or of a tax or utility bill (48)."""
    if _are_digits(digits, UTILITY_DIGITS):
        return _is_utility_line(digits)
    if not _are_digits(digits, LINE_DIGITS) or digits[0] == "8":
        return False
    fields = (digits[:10], digits[10:21], digits[21:32])
    return all(one[-1] == mod_10(one[:-1]) for one in fields) and is_bar_code(bar_code(digits))


def is_bar_code(digits: str) -> bool:
    """Of a boleto: its fifth digit checks the others, and is never 0."""
    if not _are_digits(digits, BAR_DIGITS) or digits[0] == "8":
        return False
    return digits[4] == _bank_mod_11(digits[:4] + digits[5:])


def bar_code(line: str) -> str:
    """The 44 digits of the bars, from the line that is typed."""
    if len(line) == UTILITY_DIGITS:
        return "".join(line[at : at + 11] for at in range(0, UTILITY_DIGITS, 12))
    return line[:4] + line[32] + line[33:47] + line[4:9] + line[10:20] + line[21:31]


def payment_line(bars: str) -> str:
    """The line that is typed, from the 44 digits of the bars of a boleto."""
    first, second, third = bars[:4] + bars[19:24], bars[24:34], bars[34:44]
    checked = "".join(one + mod_10(one) for one in (first, second, third))
    return checked + bars[4] + bars[5:19]


def due_on(line: str, *, near: date) -> date | None:
    """When a boleto is due; `near` is the day it is looked at, which tells the two counts apart."""
    if len(line) != LINE_DIGITS or int(line[33:37]) < 1000:
        return None
    days = timedelta(days=int(line[33:37]))
    first, second = _FIRST_BASE + days, _SECOND_BASE + days
    return first if first >= near - _LONGEST_OVERDUE else second


def amount(line: str) -> str | None:
    """`1234.56`; `None` where it is left open."""
    bars = bar_code(line)
    cents = int(bars[4:15]) if bars[0] == "8" else int(bars[9:19])
    if not cents or (bars[0] == "8" and bars[2] not in "68"):
        return None
    return f"{cents // 100}.{cents % 100:02d}"


def month(key: str) -> str:
    """`2026-11`."""
    at = 36 if len(key) == _SERVICE_KEY_SIGNS else 2
    return f"20{key[at : at + 2]}-{key[at + 2 : at + 4]}"


def number(key: str) -> str:
    return key[23:36] if len(key) == _SERVICE_KEY_SIGNS else key[25:34]


def series(key: str) -> str | None:
    """An NFS-e has none: its declaration has."""
    return None if len(key) == _SERVICE_KEY_SIGNS else key[22:25]


def issuer(key: str) -> str:
    """CNPJ, or CPF with zeros before it, of an access key."""
    written = key[9:23] if len(key) == _SERVICE_KEY_SIGNS else key[6:20]
    return written if is_cnpj(written) or not is_cpf(written[3:]) else written[3:]


def is_driver_number(digits: str) -> bool:
    """The registration number of a CNH: nine digits and two that check them."""
    if not _are_digits(digits, 11) or len(set(digits)) == 1:
        return False
    first = sum(int(one) * weight for one, weight in zip(digits, range(9, 0, -1), strict=False)) % 11
    less, first = (2, 0) if first >= 10 else (0, first)
    second = sum(int(one) * weight for one, weight in zip(digits, range(1, 10), strict=False)) % 11
    second = 0 if second >= 10 or second - less < 0 else second - less
    return digits[9:] == f"{first}{second}"


def mod_10(digits: str) -> str:
    """Twos and ones by turns from the right, digits of the products summed."""
    total = 0
    for place, one in enumerate(reversed(digits)):
        product = int(one) * (2 - place % 2)
        total += product // 10 + product % 10
    return str(-total % 10)


def access_key_digit(digits: str) -> str:
    return _mod_11(digits)


def bar_code_digit(digits: str) -> str:
    """Of the 43 others."""
    return _bank_mod_11(digits)


def _are_digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdecimal()


def _mod_11(digits: str) -> str:
    rest = _weighted(digits) % 11
    return "0" if rest < 2 else str(11 - rest)


def _bank_mod_11(digits: str) -> str:
    check = 11 - _weighted(digits) % 11
    return "1" if check in (0, 10, 11) else str(check)


def _weighted(digits: str) -> int:
    """From the right by 2 to 9, over and over; a letter counts as in a CNPJ (NT Conjunta 2025.001)."""
    return sum((ord(one) - 48) * (2 + place % 8) for place, one in enumerate(reversed(digits)))


def _is_utility_line(digits: str) -> bool:
    """Each of four blocks is checked, by either way as the third digit says."""
    if digits[0] != "8":
        return False
    check = mod_10 if digits[2] in "67" else _mod_11
    blocks = [digits[at : at + 12] for at in range(0, UTILITY_DIGITS, 12)]
    return all(one[-1] == check(one[:-1]) for one in blocks)
