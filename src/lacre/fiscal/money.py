"""Amounts in reais: `Decimal`, two decimals at most, never a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from lacre.fiscal.errors import AmountInvalid

CENT = Decimal("0.01")
MOST = Decimal("9999999999999.99")


def amount_of(said: object, field: str) -> Decimal:
    """What a client said, as text or as a number."""
    try:
        amount = Decimal(str(said).strip())
    except InvalidOperation:
        raise AmountInvalid(field, _short(said)) from None
    if not amount.is_finite() or not CENT <= amount <= MOST or amount != amount.quantize(CENT):
        raise AmountInvalid(field, _short(said))
    return amount.quantize(CENT)


def cents(amount: Decimal) -> int:
    """Exact, to be kept and compared by databases."""
    return int(amount.scaleb(2))


def _short(said: object) -> str:
    return str(said)[:40]
