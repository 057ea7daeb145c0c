"""A service as it is sold: what a line of an invoice begins from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lacre.fiscal.company import ACTIVE
from lacre.kit.ids import AccountId, ItemId, SchemaId
from lacre.kit.json import Json

Settings = Mapping[str, Json]
"""`{"taxes": {...}, "parameters": {...}}`, as clients said it; `noting` reads it."""


@dataclass(kw_only=True)
class Item:
    id: ItemId
    account_id: AccountId
    schema_id: SchemaId
    name: str
    description: str
    amount: Decimal
    status: str = ACTIVE
    settings: Settings = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
