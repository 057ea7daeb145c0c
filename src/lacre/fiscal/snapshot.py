"""An invoice as JSON and back: how it is stored, and what an event's facts hold."""

from __future__ import annotations

from typing import cast

from pydantic import TypeAdapter

from lacre.fiscal.invoice import Invoice
from lacre.kit.json import JsonObject

_INVOICE: TypeAdapter[Invoice] = TypeAdapter(Invoice)


def freeze(invoice: Invoice) -> JsonObject:
    """Everything; there is no secret in it."""
    return cast("JsonObject", _INVOICE.dump_python(invoice, mode="json"))


def thaw(frozen: JsonObject) -> Invoice:
    """Fields added since it was frozen get their defaults; raises `ValueError` on anything else missing."""
    return _INVOICE.validate_python(frozen)
