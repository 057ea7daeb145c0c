"""What the local Sefin knows of municipalities: all of Brazil's take part, but for those it is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lacre.engines.nfse.cities import city_name, state_of

USUAL_RATE = Decimal("2.00")
OUTSIDE = frozenset({"3548807"})
"""São Caetano do Sul, which the national test environment, too, answered of that it had not joined."""
OWN_ISSUERS = frozenset({"3550308"})
"""São Paulo, whose taxpayers issue with the city's own system."""


@dataclass(frozen=True, kw_only=True)
class Cities:
    outside: Collection[str] = OUTSIDE
    own_issuers: Collection[str] = OWN_ISSUERS
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    """By city code, or by national service code; 2 % otherwise."""

    def name(self, code: str) -> str:
        return city_name(code)

    def state(self, code: str) -> str:
        return state_of(code)

    def takes_part(self, code: str) -> bool:
        return bool(self.name(code)) and code not in self.outside

    def issues_nationally(self, code: str) -> bool:
        return self.takes_part(code) and code not in self.own_issuers

    def administers(self, service_code: str) -> bool:
        """LC 116's forty items, and those without ISS."""
        item, subitem, part = service_code[:2], service_code[2:4], service_code[4:]
        return (1 <= int(item) <= 40 or item == "99") and subitem != "00" and part != "00"

    def rate(self, code: str, service_code: str) -> Decimal:
        return self.rates.get(code) or self.rates.get(service_code) or USUAL_RATE
