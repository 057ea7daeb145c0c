"""Failures to sign in, counted over all server processes and their restarts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

# as the other tables whose rows change more often than they stay
_QUEUE = {
    "fillfactor": 85,
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_vacuum_threshold": 2000,
    "autovacuum_analyze_scale_factor": 0.02,
}


def upgrade() -> None:
    op.create_table(
        "login_failure",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("at", sa.JSON, nullable=False),
        sa.Column("over_at", sa.BigInteger, nullable=False),
        postgresql_with=_QUEUE,
    )
    op.create_index("ix_login_failure_over_at", "login_failure", ["over_at"])
