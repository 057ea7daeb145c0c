"""Whose each job is, so that no account keeps the others' waiting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_OWNED = sa.text("status = 'waiting' AND account_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("job", sa.Column("account_id", sa.String(36), nullable=True))
    op.create_index(
        "ix_job_account",
        "job",
        ["kind", "account_id", "due_at", "id"],
        sqlite_where=_OWNED,
        postgresql_where=_OWNED,
    )
