"""Check digits, and what numbers say by themselves."""

from __future__ import annotations

from datetime import date

import pytest

from lacre.processing import checks

KEY = "35240311222333000181550010000010241000010248"
# Caixa, of 2 March 2026, R$ 1.234,56
BARS_REST = "13750000123456" + "1234567890123456789012345"


def line(rest: str = BARS_REST) -> str:
    return checks.payment_line("1049" + checks.bar_code_digit("1049" + rest) + rest)


def test_an_access_key_is_checked_by_its_last_digit() -> None:
    key = KEY[:43] + checks.access_key_digit(KEY[:43])

    assert checks.is_access_key(key)
    assert not checks.is_access_key(key[:43] + str((int(key[43]) + 1) % 10))
    assert not checks.is_access_key("99" + key[2:])
    assert checks.issuer(key) == "11222333000181"


def test_the_issuer_of_a_key_may_have_letters_in_its_cnpj() -> None:
    start = "35260812ABC34501DE35550010000010241000010249"[:43]
    key = start + checks.access_key_digit(start)

    assert checks.is_access_key(key)
    assert checks.issuer(key) == "12ABC34501DE35"
    assert not checks.is_access_key(f"{key[:10]}I{key[11:]}")


def test_the_line_of_a_boleto_and_its_bars_are_the_same_number() -> None:
    typed = line()

    assert checks.is_payment_line(typed)
    assert checks.payment_line(checks.bar_code(typed)) == typed
    assert checks.amount(typed) == "1234.56"


@pytest.mark.parametrize("at", [0, 9, 15, 20, 31, 32, 40])
def test_one_wrong_digit_anywhere_is_seen(at: int) -> None:
    typed = line()
    wrong = typed[:at] + str((int(typed[at]) + 3) % 10) + typed[at + 1 :]

    assert not checks.is_payment_line(wrong)


@pytest.mark.parametrize(
    ("factor", "near", "due"),
    [
        ("9999", date(2025, 2, 1), date(2025, 2, 21)),
        ("1000", date(2025, 2, 20), date(2025, 2, 22)),
        ("1001", date(2026, 11, 23), date(2025, 2, 23)),
        ("1375", date(2026, 3, 1), date(2026, 3, 4)),
        ("9000", date(2026, 11, 23), date(2022, 5, 29)),
        ("1000", date(2000, 7, 1), date(2000, 7, 3)),
        ("0000", date(2026, 11, 23), None),
    ],
)
def test_days_are_counted_anew_since_february_2025(factor: str, near: date, due: date | None) -> None:
    assert checks.due_on(line(factor + BARS_REST[4:]), near=near) == due


def test_an_open_amount_is_none() -> None:
    assert checks.amount(line("13750000000000" + BARS_REST[14:])) is None


def test_a_bill_of_a_utility_has_four_checked_blocks() -> None:
    typed = "836200000005667800481000180975657313001589636081"

    assert checks.is_payment_line(typed)
    assert checks.amount(typed) == "66.78"
    assert not checks.is_payment_line(typed[:-1] + "2")


@pytest.mark.parametrize(
    ("digits", "right"), [("62472927637", True), ("62472927636", False), ("11111111111", False)]
)
def test_a_driver_s_number_has_two_check_digits(digits: str, right: bool) -> None:
    assert checks.is_driver_number(digits) is right


@pytest.mark.parametrize("count", [11, 44, 47, 48])
@pytest.mark.parametrize("sign", ["S", "٣", "²", " "])
def test_what_is_no_digit_makes_no_number(count: int, sign: str) -> None:
    text = "35" + "1" * (count - 3) + sign

    numbers = (checks.is_access_key, checks.is_payment_line, checks.is_bar_code, checks.is_driver_number)
    assert not any(is_one(text) for is_one in numbers)
