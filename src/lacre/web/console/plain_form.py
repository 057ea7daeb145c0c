"""What every invoice says, as typed in its form: whom, what, how much and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from lacre.fiscal.errors import DayInvalid, FieldInvalid, FieldMissing
from lacre.fiscal.money import amount_of
from lacre.fiscal.party import registry_code
from lacre.web.console import notes, particular_form, party_form
from lacre.web.console.fiscal_words import field_words
from lacre.web.console.sending import plausible_email

Typed = Mapping[str, str]
_CODE_DIGITS = 6


def wrong(typed: Typed) -> dict[str, str]:
    """By input, all at once.

    The service code is judged with the whole note; that of one that cannot be drawn up yet is looked at here.
    """
    found = {name: said for name, read in _READ.items() if (said := _refused(read, typed))}
    email = typed.get("email", "")
    if email and not plausible_email(email):
        found["email"] = notes.EMAIL_WRONG
    if found and len(re.sub(r"\D", "", typed["service_code"])) != _CODE_DIGITS:
        found["service_code"] = notes.SERVICE_CODE_WRONG
    return found


def customer_name(typed: Typed) -> str:
    return _filled(typed, "customer_name")


def tax_id(typed: Typed) -> str:
    return "" if party_form.is_abroad(typed) else registry_code(typed["tax_id"], "tax_id")


def description(typed: Typed) -> str:
    return _filled(typed, "description")


def amount(typed: Typed) -> Decimal:
    return amount_of(particular_form.plain_number(typed["amount"]), "amount")


def issue_on(typed: Typed) -> date:
    try:
        return date.fromisoformat(typed["issue_on"])
    except ValueError:
        raise DayInvalid("issue_on") from None


def _filled(typed: Typed, name: str) -> str:
    if not typed[name]:
        raise FieldMissing(name)
    return typed[name]


def _refused(read: Callable[[Typed], object], typed: Typed) -> str:
    try:
        read(typed)
    except FieldInvalid as refusal:
        return field_words(refusal)
    return ""


_READ: Mapping[str, Callable[[Typed], object]] = {
    "customer_name": customer_name,
    "tax_id": tax_id,
    "description": description,
    "amount": amount,
    "issue_on": issue_on,
}
