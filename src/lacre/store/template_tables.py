"""The table of templates."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Table

from lacre.store.schema import account_column, id_column, instant_column, metadata

template = Table(
    "template",
    metadata,
    id_column(),
    account_column(),
    instant_column("created_at"),
    instant_column("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
)
Index("ix_template_list", template.c.account_id, template.c.created_at, template.c.id)
