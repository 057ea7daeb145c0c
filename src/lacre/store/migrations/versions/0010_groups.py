"""Groups of an account's people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "user_group",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_user_group_account_id", "user_group", ["account_id"])
    op.create_table(
        "user_group_member",
        sa.Column("group_id", sa.String(36), sa.ForeignKey("user_group.id"), primary_key=True),
        sa.Column("user_id", sa.String(36), sa.ForeignKey("app_user.id"), primary_key=True),
    )
    op.create_index("ix_user_group_member_user_id", "user_group_member", ["user_id"])
