"""Whom services are rendered to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lacre.fiscal.company import ACTIVE
from lacre.fiscal.party import Address, Phone
from lacre.kit.ids import AccountId, CustomerId


@dataclass(kw_only=True)
class Customer:
    id: CustomerId
    account_id: AccountId
    name: str
    registry_code: str
    """CPF or CNPJ, clean; empty of who has neither."""
    email: str
    foreign_id: str = ""
    """NIF, of who is abroad and has neither."""
    no_foreign_id: str = ""
    """Why there is none: 1 exempt, 2 not required."""
    external_code: str = ""
    """The client's own reference."""
    status: str = ACTIVE
    phone: Phone | None = None
    address: Address = field(default_factory=Address)
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None

    @property
    def known_as(self) -> str:
        """By whichever number there is."""
        return self.registry_code or self.foreign_id
