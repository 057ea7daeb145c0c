"""Indexes by which long lists are counted and narrowed, instead of read from first to last."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0014"
down_revision = "0013"

_NAMED = text("external_id <> ''")
_INDEXES = (
    ("ix_envelope_status", "envelope", ["account_id", "deleted_at", "status", "created_at", "number"]),
    ("ix_extraction_status", "extraction", ["account_id", "status", "created_at", "id"]),
    ("ix_extraction_type", "extraction", ["account_id", "type", "created_at", "id"]),
    ("ix_invoice_status", "invoice", ["account_id", "status", "canceled_at", "created_at", "id"]),
)


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    external = ("ix_envelope_external", "envelope", ["account_id", "external_id"])
    op.create_index(*external, sqlite_where=_NAMED, postgresql_where=_NAMED)
