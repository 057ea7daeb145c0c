"""Photos of signers, apart from everything else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("envelope_id", sa.String(36), sa.ForeignKey("envelope.id"), nullable=False),
        sa.Column("signer_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_photo_envelope_id", "photo", ["envelope_id"])
    op.create_index("ix_photo_at", "photo", ["at", "id"])
