"""Amounts are exact to the cent, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lacre.fiscal.errors import AmountInvalid
from lacre.fiscal.money import amount_of, cents


@pytest.mark.parametrize(
    ("said", "amount"), [("49.9", "49.90"), (345.5, "345.50"), (1, "1.00"), (" 0.01 ", "0.01")]
)
def test_an_amount_has_two_decimals(said: object, amount: str) -> None:
    assert str(amount_of(said, "amount")) == amount


@pytest.mark.parametrize("said", ["", "0", "-1", "0.001", "1e400", "NaN", "Infinity", "10000000000000", None])
def test_what_is_no_amount_is_refused_by_its_field(said: object) -> None:
    with pytest.raises(AmountInvalid) as refused:
        amount_of(said, "lines.0.amount")

    assert refused.value.field == "lines.0.amount"


def test_cents_are_exact() -> None:
    assert cents(Decimal("9999999999999.99")) == 999_999_999_999_999
