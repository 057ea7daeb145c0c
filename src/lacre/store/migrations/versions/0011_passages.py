"""What several server processes count together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

# room for a row's next version on its own page, and vacuum that does not wait for a fifth of the table
_QUEUE = {
    "fillfactor": 85,
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_vacuum_threshold": 2000,
    "autovacuum_analyze_scale_factor": 0.02,
}


def upgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("who", sa.String(200), primary_key=True),
        sa.Column("seconds", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        postgresql_with=_QUEUE,
    )
    op.create_index("ix_passage_ends_at", "passage", ["ends_at"])
