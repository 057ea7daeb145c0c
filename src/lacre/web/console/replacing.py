"""The form of a new invoice, filled in from the one that it is to replace."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import ReplaceReason
from lacre.fiscal.party import Phone
from lacre.kit.json import Json
from lacre.web.console import particular_form, party_form


def filled(old: Invoice) -> dict[str, str]:
    """The day is today's."""
    return {"replaces": old.id, "replace_reason": ReplaceReason.OTHER.value, **as_ordered(old)}


def as_ordered(old: Invoice) -> dict[str, str]:
    """Its lines as one."""
    return {
        "schema": old.schema.id,
        "customer_name": old.customer.name,
        "tax_id": old.customer.registry_code,
        "email": old.customer.email,
        "description": "\n".join(line.description or line.name for line in old.lines),
        "service_code": str(_parameters(old).get("service_code", "")),
        "amount": f"{old.amount:.2f}".replace(".", ","),
        **party_form.filled(old.customer),
        **particular_form.filled(old),
    }


def settings_of(old: Invoice | None, typed: Mapping[str, str]) -> dict[str, Json]:
    """What the form does not ask for is said as the old one said it: its lines agree about their service."""
    settings = {name: _unasked(held) for name, held in old.lines[0].settings.items()} if old else {}
    unshown = particular_form.unshown(old) if old else {}
    said = {**unshown, **particular_form.parameters(typed), "service_code": typed["service_code"]}
    kept = settings.get("parameters")
    return {**settings, "parameters": {**(kept if isinstance(kept, dict) else {}), **said}}


def details_of(old: Invoice) -> dict[str, Json]:
    return {name: held for name, held in old.details.items() if name not in particular_form.ASKED}


def phone_of(old: Invoice, typed: Mapping[str, str]) -> Phone | None:
    """The form does not ask for it: it stays while the customer does."""
    return old.customer.phone if old.customer.name == typed["customer_name"] else None


def _unasked(held: Json) -> Json:
    if not isinstance(held, Mapping):
        return held
    return {name: one for name, one in held.items() if name not in particular_form.ASKED}


def _parameters(old: Invoice) -> Mapping[str, Json]:
    held = old.lines[0].settings.get("parameters")
    return held if isinstance(held, Mapping) else {}
