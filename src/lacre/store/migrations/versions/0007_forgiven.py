"""Attempts that count no more: those made before somebody resumed an endpoint that begins anew then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # with a default that is a constant: no database writes a row for it
    op.add_column("delivery", sa.Column("forgiven", sa.Integer, nullable=False, server_default="0"))
