"""The form of a new invoice, filled in from the one that it is to replace."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import ReplaceReason
from lacre.kit.json import Json


def fits_the_form(old: Invoice) -> bool:
    """The form knows customers by CPF or CNPJ."""
    return bool(old.customer.registry_code)


def filled(old: Invoice) -> dict[str, str]:
    """As it was ordered, its lines as one; the day is today's."""
    return {
        "replaces": old.id,
        "replace_reason": ReplaceReason.OTHER.value,
        "schema": old.schema.id,
        "customer_name": old.customer.name,
        "tax_id": old.customer.registry_code,
        "email": old.customer.email,
        "description": "\n".join(line.description or line.name for line in old.lines),
        "service_code": str(_parameters(old).get("service_code", "")),
        "amount": f"{old.amount:.2f}".replace(".", ","),
    }


def settings_of(old: Invoice | None, service_code: str) -> dict[str, Json]:
    """What the form does not ask for is said as the old one said it: its lines agree about their service."""
    settings = dict(old.lines[0].settings) if old else {}
    return {**settings, "parameters": {**_parameters(old), "service_code": service_code}}


def _parameters(old: Invoice | None) -> Mapping[str, Json]:
    held = old.lines[0].settings.get("parameters") if old else None
    return held if isinstance(held, Mapping) else {}
