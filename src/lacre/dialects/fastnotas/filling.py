"""What clients say, put into our records; what they do not say stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lacre.dialects.fastnotas.door import Call
from lacre.dialects.fastnotas.wire import SaidAddress, SaidPhone, SaidSettings
from lacre.fiscal.party import BRAZIL, Address, Phone, check_address


def address(call: Call, said: SaidAddress | None, before: Address) -> Address:
    if said is None:
        return before
    changes = said.model_dump(exclude_none=True)
    if not changes.get("country", BRAZIL):
        del changes["country"]
    if "zipcode" in changes and changes.get("country", before.country).upper() == BRAZIL:
        changes["zipcode"] = re.sub(r"\D", "", changes["zipcode"])
    changed = replace(before, **changes, id=before.id or call.services.tokens.uuid())
    check_address(changed)
    return changed


def phone(call: Call, said: SaidPhone | None, before: Phone | None) -> Phone | None:
    if said is None:
        return before
    held = before or Phone(id=call.services.tokens.uuid())
    return replace(held, **said.model_dump(exclude_none=True))


def settings(*said: SaidSettings | None, before: Mapping[str, Any]) -> dict[str, Any]:
    """Of an item, or of a document's: what is named replaces what it had by that name."""
    merged: dict[str, Any] = {name: dict(held or {}) for name, held in before.items()}
    for one in said:
        if one is None:
            continue
        for name, held in one.model_dump(exclude_none=True).items():
            merged[name] = {**merged.get(name, {}), **held}
    return merged
