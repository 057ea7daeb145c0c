"""A company that issues invoices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lacre.fiscal.note import Environment
from lacre.fiscal.party import Address, Phone
from lacre.kit.ids import AccountId, CompanyId

ACTIVE, INACTIVE = "active", "inactive"


def status_of(before: str, *, active: bool | None) -> str:
    """As it was unless somebody says so; active if it was nothing."""
    if active is None:
        return before or ACTIVE
    return ACTIVE if active else INACTIVE


@dataclass(kw_only=True)
class Company:
    id: CompanyId
    account_id: AccountId
    name: str
    """As customers know it."""
    legal_name: str
    email: str
    registry_code: str
    """CNPJ or CPF, clean."""
    status: str = ACTIVE
    phone: Phone | None = None
    address: Address = field(default_factory=Address)
    """Its `city_code` says where the company is established: no note without it."""
    environment: Environment = Environment.TEST
    """Whether its notes are worth anything; on purpose never production unless somebody says so."""
    simples: str = "1"
    """1 not in Simples Nacional, 2 MEI, 3 ME or EPP."""
    simples_regime: str = ""
    special_regime: str = "0"
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
