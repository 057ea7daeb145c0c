"""Folders get ids of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lacre.kit.ids import named_uuid

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    folder = op.create_table(
        "folder",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
    )
    used = sa.text("SELECT DISTINCT account_id, folder FROM envelope WHERE folder <> '/'")
    rows = [
        {"id": named_uuid(row.account_id, row.folder), "account_id": row.account_id, "path": row.folder}
        for row in op.get_bind().execute(used)
    ]
    if rows:
        op.bulk_insert(folder, rows)
