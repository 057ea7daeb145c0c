"""Accounts get numbers, partners and choices; people get roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NUMBERED = """
UPDATE account SET number = (
    SELECT count(*) FROM account AS other
    WHERE other.created_at < account.created_at
       OR (other.created_at = account.created_at AND other.id <= account.id)
)
"""
_COUNTED = "INSERT INTO counter (name, value) SELECT 'account', count(*) FROM account"
_LATER_PEOPLE = """
UPDATE app_user SET role = 'admin' WHERE EXISTS (
    SELECT 1 FROM app_user AS other
    WHERE other.account_id = app_user.account_id
      AND (other.created_at < app_user.created_at
           OR (other.created_at = app_user.created_at AND other.id < app_user.id))
)
"""


def upgrade() -> None:
    empty = sa.text("'{}'")
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("number", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("partner_id", sa.String(36), nullable=True))
        table.add_column(sa.Column("state", sa.JSON, nullable=False, server_default=empty))
        table.add_column(sa.Column("webhook_terms", sa.JSON, nullable=True))
    op.execute(_NUMBERED)
    op.execute(_COUNTED)
    with op.batch_alter_table("account") as table:
        table.alter_column("number", existing_type=sa.Integer, server_default=None)
        table.alter_column("state", existing_type=sa.JSON, server_default=None)
        table.create_unique_constraint("uq_account_number", ["number"])
        table.create_index("ix_account_partner_id", ["partner_id"])
    with op.batch_alter_table("app_user") as table:
        table.add_column(sa.Column("role", sa.String(20), nullable=False, server_default="owner"))
        table.add_column(sa.Column("state", sa.JSON, nullable=False, server_default=empty))
    with op.batch_alter_table("app_user") as table:
        table.alter_column("state", existing_type=sa.JSON, server_default=None)
    op.execute(_LATER_PEOPLE)
