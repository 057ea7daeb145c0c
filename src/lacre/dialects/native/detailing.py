"""What only some invoices say, as the core has it."""

from __future__ import annotations

import re
from typing import Any

from lacre.dialects.native.wire.invoices import NewInvoice
from lacre.kit.json import JsonObject

_DETAILS = {
    "works", "occasion", "deduction_documents", "suspension", "benefit", "federal", "trade", "intermediary",
}  # fmt: skip
_CEP = re.compile(r"[0-9]{5}-[0-9]{3}")


def details_of(said: NewInvoice) -> JsonObject:
    """By the names of `noting`; what is not said is left out."""
    found = said.model_dump(mode="json", include=_DETAILS, exclude_none=True, exclude_defaults=True)
    return {name: _meant(held) for name, held in found.items()}


def _meant(held: Any) -> Any:  # noqa: ANN401 - JSON
    match held:
        case dict():
            return _person(_placed({name: _meant(one) for name, one in held.items()}))
        case list():
            return [_meant(one) for one in held]
        case _:
            return held


def _placed(held: dict[str, Any]) -> dict[str, Any]:
    code = held.get("postal_code", "")
    return {**held, "postal_code": code.replace("-", "")} if _CEP.fullmatch(code) else held


def _person(held: dict[str, Any]) -> dict[str, Any]:
    """Their foreign number, or why there is none, instead of a CPF or CNPJ."""
    foreign = {"number": held.pop("foreign_id", ""), "why_not": held.pop("no_foreign_id", "0")}
    return held if foreign == {"number": "", "why_not": "0"} else {**held, "tax_id": foreign}
