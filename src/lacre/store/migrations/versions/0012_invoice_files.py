"""Which files invoices name, so that they go with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_LEFT = sa.text("doomed IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "invoice_file",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("invoice_id", sa.String(36), primary_key=True),
        sa.Column("doomed", sa.Boolean, nullable=True),
    )
    op.create_index("ix_invoice_file_invoice", "invoice_file", ["invoice_id"])
    op.create_index(
        "ix_invoice_file_doomed", "invoice_file", ["digest"], sqlite_where=_LEFT, postgresql_where=_LEFT
    )
