"""The first tables."""

from __future__ import annotations

from alembic import op

from lacre.store.migrations import first_queues  # noqa: F401 - describes its tables in the same metadata
from lacre.store.migrations.first_tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=False)
